/** Records read by the forms of earlier ones are what the general reader makes of them. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { plainDecimal } from "../../src/zeek/logs/decode.js";
import { createJsonRows, type LogRow, noMarks, nothingLeft, type Wanted } from "../../src/zeek/logs/rows.js";

const test = suite("JSON by its forms");

const fresh = ({ numbers }: Wanted): LogRow => ({
  values: [],
  numbers: new Float64Array(numbers?.length ?? 0),
  marks: noMarks,
  ts: Number.NaN,
  file: "",
  line: 0,
  path: "conn",
  rest: nothingLeft,
});

const members: readonly (readonly string[])[] = [
  ['"ts":1781136000.000001', '"ts":"2026-06-11T00:00:00Z"', '"ts":x', '"ts" :1'],
  ['"uid":"CHhAvVGS1DHFjwGM9"', '"uid":"a\\u0000b"', '"uid":"a\\"b"', '"uid":null'],
  ['"id.orig_h":"10.0.0.1"', '"id.orig_h":"2001:DB8::1"', '"id.orig_h":5', '"id":{"orig_h":"10.0.0.2"}'],
  ['"id.resp_p":80', '"id.resp_p":80]', '"id.resp_p":}', '"id.resp_p":65536'],
  ['"proto":"tcp"', '"proto":[]', '"proto":{"a":"}"}', '"proto":""'],
  ['"duration":0.5', '"duration":-1', '"duration":nan', '"duration": 0.5'],
  ['"local_orig":true', '"local_orig":1]', '"local_orig":tr ue'],
  ['"_path":"conn"', '"_path":"other"', '"_path":""'],
  ['"tags":["a","b"]', '"tags":"a"', '"tags":[', '"ts":2'],
];
const record = fc
  .tuple(
    ...members.map((forms) =>
      fc.oneof(
        { weight: 12, arbitrary: fc.constant(forms[0] ?? "") },
        { weight: 3, arbitrary: fc.constant("") },
        { weight: 1, arbitrary: fc.constantFrom(...forms) },
      ),
    ),
  )
  .map((parts) => `{${parts.filter((part) => part !== "").join(",")}}`);
const line = fc.oneof(
  { weight: 6, arbitrary: record },
  {
    weight: 1,
    arbitrary: fc.constantFrom("{}", "{", "}", '{"ts":1,}', '{"ts":1} ', '{"ts":1}x', '{"ts":1,"ts"}'),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(record, fc.nat(), fc.constantFrom("", '"', ",", "}", "{", "\\", "\x01", "]", " ", ":"))
      .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)),
  },
);

const wanted: fc.Arbitrary<Wanted> = fc.constantFrom(
  { columns: ["uid", "id.orig_h", "id.resp_p", "proto"], required: ["ts"], numbers: [] },
  { columns: ["duration", "local_orig", "ts", "tags"], required: [], numbers: ["duration"] },
  { columns: undefined, required: [] },
);

test("the same values, times, paths and problems as without anything learned", () => {
  fc.assert(
    fc.property(wanted, fc.array(line, { minLength: 2, maxLength: 30 }), (what, lines) => {
      const learned = createJsonRows(what);
      const row = fresh(what);
      for (const text of lines) {
        const bytes = Buffer.from(`${text}\n{"ts":7,"uid":"after"}\n`, "latin1");
        row.path = "conn";
        const problem = learned.decode(bytes, 0, text.length, row);
        const plain = createJsonRows(what);
        const other = fresh(what);
        assert.is(problem, plain.decode(bytes, 0, text.length, other), text);
        if (problem !== undefined) continue;
        const named = (rows: typeof plain, { values }: LogRow) =>
          new Map(
            rows.columns.flatMap(({ name }, i) => (values[i] === undefined ? [] : [[name, values[i]]])),
          );
        assert.equal(named(learned, row), named(plain, other), text);
        assert.equal([row.ts, row.path, [...row.numbers]], [other.ts, other.path, [...other.numbers]], text);
      }
    }),
    { numRuns: 1000 },
  );
});

test("plain decimals are what JSON.parse makes of them; everything else is left alone", () => {
  const digits = fc.stringMatching(/^(?:[0-9]{0,12}\.[0-9]{0,12}|[0-9.]{0,8}|-?0\.5|[0-9]\.[0-9]{1,14})$/);
  fc.assert(
    fc.property(digits, (text) => {
      const value = plainDecimal(Buffer.from(text, "latin1"), 0, text.length);
      if (Number.isNaN(value))
        assert.not.ok(/^(?:0|[1-9][0-9]*)\.[0-9]+$/.test(text) && text.length <= 16, text);
      else assert.is(value, JSON.parse(text), text);
    }),
    { numRuns: 3000 },
  );
});

test.run();
