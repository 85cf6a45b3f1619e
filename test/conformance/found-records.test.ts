import { test } from "uvu";
import * as assert from "uvu/assert";
import { failing } from "./found-failing.js";
import { foundRecords } from "./found-records.js";
import { oracleIsHere } from "./ossec-oracle.js";

if (!oracleIsHere)
  console.log("Skipped: ../shared/oracle/ossec is not here; nothing of what random input found is tested.");
else {
  test("what random input found: exactly the records of found-failing.ts differ", () => {
    const verdicts = foundRecords();
    assert.ok(verdicts.length > 100, "no cases");
    const differing = verdicts.filter(({ difference }) => difference !== null);
    const names = differing.map(({ family, name }) => `${family.replace("found ", "")}: ${name}`);
    const unexpected = differing.filter((_, index) => !failing.includes(names[index] ?? ""));
    assert.equal(
      unexpected.map(({ family, name, difference }) => `${family} ${name}: ${difference}`),
      [],
    );
    assert.equal(
      failing.filter((name) => !names.includes(name)),
      [],
      "these agree now: take them out of found-failing.ts",
    );
  });
}

test.run();
