/** docs/reference/zeek.md#escaping and #header-lines: how Zeek writes values, row by row of its table. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { NOTICE_COLUMNS, noticeValues } from "../../src/zeek/logs/notice.js";
import type { LogType, LogValue } from "../../src/zeek/logs/types.js";
import {
  DEFAULT_TSV,
  formatJsonRow,
  formatTsvField,
  formatTsvHeader,
  formatTsvRow,
} from "../../src/zeek/logs/write.js";
import {
  formatDouble,
  formatIsoTime,
  formatJsonDouble,
  formatSeconds,
} from "../../src/zeek/values/numbers.js";
import { header, put, readBack, scratch } from "./scratch.js";

const test = suite("Zeek log writer");
const directory = scratch();
const string: LogType = { kind: "string" };
const strings: LogType = { kind: "vector", of: "string" };
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const json = (value: LogValue, type: LogType = string) =>
  formatJsonRow([{ name: "v", type }], [value]).slice(5, -1);

const table: readonly (readonly [LogValue, string, string])[] = [
  ["tab\there", "tab\\x09here", '"tab\\there"'],
  ["quote\"single'", "quote\"single'", '"quote\\"single\'"'],
  ["back\\slash", "back\\\\slash", '"back\\\\slash"'],
  ["\n\r", "\\x0a\\x0d", '"\\n\\r"'],
  ["\x01\x1b\x7f", "\\x01\\x1b\\x7f", '"\\\\x01\\\\x1b\\\\x7f"'],
  ["\xff\xfe", "\\xff\\xfe", '"\\\\xff\\\\xfe"'],
  [bytes("é€"), bytes("é€"), `"${bytes("é€")}"`],
  [bytes("\u202e"), bytes("\u202e"), `"${bytes("\u202e")}"`],
  ["a\xc2\x85\xc3\xa9", "a\\xc2\\x85\\xc3\\xa9", '"a\\\\xc2\\\\x85\\\\xc3\\\\xa9"'],
  ["a b", "a b", '"a b"'],
  ["-", "\\x2d", '"-"'],
  ["", "(empty)", '""'],
  ["(empty)", "\\x28empty)", '"(empty)"'],
  ["a,b", "a,b", '"a,b"'],
  ["\\x09", "\\\\x09", '"\\\\x09"'],
];

for (const [value, tsv, inJson] of table) {
  test(`string ${JSON.stringify(value)}`, () => {
    assert.is(formatTsvField(value, string), tsv);
    assert.is(json(value), inJson);
  });
}

test("lists: commas of elements, empty, unset elements", () => {
  assert.is(formatTsvField(["a,b", "-", undefined, ""], strings), "a\\x2cb,\\x2d,-,(empty)");
  assert.is(formatTsvField([], strings), "(empty)");
  assert.is(json(["a,b"], strings), '["a,b"]');
  assert.is(json([], strings), "[]");
});

test("unset: the marker in TSV, no member in JSON", () => {
  assert.is(formatTsvField(undefined, strings), "-");
  assert.is(formatJsonRow([{ name: "v", type: string }], [undefined]), "{}");
});

test("a first column that begins with #", () => {
  assert.is(formatTsvRow([{ name: "v", type: string }], ["#x"]), "\\x23x");
  assert.is(json("#x"), '"#x"');
});

test("numbers", () => {
  const interval: LogType = { kind: "interval" };
  const double: LogType = { kind: "double" };
  const time: LogType = { kind: "time" };
  const both = (value: LogValue, type: LogType) => [formatTsvField(value, type), json(value, type)];
  assert.equal(both(90, interval), ["90.000000", "90.0"]);
  assert.equal(both(-300, interval), ["-300.000000", "-300.0"]);
  assert.equal(both(1e-7, interval), ["0.000000", "1e-7"]);
  assert.equal(both(1 / 3, double), ["0.333333", "0.3333333333333333"]);
  assert.equal(both(1e20, double), ["100000000000000000000.0", "100000000000000000000.0"]);
  assert.equal(both(1781175801.5, time), ["1781175801.500000", "1781175801.5"]);
  assert.equal(both(true, { kind: "bool" }), ["T", "true"]);
  assert.equal(both(80, { kind: "port" }), ["80", "80"]);
  assert.equal(both(18446744073709551615n, { kind: "count" }), [
    "18446744073709551615",
    "18446744073709551615",
  ]);
  assert.is(formatIsoTime(1781175801.5), "2026-06-11T11:03:21.500000Z");
  assert.is(formatDouble(0.5), "0.5");
});

test("other separators: only what they need is escaped", () => {
  const style = (separator: string) => ({ ...DEFAULT_TSV, separator });
  assert.is(formatTsvField("a|b c", string, style("|")), "a\\x7cb c");
  assert.is(formatTsvField("a | b|c", string, style(" | ")), "a\\x20\\x7c\\x20b|c");
  assert.is(formatTsvField("a b", string, style(" ")), "a\\x20b");
  assert.is(formatTsvField("?", string, { ...DEFAULT_TSV, unsetField: "?" }), "\\x3f");
});

test("the header of a log with another separator", () => {
  const head = formatTsvHeader("x", [{ name: "ts", type: { kind: "time" } }], "now", {
    ...DEFAULT_TSV,
    separator: "|",
  });
  assert.is(
    head,
    "#separator \\x7c\n#set_separator|,\n#empty_field|(empty)\n#unset_field|-\n#path|x\n#open|now\n#fields|ts\n#types|time\n",
  );
});

test("a notice as the real Zeek wrote it, in both formats", () => {
  const source = "66.132.172.191";
  const values = noticeValues({
    ts: 1781175600.000216,
    note: "Scanning::Port_Scan_Detected",
    msg: `${source} scanned 20 ports on 162.212.157.188`,
    src: source,
    suppressFor: 3600,
  });
  assert.is(
    formatTsvRow(NOTICE_COLUMNS, values),
    "1781175600.000216\t-\t-\t-\t-\t-\t-\t-\t-\t-\tScanning::Port_Scan_Detected\t66.132.172.191 scanned 20 ports on 162.212.157.188\t-\t66.132.172.191\t-\t-\t-\t-\tNotice::ACTION_LOG\t(empty)\t3600.000000\t-\t-\t-\t-\t-",
  );
  assert.is(
    formatJsonRow(NOTICE_COLUMNS, values),
    '{"ts":1781175600.000216,"note":"Scanning::Port_Scan_Detected","msg":"66.132.172.191 scanned 20 ports on 162.212.157.188","src":"66.132.172.191","actions":["Notice::ACTION_LOG"],"email_dest":[],"suppress_for":3600.0}',
  );
});

test("a notice of a connection has its ids, ends, port and protocol", () => {
  const conn = { uid: "C1", origH: "1.2.3.4", origP: 4000, respH: "5.6.7.8", respP: 22, proto: "tcp" };
  const line = formatTsvRow(NOTICE_COLUMNS, noticeValues({ ts: 1, note: "A::B", conn, suppressFor: 0 }));
  assert.is(
    line,
    "1.000000\tC1\t1.2.3.4\t4000\t5.6.7.8\t22\t-\t-\t-\ttcp\tA::B\t-\t-\t1.2.3.4\t5.6.7.8\t22\t-\t-\tNotice::ACTION_LOG\t(empty)\t0.000000\t-\t-\t-\t-\t-",
  );
});

const byteText = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 24 })
  .map((b) => String.fromCharCode(...b));
const value = fc.option(byteText, { nil: undefined });

test("law: what is written to TSV is read back", async () => {
  const columns = [
    { name: "a", type: string },
    { name: "b", type: strings },
    { name: "c", type: string },
  ];
  const rows = fc.sample(
    fc.tuple(value, fc.option(fc.array(value, { maxLength: 4 }), { nil: undefined }), value),
    400,
  );
  const file = put(
    directory,
    "law.log",
    header("a b c", "string vector[string] string") +
      rows.map((row) => `${formatTsvRow(columns, row)}\n`).join(""),
  );
  const { rows: read, said } = await readBack(file);
  assert.equal(said, []);
  // A vector of one unset element is written as the unset marker: Zeek's own ambiguity, as is [""].
  const plain = (list: readonly LogValue[]) =>
    list.map((v) =>
      Array.isArray(v) && v.length === 1 && v[0] === undefined
        ? undefined
        : Array.isArray(v) && v.length === 1 && v[0] === ""
          ? []
          : v,
    );
  assert.equal(
    read.map((r) => r.values),
    rows.map(plain),
  );
});

test("law: JSON written from any bytes is JSON and, written again, the same", async () => {
  const columns = [{ name: "a", type: string }];
  const texts = fc.sample(byteText, 400);
  const lines = texts.map((text) => formatJsonRow(columns, [text]));
  for (const line of lines) JSON.parse(Buffer.from(line, "latin1").toString("utf8"));
  const file = put(directory, "law.json", lines.map((l) => `${l}\n`).join(""));
  const { rows: read } = await readBack(file, { columns: ["a"], types: new Map([["a", string]]) });
  assert.equal(
    read.map((r) => formatJsonRow(columns, r.values)),
    lines,
  );
});

test("law: numbers come back", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      assert.is(Number(formatJsonDouble(number)), number);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (micros) => {
      const text = formatSeconds(micros / 1e6);
      assert.is(Math.round(Number(text) * 1e6), micros);
      assert.match(text, /^[0-9]+\.[0-9]{6}$/);
    }),
  );
});

test.run();
