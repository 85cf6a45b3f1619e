/** The homes that the real engines' answers were recorded with: whatever is in them, an import answers like it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ImportResult } from "../../../src/import/import.js";
import {
  dummyDecoders,
  isObject,
  type JsonObject,
  minimalHome,
  objects,
  oracleIsHere,
  readOracle,
  text,
} from "../../conformance/ossec-oracle.js";
import { homeOf } from "../../conformance/wazuh-home.js";
import { readWazuhOracle, wazuhOracleIsHere } from "../../conformance/wazuh-oracle.js";
import { importOf, inFolder } from "../import-of.js";

/** One of so many records: all of them take half a minute. */
const oneOf = 5;

function linesOf({ lines, events }: JsonObject): readonly string[] {
  const all: readonly unknown[] = Array.isArray(lines) ? lines : Array.isArray(events) ? events : [];
  return all
    .map((one) => (isObject(one) ? text(one.line) : text(one)))
    .filter((line) => line !== "" && !/[\n\0]/.test(line));
}

/** How the import of a home went wrong; null: it did not. */
function fault({ diagnostics, proof }: ImportResult): string | null {
  const uncompiled = diagnostics.find(({ code }) => code === "import/does-not-compile");
  if (uncompiled !== undefined) return uncompiled.message;
  const [difference] = proof?.differences ?? [];
  return difference === undefined ? null : JSON.stringify(difference);
}

async function faults(
  from: "ossec" | "wazuh",
  records: readonly JsonObject[],
  homeOfRecord: (record: JsonObject) => ReadonlyMap<string, Uint8Array>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [at, record] of records.entries()) {
    if (at % oneOf !== 0) continue;
    await inFolder(async (folder) => {
      const write = (path: string, content: string | Uint8Array): void => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      };
      for (const [path, content] of homeOfRecord(record)) write(join("home", path), content);
      write("lines.log", linesOf(record).join("\n"));
      const logs = [join(folder, "lines.log")];
      const into = join(folder, "into");
      mkdirSync(into);
      const result = await importOf([join(folder, "home")], into, { from, name: "recorded", logs });
      const why = fault(result);
      if (why !== null) found.push(`${text(record.name)}: ${why}`);
    });
  }
  return found;
}

if (!oracleIsHere || !wazuhOracleIsHere)
  console.log("Skipped: ../shared is not here, so that there are no recorded homes to import.");
else {
  for (const name of ["probes", "sequences", "config_verdicts"])
    test(`homes of OSSEC: ${name}`, async () => {
      const homes = await faults("ossec", objects(readOracle(`${name}.json`)), (record) => {
        if (record.files !== undefined) return minimalHome(isObject(record.files) ? record.files : {});
        const { decoder, rules } = record;
        return minimalHome({
          ...(typeof decoder === "string" ? { "etc/decoder.xml": `${decoder}\n${dummyDecoders}` } : {}),
          ...(typeof rules === "string" ? { "rules/local_rules.xml": rules } : {}),
        });
      });
      assert.equal(homes, []);
    });

  for (const name of ["rule_probes", "decoder_probes", "sequences", "config_verdicts"])
    test(`homes of Wazuh: ${name}`, async () => {
      const records = objects(readWazuhOracle(`${name}.json`));
      assert.equal(await faults("wazuh", records, ({ files }) => homeOf(files)), []);
    });
}

test.run();
