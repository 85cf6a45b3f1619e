import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DetectionNames, Identifiers } from "../../../src/import/writer/identifiers.js";

const test = suite("import/writer/identifiers");

test("names of detections are the words of a text", () => {
  const names = new DetectionNames();
  assert.is(names.take("sshd: a password of root's was tried", "7"), "Sshd_A_Password_Of_Roots_Was_Tried");
  assert.is(names.take("d’après Ünal", "8"), "Dapres_Unal");
  assert.is(names.take("sshd: a password of root's was tried", "9"), "Sshd_A_Password_Of_Roots_Was_Tried_9");
  assert.is(names.take("'*/`", "10"), "Rule_10");
});

test("identifiers are no words of the language's, and unique", () => {
  const names = new Identifiers();
  assert.equal(
    ["delete", "Delete", "raw", "9 lives"].map((wish) => names.take(wish)),
    ["delete2", "delete3", "raw2", "n9Lives"],
  );
});

test.run();
