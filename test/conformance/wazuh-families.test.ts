import { test } from "uvu";
import * as assert from "uvu/assert";
import { wazuhFamilies } from "./wazuh-families.js";
import { wazuhOracleIsHere } from "./wazuh-oracle.js";

if (!wazuhOracleIsHere) console.log("Skipped: ../shared/oracle/wazuh is not here.");
else {
  for (const [name, family] of Object.entries(wazuhFamilies)) {
    test(`what the real Wazuh said: ${name}`, () => {
      const verdicts = family();
      assert.ok(verdicts.length > 0, "no cases");
      assert.equal(
        verdicts.flatMap((verdict) =>
          verdict.difference === null ? [] : [`${verdict.family} ${verdict.name}: ${verdict.difference}`],
        ),
        [],
      );
    });
  }
}

test.run();
