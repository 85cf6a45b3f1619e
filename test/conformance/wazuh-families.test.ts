import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Verdict } from "./ossec-oracle.js";
import { familiesOfStock, wazuhFamilies } from "./wazuh-families.js";
import { readingCopies, wazuhOracleIsHere } from "./wazuh-oracle.js";

function assertAgreed(verdicts: readonly Verdict[]): void {
  assert.ok(verdicts.length > 0, "no cases");
  assert.equal(
    verdicts.flatMap(({ family, name, difference }) =>
      difference === null ? [] : [`${family} ${name}: ${difference}`],
    ),
    [],
  );
}

if (!wazuhOracleIsHere)
  console.log("Skipped: ../shared/oracle/wazuh is not here; what was copied of it is run.");
for (const [name, family] of Object.entries(wazuhFamilies)) {
  if (wazuhOracleIsHere) test(`what the real Wazuh said: ${name}`, () => assertAgreed(family()));
  if (!familiesOfStock.has(name))
    test(`the copied part of it: ${name}`, () => assertAgreed(readingCopies(family)));
}

test.run();
