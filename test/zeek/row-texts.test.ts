import "../seed.js";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openLog } from "../../src/zeek/logs/cursor.js";
import { rowTexts } from "../../src/zeek/logs/row-texts.js";
import { scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder("row-texts");
let files = 0;

function fileOf(text: string | Buffer, name = "conn.log"): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, text);
  return path;
}

const header =
  "#separator \\x09\n#set_separator\t,\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\n#types\ttime\taddr\n";

test("rows are found by their lines, with the columns that stand above them", async () => {
  const text = `${header}1.0\t192.0.2.1\n2.0\t192.0.2.2\n#fields\tts\tuid\n#types\ttime\tstring\n3.0\tC\u00e4\r\n`;
  for (const file of [fileOf(text), fileOf(gzipSync(text), "conn.log.gz")]) {
    const found = await rowTexts(file, new Set([8, 11, 99]));
    assert.equal(
      [...found].map(([line, { text: row, columns }]) => [line, row, columns?.names]),
      [
        [8, "2.0\t192.0.2.2", ["ts", "id.orig_h"]],
        [11, "3.0\tC\u00e4", ["ts", "uid"]],
      ],
    );
  }
});

test("JSON names its fields itself, a bare header is one, an unreadable file has no rows", async () => {
  const json = await rowTexts(fileOf('{"ts":1}\n\n{"ts":2}'), new Set([3]));
  assert.equal([...json], [[3, { text: '{"ts":2}', columns: null }]]);
  const bare = await rowTexts(fileOf("ts\tuid\n1.0\tC\n"), new Set([2]));
  assert.equal(bare.get(2)?.columns?.names, ["ts", "uid"]);
  assert.is((await rowTexts(join(folder, "missing.log"), new Set([1]))).size, 0);
  const cut = fileOf(gzipSync(header).subarray(0, 20), "cut.log.gz");
  assert.is((await rowTexts(cut, new Set([1]))).size, 0);
});

test("the lines are those that the reader of logs numbers", async () => {
  const line = fc.oneof(
    fc.constantFrom("", "#close\t2026", "x", "\r", "yyyyy"),
    fc.integer({ min: 1, max: 9 }).map((second) => `${second}.0\t192.0.2.${second}`),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.boolean(), async (lines, isLong) => {
      // Longer than the reader's pieces, and than the longest line.
      const long = isLong ? [`1.0\t${"z".repeat(5 << 20)}`] : [];
      const file = fileOf(`${header}${[...lines.slice(0, 3), ...long, ...lines.slice(3)].join("\n")}`);
      const cursor = openLog(file);
      const read = new Map<number, string>();
      do {
        while (cursor.next()) read.set(cursor.row.line, String(cursor.row.values[1]));
      } while (await cursor.fill());
      await cursor.close();
      const found = await rowTexts(file, new Set(read.keys()));
      assert.equal(
        [...found].map(([at, { text }]) => [at, text.split("\t")[1]]),
        [...read],
      );
    }),
    { numRuns: 20 },
  );
});

test.run();
