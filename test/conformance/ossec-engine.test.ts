import { test } from "uvu";
import * as assert from "uvu/assert";
import { families } from "./ossec-families.js";
import { oracleIsHere } from "./ossec-oracle.js";

if (!oracleIsHere)
  console.log("Skipped: ../shared/oracle/ossec is not here; nothing of the real engine's answers is tested.");
else {
  for (const [name, family] of Object.entries(families)) {
    test(`the real engine's answers: ${name}`, () => {
      const verdicts = family();
      assert.ok(verdicts.length > 0, "no cases");
      const differing = verdicts.filter(({ difference }) => difference !== null);
      assert.equal(
        differing.map((verdict) => `${verdict.family} ${verdict.name}: ${verdict.difference}`),
        [],
      );
    });
  }
}

test.run();
