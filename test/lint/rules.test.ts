import { readdirSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ruleMarkdown } from "../../src/lint/docs.js";
import { effects, severityOf } from "../../src/lint/model.js";
import { ruleByCode, rules } from "../../src/lint/rules/index.js";
import { codes } from "../../src/ossec/load/index.js";
import { lintExample } from "./examples.js";

/** Examples that cannot be run like the others, each with the reason. */
const notRun: ReadonlyMap<string, string> = new Map([
  ["OSSEC-DECODER-LISTS", "only a whole installation has two lists of decoders"],
  ["OSSEC-RULE-TREE-SIZE", "takes a million places in the tree"],
]);

const table = suite("lint rules");

table("each has a code, a title, a reason and a reference of its own", () => {
  assert.ok(rules.length >= 80);
  assert.is(new Set(rules.map(({ code }) => code)).size, rules.length);
  const traps = rules.flatMap(({ trap }) => trap ?? []);
  assert.is(new Set(traps).size, traps.length);
  for (const rule of rules) {
    assert.match(rule.code, /^(?:OSSEC|WAZUH)-[A-Z0-9-]+$/);
    assert.ok(rule.title.length > 5 && rule.why.length > 20 && rule.reference.length > 5, rule.code);
    assert.ok(effects.includes(rule.effect));
    assert.ok(ruleMarkdown(rule).includes(rule.title));
    assert.is(ruleByCode(rule.code), rule);
    assert.ok(["error", "warning", "info"].includes(severityOf(rule)));
  }
});

table("every file of rules/ is in the index", () => {
  const files = readdirSync(new URL("../../src/lint/rules", import.meta.url)).filter(
    (name) => name !== "index.ts",
  );
  assert.is(rules.length, files.length);
});

table("every problem of the loader is documented", () => {
  for (const { code } of Object.values(codes)) assert.ok(ruleByCode(code) !== undefined, code);
});

for (const rule of rules) {
  if (notRun.has(rule.code)) continue;
  const dialect = (rule.dialects ?? ["ossec"]).includes("ossec") ? "ossec" : "wazuh";
  table(`${rule.code}: the bad example is found at its place, the good one is not`, () => {
    const { result, marks } = lintExample(rule.bad, dialect);
    const found = result.findings.filter(({ code }) => code === rule.code);
    assert.ok(found.length > 0, `not found; found ${result.findings.map(({ code }) => code).join(", ")}`);
    for (const finding of found) assert.is(finding.trap, rule.trap);
    for (const mark of marks) {
      const at = found.map(({ file, line, column, endLine, endColumn }) => ({
        file,
        line,
        column,
        endLine,
        endColumn,
      }));
      assert.ok(
        at.some((one) => JSON.stringify(one) === JSON.stringify(mark)),
        `expected at ${JSON.stringify(mark)}, found at ${JSON.stringify(at)}`,
      );
    }
    if (rule.effect !== "refused") {
      const refused = result.findings.filter(({ effect }) => effect === "refused");
      assert.equal(refused, [], "the bad example does not load");
    }
    const good = lintExample(rule.good, dialect).result.findings.filter(
      ({ code, effect }) => code === rule.code || effect === "refused",
    );
    assert.equal(good, []);
  });
}

table.run();
