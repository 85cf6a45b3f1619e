/** The one-pass reader of regular lines and the general reader say the same of every line that both read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bindTsv, type LogRow, noMarks, nothingLeft, type Wanted } from "../../src/zeek/logs/rows.js";
import { type LogColumn, parseLogType } from "../../src/zeek/logs/types.js";
import { DEFAULT_TSV } from "../../src/zeek/logs/write.js";
import { copied } from "./helpers.js";

const test = suite("Regular lines");

const columns: readonly LogColumn[] = [
  ["ts", "time"],
  ["uid", "string"],
  ["id.orig_h", "addr"],
  ["id.orig_p", "port"],
  ["proto", "enum"],
  ["duration", "interval"],
  ["orig_bytes", "count"],
  ["balance", "int"],
  ["ratio", "double"],
  ["local_orig", "bool"],
  ["history", "string"],
  ["parents", "set[string]"],
  ["net", "subnet"],
].map(([name = "", type = ""]) => ({ name, type: parseLogType(type) }));
const names = columns.map(({ name }) => name);

const fresh = ({ numbers }: Wanted): LogRow => ({
  values: [],
  numbers: new Float64Array(numbers?.length ?? 0),
  marks: noMarks,
  ts: Number.NaN,
  file: "",
  line: 0,
  path: undefined,
  rest: nothingLeft,
});

/** Reads the line both ways. True where the one-pass reader took it. */
function agree(wanted: Wanted, line: Buffer): boolean {
  const rows = bindTsv(columns, DEFAULT_TSV, wanted);
  if (rows?.regular === undefined) throw new Error("not bound");
  const { regular } = rows;
  const text = Buffer.concat([line, Buffer.from("\n")]);
  const quick = fresh(wanted);
  const stop = regular.read(text, 0, quick);
  if (stop < 0) return false;
  const slow = fresh(wanted);
  assert.is(stop, rows.scan(text, 0, text.length));
  assert.is(rows.decode(text, slow), undefined);
  const early = (row: LogRow) =>
    (wanted.columns ?? names).map((name, i) => (wanted.later?.includes(name) ? "later" : row.values[i]));
  assert.equal([early(quick), [...quick.numbers], quick.ts], [early(slow), [...slow.numbers], slow.ts]);
  regular.rest(text, quick);
  rows.rest(text, slow);
  assert.equal(quick.values, slow.values);
  return true;
}

const fields: readonly (readonly string[])[] = [
  [
    "1781136000.000001",
    "1.5",
    "0.000000",
    "1781136000",
    "9999999999.999999",
    "-1.000000",
    "2026-06-11T00:00:00Z",
  ],
  ["CHhAvVGS1DHFjwGM9", "-", "(empty)", "a\\x09b", "x", "\x01"],
  ["10.0.0.1", "256.1.1.1", "1.2.3", "1.2.3.04", "2001:db8::1", "2001:DB8:0::1", "-", "1.2.3.4."],
  ["80", "65535", "65536", "80/tcp", "-", "007"],
  ["tcp", "-", "icmp", "unknown_transport", "^"],
  ["0.123456", "-", "-0.500000", "12", "nan", "0.1234567", ".500000", "00000000001.000000"],
  ["0", "-", "18446744073709551615", "123456789012345", "1234567890123456", "+1", ""],
  ["-5", "5", "-", "--"],
  ["0.5", "1e-7", "-", "x"],
  ["T", "F", "-", "1", "X"],
  ["ShADadFf", "-", "^S", "ABCDEFGHIJ", ""],
  ["(empty)", "-", "a,b", "-,(empty)"],
  ["10.0.0.0/8", "-", "x", "10.0.0.0/8\r"],
];
/** Mostly the field's first form, which is the one that Zeek writes. */
const line = fc
  .tuple(
    ...fields.map((forms) =>
      fc.oneof({ weight: 6, arbitrary: fc.constant(forms[0] ?? "") }, fc.constantFrom(...forms)),
    ),
  )
  .map((parts) => parts.join("\t"));

const some = (from: readonly string[]) => fc.subarray([...from]);
const wanted: fc.Arbitrary<Wanted> = fc
  .tuple(fc.shuffledSubarray(names), some(names), some(["duration", "orig_bytes", "balance"]), fc.boolean())
  .map(([chosen, later, numbers, needsTs]) => ({
    columns: [...new Set([...chosen, ...numbers])],
    later,
    numbers,
    required: needsTs ? ["ts"] : [],
  }));

test("agree with the general reader, whatever is asked for and however values are spelled", () => {
  let taken = 0;
  fc.assert(
    fc.property(wanted, line, (what, text) => {
      if (agree(what, Buffer.from(text, "latin1"))) taken++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken > 300, `${taken} lines`);
});

test("agree on lines with bytes changed, cut and doubled", () => {
  fc.assert(
    fc.property(
      wanted,
      line,
      fc.nat(),
      fc.nat(255),
      fc.constantFrom("byte", "cut", "double"),
      (what, text, at, byte, how) => {
        const bytes = Buffer.from(text, "latin1");
        const place = at % bytes.length;
        if (byte === 10) return;
        bytes[place] = byte;
        const head = bytes.subarray(0, place);
        agree(
          what,
          how === "byte"
            ? bytes
            : Buffer.concat([head, bytes.subarray(how === "cut" ? place + 1 : place - 1)]),
        );
      },
    ),
    { numRuns: 3000 },
  );
});

test("take the lines of a log as Zeek writes them", () => {
  const log = readFileSync(join(copied, "windows", "w001", "conn.log"), "latin1").split("\n");
  const header = (name: string) =>
    log
      .find((text) => text.startsWith(name))
      ?.split("\t")
      .slice(1) ?? [];
  const types = header("#types");
  const bound = bindTsv(
    header("#fields").map((name, i) => ({ name, type: parseLogType(types[i] ?? "") })),
    DEFAULT_TSV,
    { columns: undefined, required: ["ts"] },
  );
  const rows = log.filter((text) => text !== "" && !text.startsWith("#"));
  assert.ok(rows.length > 0);
  for (const text of rows) {
    const bytes = Buffer.from(`${text}\n`, "latin1");
    assert.is(bound?.regular?.read(bytes, 0, fresh({ columns: undefined, required: [] })), bytes.length - 1);
  }
});

test.run();
