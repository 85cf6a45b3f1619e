import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { valueRange } from "../../src/cases/json-property.js";
import { type Observed, runCases } from "../../src/cases/run.js";
import { updateCase } from "../../src/cases/update.js";
import { showPath } from "../../src/cli/command.js";
import { scratchFolder } from "../scratch-folder.js";

const example = fileURLToPath(new URL("../../examples/zeek-ossec-pf/", import.meta.url));

/** The example's folder, its cases changed; runs them, updates, and gives what was updated. */
async function update(
  folder: string,
): Promise<{ readonly updated: readonly string[]; readonly failed: number }> {
  const observed: Observed[] = [];
  const report = await runCases(
    { bundles: [join(folder, "perimeter.zopf.ts")], cache: false, show: showPath },
    (one) => observed.push(one),
  );
  return {
    updated: observed.flatMap((one) => updateCase(one) ?? []),
    failed: report.cases.filter(({ status }) => status === "failed").length,
  };
}

test("only what fails is written, and only its expectations", async () => {
  const folder = scratchFolder("update");
  cpSync(example, folder, { recursive: true });
  const scan = join(folder, "cases/port-scan/case.json");
  const before = readFileSync(scan, "utf8");
  assert.equal(await update(folder), { updated: [], failed: 0 });
  assert.is(readFileSync(scan, "utf8"), before);
  for (const newline of ["\n", "\r\n"]) {
    const odd = before
      .replace('"exactly": 1', '"exactly": 2')
      .replace('"zeek": ["conn.log"]', '"zeek"  :["conn.log"  ]')
      .replace('"description": "', '"description": "\\"expect\\": {} \\u0041 ')
      .replaceAll("\n", newline);
    writeFileSync(scan, odd);
    assert.equal(await update(folder), { updated: [scan], failed: 1 });
    const after = readFileSync(scan, "utf8");
    const [start] = valueRange(odd, "expect") ?? [0];
    assert.is(after.slice(0, start), odd.slice(0, start));
    assert.is(after.slice(-2 * newline.length - 1), `${newline}}${newline}`.slice(-2 * newline.length - 1));
    assert.is(after.replaceAll("\r\n", "").includes("\n"), newline === "\n");
    assert.is(JSON.parse(after).expect.notices[0].exactly, 1);
    assert.equal(await update(folder), { updated: [], failed: 0 });
  }
});

test("the place of a property, in any JSON", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.string(), fc.constant("expect")), fc.jsonValue(), { maxKeys: 6 }),
      fc.constantFrom(undefined, 1, "\t"),
      (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (const key of Object.keys(value)) {
          const range = valueRange(text, key);
          assert.ok(range !== null, `${key} in ${text}`);
          assert.equal(JSON.parse(text.slice(...(range ?? [0, 0]))), JSON.parse(JSON.stringify(value[key])));
        }
        if (!Object.hasOwn(value, "none of them")) assert.is(valueRange(text, "none of them"), null);
      },
    ),
    { numRuns: 400 },
  );
});

test.run();
