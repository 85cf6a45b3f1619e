/** Every log that Zeek wrote, read into rows and written again: the same bytes, TSV and JSON. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { forEachRecord } from "../../src/zeek/logs/cursor.js";
import type { LogColumn } from "../../src/zeek/logs/types.js";
import { formatJsonRow, formatTsvFooter, formatTsvHeader, formatTsvRow } from "../../src/zeek/logs/write.js";
import { copied, oracle } from "../zeek/helpers.js";

const test = suite("Zeek logs");
const OPEN = "2026-06-11-11-00-00";

if (!existsSync(oracle))
  console.log("skipped: ../shared/oracle/zeek is not there; only the copied logs are rewritten");

function logsBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  return (
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".log"))
      .map((name) => join(root, name))
      // Those in JSON have no headers to compare.
      .filter((file) => readFileSync(file, "latin1").startsWith("#"))
  );
}

async function columnsOf(file: string): Promise<readonly LogColumn[]> {
  let columns: readonly LogColumn[] = [];
  await forEachRecord(file, {}, (_row, cursor) => {
    columns = cursor.columns();
  });
  return columns;
}

const files = [...logsBelow(copied), ...logsBelow(oracle)];

for (const file of files) {
  const twin = file.replace(/\.log$/, ".json.log");
  const name = file.split("/").slice(-3).join("/");
  const path = name.split("/").pop()?.replace(".log", "") ?? "";

  test(`${name} again from its rows`, async () => {
    const columns = await columnsOf(file);
    const recorded = readFileSync(file, "latin1");
    // What no row says: when the log was opened, by the clock of the machine, and whose log it is.
    const header = (word: string): string | undefined =>
      new RegExp(`^#${word}\t(.*)$`, "m").exec(recorded)?.[1];
    let out = formatTsvHeader(header("path") ?? path, columns, header("open") ?? OPEN);
    const diagnostics = await forEachRecord(file, {}, (row) => {
      out += `${formatTsvRow(columns, row.values)}\n`;
    });
    assert.equal(diagnostics, []);
    const close = header("close");
    assert.is(close === undefined ? out : out + formatTsvFooter(close), recorded);
  });

  if (!existsSync(twin)) continue;
  test(`${name}: its JSON twin again from its rows, and the TSV from them`, async () => {
    const columns = await columnsOf(file);
    const options = {
      columns: columns.map((c) => c.name),
      types: new Map(columns.map((c) => [c.name, c.type])),
    };
    let json = "";
    let tsv = formatTsvHeader(path, columns, OPEN);
    const diagnostics = await forEachRecord(twin, options, (row) => {
      json += `${formatJsonRow(columns, row.values)}\n`;
      tsv += `${formatTsvRow(columns, row.values)}\n`;
    });
    assert.equal(diagnostics, []);
    assert.is(json, readFileSync(twin, "latin1"));
    assert.is(tsv + formatTsvFooter(OPEN), readFileSync(file, "latin1"));
  });
}

test("there were logs to write again", () => assert.ok(files.length >= 10));

test.run();
