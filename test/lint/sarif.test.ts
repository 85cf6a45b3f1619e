/** SARIF against the schema of the standard (test/data/sarif). */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rules } from "../../src/lint/rules/index.js";
import { findingsSarif } from "../../src/report/sarif.js";
import { lintExample } from "./examples.js";

const sarif = suite("sarif");

/** Draft 4, which differs from draft 7 in the names of two keywords that stand at the top. */
function schema(): object {
  const text = readFileSync(new URL("../data/sarif/sarif-2.1.0-rtm.5.json", import.meta.url), "utf8");
  const { id: _id, $schema: _draft, ...rest } = JSON.parse(text);
  return rest;
}

function isUri(text: string): boolean {
  return URL.canParse(text);
}

const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
ajv.addFormat("uri", isUri);
ajv.addFormat("uri-reference", (text) => URL.canParse(text, "file:///a/b") && !/[\s<>"\\^`{|}]/.test(text));
ajv.addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)));
const validate = ajv.compile(schema());

function check(text: string): void {
  const fits = validate(JSON.parse(text));
  assert.ok(fits, JSON.stringify(validate.errors?.slice(0, 3)));
}

sarif("the schema refuses what is no SARIF", () => {
  assert.not(validate({ version: "2.1.0", runs: [{}] }));
  assert.not(validate({ version: "2.1.0", runs: [{ tool: { driver: { name: "x", helpUri: 1 } } }] }));
});

sarif("nothing found, and findings of every rule with their fixes", () => {
  check(findingsSarif([]));
  const placed = rules
    .filter(({ code }) => code !== "OSSEC-RULE-TREE-SIZE")
    .flatMap(({ bad, dialects = ["ossec"] }) => {
      const dialect = dialects.includes("ossec") ? "ossec" : "wazuh";
      return lintExample(bad, dialect).result.placed;
    });
  assert.ok(placed.some(({ fix }) => fix !== null));
  assert.ok(placed.length > rules.length);
  check(findingsSarif(placed));
});

sarif("odd file names and bytes", () => {
  const { result } = lintExample({
    rules: `<rule id="100100" level="5"><match>!\u0001"é<!-- x --></match><description>a</description></rule>`,
  });
  const placed = result.placed.map((one) => ({
    ...one,
    finding: { ...one.finding, file: 'a b/%20 "é?#[1].xml' },
  }));
  assert.ok(placed.length > 0);
  check(findingsSarif(placed));
});

sarif.run();
