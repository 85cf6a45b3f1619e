/** `npm run conformance`: how far zopf's OSSEC and Wazuh agree with the recorded answers of the real ones. */
import { fail2banFamily } from "../test/conformance/fail2ban-family.js";
import { foundRecords } from "../test/conformance/found-records.js";
import { families } from "../test/conformance/ossec-families.js";
import { oracleIsHere, type Verdict } from "../test/conformance/ossec-oracle.js";
import { wazuhFamilies } from "../test/conformance/wazuh-families.js";
import { wazuhOracleIsHere } from "../test/conformance/wazuh-oracle.js";
import { haveLines } from "../test/import/fail2ban/annotated.js";

if (!oracleIsHere) console.log("Skipped: ../shared/oracle/ossec is not here.");
if (!wazuhOracleIsHere) console.log("Skipped: ../shared/oracle/wazuh is not here.");

if (!haveLines) console.log("Skipped: the annotated lines of ../shared/oracle/service-logs are not here.");

const verdicts: Verdict[] = [];
for (const [name, family] of Object.entries({
  ...(oracleIsHere ? { ...families, foundRecords } : {}),
  ...(wazuhOracleIsHere ? wazuhFamilies : {}),
  ...(haveLines ? { fail2ban: fail2banFamily } : {}),
})) {
  if (process.argv.length > 2 && !process.argv.includes(name)) continue;
  verdicts.push(...family());
}

const names = [...new Set(verdicts.map(({ family }) => family))];
const row = (family: string, agreed: number | string, all: number | string): string =>
  `${family.padEnd(40)} ${`${agreed}`.padStart(6)} ${`${all}`.padStart(6)}`;
console.log(row("family", "agreed", "cases"));
for (const name of names) {
  const cases = verdicts.filter(({ family }) => family === name);
  console.log(row(name, cases.filter(({ difference }) => difference === null).length, cases.length));
}
const differing = verdicts.filter(({ difference }) => difference !== null);
console.log(row("all", verdicts.length - differing.length, verdicts.length));
for (const { family, name, difference } of differing)
  console.log(`\n${family}: ${name}\n      ${difference}`);
process.exitCode = differing.length === 0 ? 0 : 1;
