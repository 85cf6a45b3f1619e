import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findLogs } from "../../src/zeek/logs/find.js";
import { mergeByTime } from "../../src/zeek/logs/merge.js";
import { logNameOf } from "../../src/zeek/logs/names.js";
import { copied, repository } from "./helpers.js";
import { header, put, readBack, scratch } from "./scratch.js";

const test = suite("Zeek log reader");
const directory = scratch();
const HEAD = header("ts s a n", "time string addr count");
const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => `${1000 + i}.000000\tx${i}\t10.0.0.${i % 250}\t${i}\n`).join("");

test("types, markers, escapes", async () => {
  const file = put(
    directory,
    "types.log",
    `${header("ts e u b i d set vec p net v6", "time string string bool interval double set[string] vector[count] port subnet addr")}1.500000\t(empty)\t-\tT\t-300.000000\t0.5\ta\\x2cb,-,(empty)\t1,-,3\t80\t10.0.0.0/8\t2001:DB8:0::1\n2.000000\ta\\\\b\\x09\t\\x2d\tF\t90.000000\t1e20\t(empty)\t(empty)\t65535\t2001:db8::/32\t::ffff:1.2.3.4\n`,
  );
  const { rows: read, said } = await readBack(file);
  assert.equal(said, []);
  assert.equal(read[0]?.values, [
    1.5,
    "",
    undefined,
    true,
    -300,
    0.5,
    ["a,b", undefined, ""],
    [1, undefined, 3],
    80,
    "10.0.0.0/8",
    "2001:db8::1",
  ]);
  assert.equal(read[1]?.values, [
    2,
    "a\\b\t",
    "-",
    false,
    90,
    1e20,
    [],
    [],
    65535,
    "2001:db8::/32",
    "1.2.3.4",
  ]);
});

test("a column that is read and that the header does not name is told, once for all files", async () => {
  const options = { columns: ["n", "nothere", "ts"], expected: ["n", "nothere"], required: ["ts"] };
  const files = [1, 2].map((n) => put(directory, `lacks-${n}.log`, HEAD + rows(2)));
  const logs = mergeByTime(files, options);
  let records = 0;
  do while (logs.next()) records += 1;
  while (await logs.fill());
  assert.is(records, 4);
  assert.equal(
    logs.diagnostics().map(({ code, file, line, message }) => [code, file, line, message]),
    [["ZEEK-NO-COLUMN", files[0], 6, "the header names no column nothere: it counts as not set"]],
  );
});

test("only the columns asked for, in their order; one that the log lacks is unset", async () => {
  const file = put(directory, "some.log", HEAD + rows(2));
  const { rows: read } = await readBack(file, { columns: ["n", "nothere", "ts"] });
  assert.equal(
    read.map((r) => r.values),
    [
      [0, undefined, 1000],
      [1, undefined, 1001],
    ],
  );
});

test("another separator, set separator and markers", async () => {
  const file = put(
    directory,
    "pipe.log",
    "#separator \\x7c\n#set_separator|;\n#empty_field|EMPTY\n#unset_field|NIL\n#fields|ts|s|l\n#types|time|string|set[string]\n1.000000|a\\x7cb|x;y\n2.000000|NIL|EMPTY\n",
  );
  const { rows: read } = await readBack(file);
  assert.equal(
    read.map((r) => r.values),
    [
      [1, "a|b", ["x", "y"]],
      [2, undefined, []],
    ],
  );
});

test("a separator of several bytes", async () => {
  const file = put(
    directory,
    "long.log",
    "#separator \\x20\\x7c\\x20\n#fields | ts | s\n#types | time | string\n1.000000 | a b\n",
  );
  assert.equal((await readBack(file)).rows[0]?.values, [1, "a b"]);
});

test("headers again in mid-file, with other columns", async () => {
  const other = header("s ts", "string time");
  const file = put(
    directory,
    "again.log",
    `${HEAD}${rows(1)}#close\t2026\n${other}y\t2000.000000\n${HEAD}${rows(1)}`,
  );
  const { rows: read, said } = await readBack(file, { columns: ["s", "n", "ts"] });
  assert.equal(said, []);
  assert.equal(
    read.map((r) => r.values),
    [
      ["x0", 0, 1000],
      ["y", undefined, 2000],
      ["x0", 0, 1000],
    ],
  );
});

test("the tsv option's single line of names, and Windows line ends", async () => {
  const file = put(directory, "bare.log", "ts\tid.orig_h\tn\r\n1.000000\t1.2.3.4\t7\r\n");
  assert.equal((await readBack(file)).rows[0]?.values, [1, "1.2.3.4", 7]);
});

test("JSON: types by name, escapes, ISO and millisecond times, nested and missing members", async () => {
  const file = put(
    directory,
    "j.log",
    [
      '{"ts":1781175801.5,"id.orig_h":"2001:DB8::0:1","s":"tab\\there \\\\x01 \\\\x41 \\u00e9 \\\\\\\\x01","l":["a","b"],"b":true,"n":3}',
      '{"ts":"2026-06-11T11:03:21.500000Z","id":{"orig_h":"::ffff:1.2.3.4"},"s":null}',
      '{ "ts" : 1781175801500 , "s" : "" }',
    ].join("\n"),
  );
  const { rows: read, said } = await readBack(file, {
    columns: ["ts", "id.orig_h", "s", "l", "b", "n"],
    required: ["ts"],
  });
  assert.equal(said, []);
  const ts = 1781175801.5;
  assert.equal(read[0]?.values, [
    ts,
    "2001:db8::1",
    "tab\there \x01 \\x41 \xc3\xa9 \\\x01",
    ["a", "b"],
    true,
    3,
  ]);
  assert.equal(read[1]?.values, [ts, "1.2.3.4", undefined, undefined, undefined, undefined]);
  assert.equal(read[2]?.values, [ts, undefined, "", undefined, undefined, undefined]);
});

test("bad records: once a kind, at the first line, counted, skipped", async () => {
  const file = put(
    directory,
    "bad.log",
    `${HEAD}${rows(1)}1\t2\nx\ty\t10.0.0.1\t1\n3\t4\n5.0\tz\t999.1.1.1\t1\n${rows(1)}`,
  );
  const { rows: read, said } = await readBack(file, { columns: ["ts", "a"], required: ["ts"] });
  assert.is(read.length, 2);
  assert.equal(said, [
    "ZEEK-BAD-RECORD 9: skipped 2 records with another number of columns than the header names",
    "ZEEK-BAD-RECORD 10: skipped 2 records with a value that is not of its column's type",
  ]);
});

test("no record at all is an error, but empty files and headers alone are fine", async () => {
  const codes = async (name: string, content: string | Uint8Array, required: string[] = ["ts"]) =>
    (await readBack(put(directory, name, content), { columns: ["ts"], required })).said.map(
      (s) => s.split(" ")[0],
    );
  assert.equal(await codes("e1.log", ""), []);
  assert.equal(await codes("e2.log", HEAD), []);
  assert.equal(await codes("e3.log", gzipSync(HEAD)), []);
  assert.ok((await codes("e4.log", "hello\n")).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e5.log", Buffer.from([0, 1, 2, 250, 10, 7]))).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e6.log", `${header("x y", "string string")}a\tb\n`)).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e7.log", '{"a":1}\n')).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e8.log", gzipSync(HEAD + rows(9)).subarray(0, 14))).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e9.log", "\n\n")).includes("ZEEK-NO-RECORD"));
  assert.ok((await codes("e10.log", `${HEAD}garbage\n`)).includes("ZEEK-NO-RECORD"));
  assert.equal(
    (await readBack(join(directory, "absent.log"))).said.map((s) => s.split(" ")[0]),
    ["ZEEK-UNREADABLE"],
  );
});

test("gzip, several members, cut off: everything before the cut is read", async () => {
  const whole = Buffer.concat([gzipSync(HEAD + rows(2000)), gzipSync(rows(50))]);
  assert.is((await readBack(put(directory, "g.log.gz", whole))).rows.length, 2050);
  const cut = gzipSync(HEAD + rows(20_000));
  const { rows: read, said } = await readBack(put(directory, "cut.log.gz", cut.subarray(0, cut.length >> 1)));
  assert.ok(read.length > 5000 && read.length < 15_000, `${read.length}`);
  assert.ok(said.some((s) => s.startsWith("ZEEK-CUT-OFF")));
  for (const [i, row] of read.entries()) assert.is(row.values[3], i);
});

test("zstd, whole and cut off", async () => {
  const file = join(copied, "small.log.zst");
  const { rows: read, said } = await readBack(file);
  assert.equal(said, []);
  assert.equal(
    read.map((r) => r.values[1]),
    ["x0", "x1", "x2"],
  );
  const cut = put(directory, "cut.log.zst", readFileSync(file).subarray(0, 60));
  assert.ok((await readBack(cut)).said.some((s) => s.startsWith("ZEEK-NO-RECORD")));
});

test("a last line without a newline counts when it is whole", async () => {
  assert.is((await readBack(put(directory, "n1.log", (HEAD + rows(2)).trimEnd()))).rows.length, 2);
  const { rows: read, said } = await readBack(put(directory, "n2.log", `${HEAD}${rows(2)}1002.000000\tx`));
  assert.is(read.length, 2);
  assert.is(said.length, 1);
});

test("lines across chunks, and a line too long for any log", async () => {
  const long = "y".repeat(3_000_000);
  const file = put(
    directory,
    "l.log",
    `${HEAD}1.000000\t${long}\t10.0.0.1\t1\n2.000000\t${long}${long}\t10.0.0.1\t1\n${rows(1)}`,
  );
  const { rows: read, said } = await readBack(file);
  assert.equal(
    read.map((r) => r.values[3]),
    [1, 0],
  );
  assert.equal(said, ["ZEEK-BAD-RECORD 9: skipped 1 record longer than 4 MiB"]);
});

test("names of log files", () => {
  for (const name of [
    "conn.log",
    "conn.10:00:00-11:00:00.log.gz",
    "conn.json.log",
    "conn_20260611_10:00:00-11:00:00-0000.log",
    "conn.2026-06-11-10-00-00.log.zst",
  ]) {
    assert.is(logNameOf(`a/b/${name}`), "conn", name);
  }
  assert.is(logNameOf("known_hosts.10:00:00-11:00:00.log.gz"), "known_hosts");
  for (const name of ["conn-summary.10:00:00-11:00:00.log.gz", "stats.txt", "conn.log.tmp"]) {
    assert.is(logNameOf(name), undefined, name);
  }
});

test("a directory of rotated logs, merged in the order of time", async () => {
  const root = join(directory, "logs");
  const part = (from: number, n: number, step: number) =>
    HEAD.replace("#path\tt", "#path\tconn") +
    Array.from({ length: n }, (_, i) => `${from + i * step}.000000\ts\t10.0.0.1\t${i}\n`).join("");
  for (let hour = 0; hour < 20; hour++) {
    put(root, `2026-06-11/conn.${hour}:00:00-${hour + 1}:00:00.log.gz`, gzipSync(part(hour * 100, 50, 2)));
  }
  put(root, "current/conn.log", part(2000, 10, 1));
  put(root, "2026-06-11/dns.10:00:00-11:00:00.log.gz", gzipSync(part(0, 1, 1)));
  put(root, "2026-06-11/conn-summary.10:00:00-11:00:00.log.gz", gzipSync("no log"));
  put(root, "odd/conn.sensor2.log", "never looked at");
  put(root, "sensor2/conn.log", part(501, 30, 7));
  const { logs, diagnostics } = await findLogs([root]);
  assert.equal(diagnostics, []);
  const conn = logs.filter((l) => l.log === "conn").map((l) => l.file);
  assert.is(conn.length, 22);
  const merged = mergeByTime(conn, { columns: ["ts"], required: ["ts"] });
  const times: number[] = [];
  do {
    while (merged.next()) times.push(merged.row().ts);
  } while (await merged.fill());
  assert.is(times.length, 20 * 50 + 10 + 30);
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(merged.diagnostics(), []);
});

test("paths that are no logs are told", async () => {
  const empty = put(directory, "nologs/readme.txt", "x").replace("/readme.txt", "");
  const { diagnostics } = await findLogs([empty, join(directory, "missing")]);
  assert.equal(
    diagnostics.map((d) => d.code),
    ["ZEEK-NO-LOGS", "ZEEK-UNREADABLE"],
  );
});

test("which log a file is comes from its header before its name", async () => {
  const file = join(directory, "http.log");
  writeFileSync(file, HEAD.replace("#path\tt", "#path\tconn") + rows(1));
  const { logs } = await findLogs([file]);
  assert.equal(logs, [{ file, log: "conn", inFolder: false }]);
});

test("a JSON log under a name of its own is known by its columns", async () => {
  const file = put(directory, "capture.log", '{"ts":1.5,"id.orig_h":"1.2.3.4","conn_state":"S0"}\n');
  assert.is((await findLogs([file])).logs[0]?.log, "conn");
});

test("JSON: another separator of scopes, @stream, ports and counts as text, smaller units of time", async () => {
  const file = put(
    directory,
    "odd.json",
    [
      '{"@stream":"conn","ts":1781175801500,"id_orig_h":"10.0.0.1","id_resp_p":"1000","orig_bytes":"12","duration":"0.5","local_orig":"true"}',
      '{"_path":"conn","ts":1781175801500000,"id:orig_h":"10.0.0.1","id:resp_p":"1000/tcp","orig_bytes":12,"duration":0.5,"local_orig":true}',
      '{"ts":"1781175801500000000","id":{"orig_h":"10.0.0.1","resp_p":1000},"orig_bytes":12,"duration":0.5,"local_orig":"T"}',
    ].join("\n"),
  );
  const columns = ["ts", "id.orig_h", "id.resp_p", "orig_bytes", "duration", "local_orig"];
  const { rows: read, said } = await readBack(file, { columns, expected: columns, required: ["ts"] });
  assert.equal(said, []);
  assert.is(read.length, 3);
  for (const row of read) assert.equal(row.values, [1781175801.5, "10.0.0.1", 1000, 12, 0.5, true]);
  assert.is((await findLogs([file])).logs[0]?.log, "conn");
});

test("TSV: another separator of scopes, times in nanoseconds", async () => {
  const file = put(
    directory,
    "scope.log",
    `${header("ts id_orig_h id_resp_p", "time addr port")}1781175801500000000\t10.0.0.1\t1000\n`,
  );
  const columns = ["id.orig_h", "id.resp_p"];
  const { rows: read, said } = await readBack(file, { columns, expected: columns, required: ["ts"] });
  assert.equal(said, []);
  assert.equal(read, [{ values: ["10.0.0.1", 1000], line: 8, ts: 1781175801.5 }]);
});

test("JSON without what Zeek always writes is told, and so are values that are none", async () => {
  const columns = ["id.orig_h", "id.resp_p", "proto", "service"];
  const options = { columns, expected: columns, required: ["ts"] };
  const told = async (name: string, content: string) =>
    (await readBack(put(directory, name, content), options)).said;
  assert.equal(await told("ecs.json", '{"ts":1.5,"source.ip":"10.0.0.1","id.resp_p":80,"proto":"tcp"}\n'), [
    "ZEEK-NO-COLUMN 1: no record has a value id.orig_h: it counts as not set",
  ]);
  const full = '"id.orig_h":"10.0.0.1","id.resp_p":"http","proto":"tcp"';
  assert.ok((await told("port.json", `{"ts":1.5,${full}}\n`))[0]?.includes("not of its column's type"));
  const time = full.replace('"http"', "80");
  assert.ok((await told("time.json", `{"ts":"yesterday",${time}}\n`))[0]?.includes("not of its column"));
  assert.ok((await told("none.json", `{"@timestamp":1.5,${time}}\n`))[0]?.endsWith("is needed (ts)"));
});

test("a directory's logs are found by their content, whatever they are called", async () => {
  const root = join(directory, "strange");
  const conn = (uid: string) =>
    `${header("ts uid id.orig_h conn_state", "time string addr string").replace("#path\tt", "#path\tconn")}1.000000\t${uid}\t10.0.0.1\tS0\n`;
  const json = '{"ts":1.5,"uid":"Cj","id_orig_h":"10.0.0.1","conn_state":"S0"}\n';
  put(root, "a/json_streaming_conn.log", json);
  put(root, "b/conn.log.labeled", conn("C1"));
  put(root, "c/conn.log.1", conn("C2"));
  put(root, "c/conn.log.2.gz", gzipSync(conn("C3")));
  put(root, "d/sensor1_conn.log", conn("C4"));
  put(root, "d/README", "# nothing\n");
  put(root, "d/case.json", '{"a":1}\n');
  put(root, "d/conn_long.log", json);
  const { logs, diagnostics } = await findLogs([root]);
  assert.equal(diagnostics, []);
  assert.equal(
    logs.map(({ file, log }) => [file.slice(root.length + 1), log]),
    [
      ["a/json_streaming_conn.log", "conn"],
      ["b/conn.log.labeled", "conn"],
      ["c/conn.log.1", "conn"],
      ["c/conn.log.2.gz", "conn"],
      ["d/conn_long.log", "conn_long"],
      ["d/sensor1_conn.log", "conn"],
    ],
  );
});

test("a log that stands twice in a directory is read once, and that is told", async () => {
  const root = join(directory, "twice");
  const json = (uid: string) => `{"ts":1.5,"uid":"${uid}","id.orig_h":"10.0.0.1","conn_state":"S0"}\n`;
  put(root, "conn.log", json("C1"));
  put(root, "conn.log.labeled", json("C1"));
  put(root, "json_streaming_conn.log", json("C2"));
  put(root, "other/conn.log", json("C2"));
  const { logs, diagnostics } = await findLogs([root]);
  assert.equal(
    logs.map(({ file }) => file.slice(root.length + 1)),
    ["conn.log", "other/conn.log"],
  );
  assert.equal(
    diagnostics.map(({ code, file, message }) => [code, file?.slice(root.length + 1), message]),
    [
      ["ZEEK-TWICE", "conn.log.labeled", "left out: it holds the records of conn.log again"],
      ["ZEEK-TWICE", "json_streaming_conn.log", "left out: it holds the records of conn.log again"],
    ],
  );
});

test("standard input", () => {
  const script = `import { readBack } from "./test/zeek/scratch.ts"; const r = await readBack("-"); process.stdout.write([r.rows.length, r.said.length].join(" "));`;
  const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: repository,
    input: gzipSync(HEAD + rows(3)),
    encoding: "utf8",
  });
  assert.is(run.stdout.trim(), "3 0", run.stderr);
});

test.run();
