import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ImportResult } from "../../src/import/import.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { importDiagnostics, importJson, importText } from "../../src/report/import.js";
import { nextSteps } from "../../src/report/import-summary.js";
import { importOf, inFolder, writeAll } from "../import/import-of.js";
import { importResult } from "./import-result.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(root, `src/schemas/${name}.schema.json`), "utf8"));
const validate = new Ajv2020({ allowUnionTypes: true })
  .addSchema(schemaOf("diagnostic"))
  .compile(schemaOf("import"));
const show = (path: string): string => path;
const called = { paths: ["rules"], into: "out", home: null, check: false };
const textOf = (result: ImportResult): string => importText(result, called, show, noPaint);

const sigmaRule = (title: string, source: string, selection: string): string =>
  `title: ${title}\nlogsource:\n  category: ${source}\ndetection:\n  sel:\n    ${selection}\n  condition: sel\n`;

test("a folder of many files is shown by folder, what is refused by its reason", () =>
  inFolder(async (folder) => {
    const files: Record<string, string> = {};
    for (let at = 0; at < 20; at++)
      files[`rules/web/${at}.yml`] = sigmaRule(`Web ${at}`, "proxy", `c-uri: /a${at}`);
    for (let at = 0; at < 7; at++)
      files[`rules/other/${at}.yml`] = sigmaRule(`Other ${at}`, "proxy", `field${at % 2}: x`);
    writeAll(folder, files);
    const result = await importOf([join(folder, "rules")], folder, {
      name: "sig",
      show: (path) => path.replace(`${folder}/`, ""),
    });
    const text = textOf(result);
    assert.match(text, /^rules\/web\/ \(20 files\): 20 rules, kind rows$/m);
    assert.match(
      text,
      /^7 rules did not come over, because:\n {2}http\.log has no column for the field "…": 7\n {4}rules\/other\/0\.yml:6:13 "Other 0" \("field0"\)$/m,
    );
    assert.match(text, /^ {4}and 2 more: --format json names all$/m);
    assert.match(text, /^20 of 27 rules came over$/m);
    assert.match(text, /^Proof: 20 rules against rows, lines and series of events that were made for them/m);
    assert.not.match(text, /decoder/);
    assert.match(text, /zopf replay out\/sig\.zopf\.ts --zeek/);
    // What the report says is not said twice.
    assert.not.match(importDiagnostics(result.diagnostics, noPaint), /import\/refused/);
    const json = importJson(result, show);
    assert.ok(validate(JSON.parse(json)), JSON.stringify(validate.errors?.slice(0, 3)));
    assert.equal(JSON.parse(json).reasons, [
      { reason: 'http.log has no column for the field "…"', parts: 7 },
    ]);
    assert.is(JSON.parse(json).refused.length, 7);
  }));

test("where nothing comes over it is still said why, by reason", () =>
  inFolder(async (folder) => {
    writeAll(folder, { "a.yml": sigmaRule("Other", "process_creation", "x: y") });
    const result = await importOf([join(folder, "a.yml")], folder);
    assert.is(result.draft, null);
    assert.match(
      textOf(result),
      /^1 rule did not come over, because:\n {2}the log source "process_creation" is/m,
    );
    assert.ok(validate(JSON.parse(importJson(result, show))));
  }));

test("the example's local rules: each file, raw rules by their reason, and what to do next", () =>
  inFolder(async (folder) => {
    const result = await importOf([join(root, "examples/local-rules/by-hand")], folder, {
      name: "local",
      show: (path) => path.replace(root, ""),
    });
    const text = textOf(result);
    assert.match(text, /local_rules\.xml: 12 rules: 6 rule, 1 sequence, 3 log, 1 burst, 1 raw$/m);
    assert.match(text, /^1 rule as raw XML, because:\n {2}maxsize asks for the length of the line: 1$/m);
    assert.match(text, /the same decoder's fields, rule, level, alert and blocks on all$/m);
    assert.match(text, /^ {4}zopf import rules --into out --name local --check --logs /m);
    assert.ok(validate(JSON.parse(importJson(result, show))));
  }));

test("differences: the bundle is not to be deployed", () => {
  const result = importResult(() => "x");
  assert.match(textOf(result), /^different x:4: rule 100, level 3, alert; no fields → srcip=x\n {2}x$/m);
  assert.ok(nextSteps(result, called).some(({ text }) => text.includes("before it is deployed")));
  assert.ok(validate(JSON.parse(importJson(result, show))), JSON.stringify(validate.errors));
});

test("a path that a shell would take apart is quoted in what is to be typed", () => {
  const [, , , step] = nextSteps(
    importResult(() => "x"),
    { ...called, paths: ["it's $x"] },
  );
  assert.match(step?.command ?? "", / 'it'\\''s \$x' /);
});

test("of many diagnostics that are alike the first ones are shown", () => {
  const text = importDiagnostics(
    Array.from({ length: 30 }, (_, at) => ({
      code: "import/broken",
      severity: "error",
      message: `no YAML that can be read: "${at}"`,
      file: "a.yml",
      line: at + 1,
      column: 1,
    })),
    noPaint,
  );
  assert.is(text.split("\n").length, 7);
  assert.match(text, /^and 25 more of import\/broken like these/m);
});

test.run();
