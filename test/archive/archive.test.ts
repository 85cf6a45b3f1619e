/** `zopf archive`: what goes into Parquet comes out as the logs say it, once, and what does not is named. */
import "../seed.js";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { archive } from "../../src/archive/archive.js";
import { manifestName, readManifest } from "../../src/archive/manifest.js";
import { StoreCursor, writtenColumn } from "../../src/hunt/cursor.js";
import type { Store } from "../../src/hunt/store.js";
import { removalKeys } from "../../src/zeek/connections/removal-key.js";
import { openLog } from "../../src/zeek/logs/cursor.js";
import type { LogType, LogValue } from "../../src/zeek/logs/types.js";
import { formatJsonRow, formatTsvRow } from "../../src/zeek/logs/write.js";
import { archived, hasDuckdb, opened } from "../hunt/helpers.js";
import { connHeader, logArbitrary } from "../hunt/random.js";
import { scratchFolder } from "../scratch-folder.js";
import { header, put } from "../zeek/scratch.js";

const test = suite("archive");
const directory = scratchFolder("archive");
let made = 0;
const folder = (): string => join(directory, `${made++}`);

interface Row {
  readonly ts: number;
  readonly values: readonly LogValue[];
}

async function rowsOf(cursor: ReturnType<typeof openLog>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  do while (cursor.next()) rows.push({ ts: cursor.row.ts, values: [...cursor.row.values] });
  while (await cursor.fill());
  await cursor.close();
  return rows;
}

function stored(store: Store, name: string, columns: readonly string[]): Promise<readonly Row[]> {
  const log = store.log(name);
  if (log === undefined) throw new Error(`no ${name}`);
  return rowsOf(new StoreCursor(store, name, log, "1 = 1", { columns }));
}

const kinds: Readonly<Record<string, LogType>> = {
  ts: { kind: "time" },
  text: { kind: "string" },
  number: { kind: "count" },
  signed: { kind: "int" },
  length: { kind: "interval" },
  real: { kind: "double" },
  yes: { kind: "bool" },
  "id.orig_h": { kind: "addr" },
  "id.orig_p": { kind: "port" },
  words: { kind: "set", of: "string" },
  lengths: { kind: "vector", of: "interval" },
};
const columns = Object.keys(kinds);
const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
  maxLength: 12,
});
const hostile = fc.oneof(
  bytes,
  fc.constantFrom("-", "(empty)", "", "a\tb", "x\\y", "\\x41", "'\"", "a,b", "#fields", "é"),
);
const micro = fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }).map((us) => us / 1e6);
const valueArbitrary = fc.tuple(
  fc.integer({ min: 1_600_000_000_000_000, max: 1_800_000_000_000_000 }).map((us) => us / 1e6),
  fc.option(hostile, { nil: undefined }),
  fc.option(fc.oneof(fc.nat(), fc.constant(2 ** 53 - 1)), { nil: undefined }),
  fc.option(fc.integer(), { nil: undefined }),
  fc.option(micro, { nil: undefined }),
  fc.option(fc.constantFrom(0, 0.1, -2.5, 1e15), { nil: undefined }),
  fc.option(fc.boolean(), { nil: undefined }),
  fc.option(fc.constantFrom("10.0.0.1", "2001:db8::1"), { nil: undefined }),
  fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
  fc.option(fc.array(hostile, { maxLength: 4 }), { nil: undefined }),
  fc.option(fc.array(micro, { maxLength: 4 }), { nil: undefined }),
);

if (await hasDuckdb()) {
  test("TSV: every value comes back as the reader of logs has it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(valueArbitrary, { minLength: 1, maxLength: 40 }), async (values) => {
        const logs = folder();
        const types = columns.map((name) => ({ name, type: kinds[name] ?? { kind: "string" as const } }));
        const spelled = "time string count int interval double bool addr port set[string] vector[interval]";
        const text = header(columns.join(" "), spelled).replace("#path\tt", "#path\tmine");
        const file = put(
          logs,
          "mine.log",
          `${text}${values.map((row) => formatTsvRow(types, row)).join("\n")}\n#close\t-\n`,
        );
        const store = await archived(logs, `${logs}-archive`);
        try {
          const sorted = (rows: readonly Row[]) => [...rows].map((row) => JSON.stringify(row)).sort();
          const expected = await rowsOf(openLog(file, { columns, required: ["ts"] }));
          assert.equal(sorted(await stored(store, "mine", columns)), sorted(expected));
          assert.is(expected.length, values.length);
        } finally {
          await store.close();
        }
      }),
      { numRuns: 40, includeErrorInReport: true },
    );
  });

  test("JSON: the same", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.integer({ min: 1_600_000_000_000_000, max: 1_800_000_000_000_000 }).map((us) => us / 1e6),
            fc.option(hostile, { nil: undefined }),
            fc.option(fc.array(hostile, { maxLength: 4 }), { nil: undefined }),
            fc.option(fc.nat(), { nil: undefined }),
            fc.option(fc.boolean(), { nil: undefined }),
          ),
          { minLength: 1, maxLength: 30 },
        ),
        async (values) => {
          const logs = folder();
          const names = ["ts", "host", "tags", "status_code", "uid"];
          const types: readonly LogType[] = [
            { kind: "time" },
            { kind: "string" },
            { kind: "set", of: "string" },
            { kind: "count" },
            { kind: "string" },
          ];
          const logColumns = names.map((name, i) => ({
            name,
            type: types[i] ?? { kind: "string" as const },
          }));
          const rows = values.map((row) => [...row.slice(0, 4), "C1"]);
          const file = put(
            logs,
            "http.log",
            `${rows.map((row) => formatJsonRow(logColumns, row)).join("\n")}\n`,
          );
          const store = await archived(logs, `${logs}-archive`);
          try {
            const sorted = (list: readonly Row[]) => [...list].map((row) => JSON.stringify(row)).sort();
            const options = {
              columns: names,
              required: ["ts"],
              types: new Map(names.map((name, i) => [name, types[i] ?? { kind: "string" as const }])),
            };
            assert.equal(
              sorted(await stored(store, "http", names)),
              sorted(await rowsOf(openLog(file, options))),
            );
          } finally {
            await store.close();
          }
        },
      ),
      { numRuns: 25, includeErrorInReport: true },
    );
  });

  test("each row has the time at which the replay says that it was written, in the order of the log", async () => {
    await fc.assert(
      fc.asyncProperty(logArbitrary, async (rows) => {
        const logs = folder();
        const file = put(logs, "conn.log", `${connHeader}${rows.join("\n")}\n`);
        const store = await archived(logs, `${logs}-archive`);
        try {
          const { columns: read, numbers, make } = removalKeys(["uid"], undefined);
          const key = make();
          const cursor = openLog(file, { columns: read, numbers, required: ["ts"] });
          const expected: (readonly [LogValue, number])[] = [];
          do while (cursor.next()) expected.push([cursor.row.values[0], key.of(cursor.row)]);
          while (await cursor.fill());
          const log = store.log("conn");
          if (log === undefined) throw new Error("no conn");
          const there = new StoreCursor(store, "conn", log, "1 = 1", {
            columns: ["uid"],
            numbers: [writtenColumn],
          });
          const found: (readonly [LogValue, number])[] = [];
          do while (there.next()) found.push([there.row.values[0], there.row.numbers[0] ?? 0]);
          while (await there.fill());
          assert.equal(found, expected);
          // The parts themselves are in that order.
          for (const part of readManifestOf(`${logs}-archive`).files.flatMap(({ parts }) => parts)) {
            const lines = await store.rows(
              `SELECT _line FROM read_parquet('${join(`${logs}-archive`, part)}')`,
            );
            const numbered = lines.map(([line]) => Number(line));
            assert.equal(
              numbered,
              [...numbered].sort((a, b) => a - b),
            );
          }
        } finally {
          await store.close();
        }
      }),
      { numRuns: 20 },
    );
  });

  test("a file of some hours that are of several days in UTC has a part a day, as one without a name has", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200_000 }), { minLength: 1, maxLength: 30 }), async (steps) => {
        const parts = async (name: string): Promise<unknown> => {
          const logs = folder();
          let ts = 1_700_000_000;
          const rows = steps.map((step, i) => {
            ts += step / 4;
            return `${ts.toFixed(6)}\tC${i}\n`;
          });
          const text = header("ts uid", "time string").replace("#path\tt", "#path\tconn");
          put(logs, name, `${text}${rows.join("")}`);
          const into = `${logs}-archive`;
          const store = await archived(logs, into);
          try {
            const [file] = readManifestOf(into).files;
            return await Promise.all(
              (file?.parts ?? []).map(async (part) => [
                part.slice(0, part.lastIndexOf("/")),
                await store.rows(
                  `SELECT epoch_us(ts), uid, _written, _line FROM read_parquet('${join(into, part)}')`,
                ),
              ]),
            );
          } finally {
            await store.close();
          }
        };
        assert.equal(await parts("conn.01:00:00-02:00:00.log"), await parts("conn.log"));
      }),
      { numRuns: 15 },
    );
  });

  test("rows of a long log stay in the order of writing, with a part a day and with a part for all", async () => {
    const logs = folder();
    const count = 700_000;
    const rows = Array.from({ length: count }, (_, i) => `${1_700_000_000 + i / 20}\tC${i}\n`);
    const text = header("ts uid", "time string").replace("#path\tt", "#path\tconn");
    put(logs, "conn.log", `${text}${rows.join("")}`);
    put(
      logs,
      "conn.01:00:00-02:00:00.log",
      `${text}1700000000.0\tC\n${rows.slice(0, count - 100_000).join("")}`,
    );
    const store = await archived(logs, `${logs}-archive`);
    try {
      const { files } = readManifestOf(`${logs}-archive`);
      assert.is(files.length, 2);
      for (const part of files.flatMap(({ parts }) => parts)) {
        const [[read = 0, other = 0] = []] = await store.rows(
          `SELECT count(*), count(*) FILTER (_line - first <> row) FROM (SELECT _line, file_row_number AS row, min(_line) OVER () AS first FROM read_parquet('${join(`${logs}-archive`, part)}', file_row_number = true))`,
        );
        assert.ok(Number(read) > 0);
        assert.is(Number(other), 0, part);
      }
    } finally {
      await store.close();
    }
  });

  test("the rows of each minute are known without a look at them, also after files have come and one has grown", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(logArbitrary, { minLength: 1, maxLength: 3 }), async (logsOfRows) => {
        const logs = folder();
        const into = `${logs}-archive`;
        const check = async (): Promise<void> => {
          const store = await archived(logs, into);
          try {
            const from = store.log("conn")?.from ?? "";
            const counted = await store.rows(
              `SELECT CAST(floor(_written / 60) AS BIGINT) AS m, count(*) FROM ${from} GROUP BY m ORDER BY m`,
            );
            assert.equal(
              store.minutes("conn")?.map(({ minute, rows }) => [minute, rows]),
              counted.map((row) => row.map(Number)),
            );
          } finally {
            await store.close();
          }
        };
        // Two logs that begin alike would be one that has grown.
        const putHour = (hour: number, rows: readonly string[]): void => {
          const own = rows.map((row) => row.replace("\tC", `\tC${hour}`));
          put(logs, `conn.0${hour}:00:00-0${hour + 1}:00:00.log`, `${connHeader}${own.join("\n")}\n`);
        };
        for (const [hour, rows] of logsOfRows.entries()) {
          putHour(hour, rows);
          await check();
        }
        appendFileSync(join(logs, "conn.00:00:00-01:00:00.log"), `${logsOfRows[0]?.[0]}\n`);
        await check();
        // What an interrupted run has not noted is counted by the next one that adds to the log.
        rmSync(join(into, "zopf-minutes-conn.bin"));
        const without = await opened(into);
        assert.is(without.minutes("conn"), null);
        await without.close();
        putHour(7, logsOfRows.flat());
        await check();
      }),
      { numRuns: 5 },
    );
  });

  const small = (name: string, count = 3): string => {
    const rows = Array.from({ length: count }, (_, i) => `170000000${i}.000000\tC${name}${i}`);
    return `${header("ts uid", "time string").replace("#path\tt", "#path\tconn")}${rows.join("\n")}\n`;
  };

  test("the same file is never put in twice, whatever its name and its compression; one that grew replaces itself", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    const first = put(logs, "conn.log", small("a"));
    const before = readFileSync(first);
    const run = () => archive({ paths: [logs], into });
    const one = await run();
    assert.is(one.added.length, 1);
    assert.equal(readFileSync(first), before);
    assert.is((await run()).added.length, 0);
    mkdirSync(join(logs, "2023-11-14"));
    copyFileSync(first, join(logs, "2023-11-14", "conn.00:00:00-01:00:00.log"));
    writeFileSync(join(logs, "2023-11-14", "conn.01:00:00-02:00:00.log.gz"), gzipSync(before));
    const again = await run();
    assert.is(again.added.length, 0);
    assert.is(again.known.length, 3);
    appendFileSync(first, "1700000009.000000\tCa9\n");
    const grown = await run();
    assert.equal(
      grown.added.map(({ rows }) => rows),
      [4],
    );
    const { files } = readManifestOf(into);
    assert.is(files.length, 1);
    const store = await opened(into);
    assert.is((await stored(store, "conn", ["uid"])).length, 4);
    await store.close();
  });

  test("a file of which a part is gone or cut off is said, and is archived again when that part is deleted", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    put(logs, "conn.log", small("a"));
    put(logs, "syslog", "Nov 14 18:09:08 web app[7]: a\n");
    const run = () => archive({ paths: [logs], into });
    const { added } = await run();
    for (const part of added.flatMap(({ parts }) => parts)) rmSync(join(into, part));
    const again = await run();
    assert.is(again.added.length, 2);
    assert.is(readManifestOf(into).files.length, 2);
    const store = await opened(into);
    assert.is((await stored(store, "conn", ["uid"])).length, 3);
    await store.close();
    assert.is((await run()).known.length, 2);
  });

  test("an interrupted run goes on: what it had not finished is no part of the archive", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    put(logs, "conn.log", small("a"));
    put(logs, "more/conn.01:00:00-02:00:00.log", small("b"));
    let looks = 0;
    const watch = { expect: () => undefined, read: () => undefined, stopped: () => ++looks > 1 };
    const partial = await archive({ paths: [logs], into, watch });
    assert.ok(partial.diagnostics.some(({ code }) => code === "archive/partial"));
    mkdirSync(join(into, ".zopf-part-0123"), { recursive: true });
    writeFileSync(join(into, ".zopf-part-0123", "half.parquet"), "PAR1");
    // It was killed between the part and the list; what somebody else has put there stays.
    const day = join(into, "conn", "day=2023-11-14");
    mkdirSync(day, { recursive: true });
    for (const name of ["0123456789abcdef.parquet", "mine.parquet"]) writeFileSync(join(day, name), "PAR1");
    const rest = await archive({ paths: [logs], into });
    assert.is(rest.added.length + partial.added.length, 2);
    assert.not.ok(existsSync(join(day, "0123456789abcdef.parquet")));
    assert.ok(existsSync(join(day, "mine.parquet")));
    assert.not.ok(readdirSync(into).some((name) => name.startsWith(".zopf")));
    const store = await opened(into);
    assert.is((await stored(store, "conn", ["uid"])).length, 6);
    await store.close();
  });

  test("links that lead round are followed once; a column of the name by which an archive is divided", async () => {
    const logs = folder();
    const text = header("ts uid day", "time string string").replace("#path\tt", "#path\tconn");
    put(logs, "a/conn.log", `${text}1700000000.0\tC1\tmonday\n1700100000.0\tC2\ttuesday\n`);
    symlinkSync("..", join(logs, "a", "round"));
    symlinkSync(".", join(logs, "self"));
    const into = `${logs}-archive`;
    const outcome = await archive({ paths: [logs], into });
    assert.equal(outcome.diagnostics, []);
    const [file] = outcome.added;
    assert.is(file?.name, join(logs, "a", "conn.log"));
    assert.is(file?.parts.length, 2);
    const store = await opened(into);
    assert.equal(
      (await stored(store, "conn", ["day"])).map(({ values }) => values),
      [["monday"], ["tuesday"]],
    );
    await store.close();
  });

  test("what cannot be written is an error, and the next run goes on with it", async () => {
    const logs = folder();
    const into = `${logs}-archive`;
    put(logs, "conn.log", small("a"));
    put(logs, "dns.log", small("b").replace("#path\tconn", "#path\tdns"));
    mkdirSync(into);
    writeFileSync(join(into, "dns"), "no folder");
    const failed = await archive({ paths: [logs], into });
    assert.not.ok(failed.ok);
    assert.equal(
      failed.diagnostics.map(({ code }) => code),
      ["archive/unwritten"],
    );
    rmSync(join(into, "dns"));
    const rest = await archive({ paths: [logs], into });
    assert.ok(rest.ok);
    assert.is(rest.added.length + failed.added.length, 2);
    assert.not.ok(readdirSync(into).some((name) => name.startsWith(".zopf")));
  });

  test("what is left out is named, with the reason", async () => {
    const logs = folder();
    put(logs, "conn.log", `${small("a")}1700000000.5\tC1\ttoo\tmany\nno time\tC2\n#close\t2023\n`);
    put(logs, "dns.log", "");
    put(logs, "http.log.gz", gzipSync(small("h").repeat(200)).subarray(0, 60));
    put(
      logs,
      "ssh.log",
      `${header("ts uid", "time string")}1.0\tC1\n${header("ts uid more", "time string string")}2.0\tC2\tx\n`.replaceAll(
        "#path\tt",
        "#path\tssh",
      ),
    );
    const outcome = await archive({ paths: [logs], into: `${logs}-archive` });
    assert.equal(
      outcome.added.map(({ rows, skipped }) => [rows, skipped]),
      [[3, 2]],
    );
    const left = outcome.skipped.map(({ file }) => file.slice(logs.length + 1)).sort();
    assert.equal(left, ["dns.log", "http.log.gz", "ssh.log"]);
    assert.ok(outcome.diagnostics.some(({ code }) => code === "archive/records-skipped"));
  });

  test("a folder that is no archive, one of a later version, one that is being written", async () => {
    const logs = folder();
    put(logs, "conn.log", small("a"));
    const into = `${logs}-archive`;
    mkdirSync(into);
    for (const [text, code] of [
      ["no json", "archive/unusable"],
      ['{"version": 2, "files": []}', "archive/unusable"],
      ['{"version": 1, "files": [{"name": 1}]}', "archive/unusable"],
    ] as const) {
      writeFileSync(join(into, manifestName), text);
      const outcome = await archive({ paths: [logs], into });
      assert.equal(
        outcome.diagnostics.map((one) => one.code),
        [code],
      );
    }
    writeFileSync(join(into, manifestName), '{"version": 1, "files": []}');
    writeFileSync(join(into, ".zopf-archive.lock"), String(process.pid));
    assert.equal(
      (await archive({ paths: [logs], into })).diagnostics.map(({ code }) => code),
      ["archive/busy"],
    );
    writeFileSync(join(into, ".zopf-archive.lock"), "4194304");
    assert.ok((await archive({ paths: [logs], into })).ok);
    assert.not.ok(existsSync(join(into, ".zopf-archive.lock")));
  });
}

function readManifestOf(into: string) {
  const manifest = readManifest(into);
  if (manifest === null || typeof manifest === "string") throw new Error(`${manifest}`);
  return manifest;
}

test.run();
