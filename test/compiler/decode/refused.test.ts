/** What a refusal says that it found. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ruleDetection } from "../../../src/compiler/decode/rule-detection.js";
import { read } from "./read.js";

const said = (more: object): readonly string[] =>
  read(ruleDetection, {
    kind: "rule",
    name: "A",
    under: { rules: [5715] },
    effect: { raise: 12 },
    rule: { description: "d" },
    ...more,
  }).diagnostics.map(({ message }) => message);

test("a list that is empty or too long is not called a list alone", () => {
  assert.equal(said({}), []);
  assert.ok(
    said({ under: { rules: [] } })[0]?.endsWith("must be a list of 1 to 100 rule ids, not an empty list"),
  );
  assert.ok(
    said({ under: { rules: Array.from({ length: 101 }, (_, id) => id + 1) } })[0]?.endsWith(
      ", not a list of 101",
    ),
  );
});

test("two of which one may stand are named", () => {
  assert.ok(said({ effect: { raise: 8, lower: 3 } })[0]?.endsWith(", not raise and lower together"));
});

test.run();
