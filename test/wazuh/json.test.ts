import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { foldAscii } from "../../src/ossec/patterns/bytes.js";
import { type CJson, fieldNumber, isCJsonObject, parseCJson, printCJson } from "../../src/wazuh/cjson.js";
import { type JsonFields, jsonFields } from "../../src/wazuh/json-decoder.js";
import { eventData } from "../../src/wazuh/output/event-data.js";
import "../seed.js";

const options = { arrays: "array", nullField: "string", dstuser: null, room: 256 } as const;
const namesAndValues = (dynamic: JsonFields["dynamic"]) =>
  dynamic.map(({ name, value }) => [name, value] as const);
const fieldsOf = (text: string) => {
  const { slots, dynamic } = jsonFields(text, options);
  return [...slots, ...namesAndValues(dynamic)];
};

for (const [text, printed] of [
  ["[1, 01, 5., -.5, 1e3, -0]", "[1,1,5,-0.5,1000,0]"],
  [
    "[2147483648, 1e400, 1.5e300, 0.1, 1e-7, 123456789012345680000]",
    "[2147483648,null,1.5e+300,0.1,1e-07,1.2345678901234568e+20]",
  ],
  ["[0.30000000000000004, 1e15, 1e14]", "[0.3,1e+15,100000000000000]"],
  ['["\\u00e9\\ud83d\\ude00\\/"]', '["\xc3\xa9\xf0\x9f\x98\x80/"]'],
  ['["a\\u0000b", "\\uzzzz"]', '["a",""]'],
  ["\xef\xbb\xbf [\x01 ] rest", "[]"],
  ['{"a":1,"a":{"b":[]}}', '{"a":1,"a":{"b":[]}}'],
] as const)
  test(`cJSON reads ${text}`, () => {
    const parsed = parseCJson(text);
    assert.is(parsed === null ? null : printCJson(parsed.value, false), printed);
  });

for (const text of [
  "[+1]",
  "[.5]",
  "[0x10]",
  "[-]",
  "[1e]",
  '["\\ud83d"]',
  '["\\udc00"]',
  '["\\x41"]',
  '["\\u12"]',
  '["',
  "[1",
  "[1,]",
  '{"a"}',
  "{a:1}",
  "nul",
  "",
  `[${"1".repeat(64)}]`,
])
  test(`cJSON refuses ${text}`, () => assert.is(parseCJson(text), null));

for (const [number, text] of [
  [0.0078125, "0.007812"],
  [0.0234375, "0.023438"],
  [-0.5, "-0.500000"],
  [1e22, "10000000000000000000000.000000"],
  [-2147483648, "-2147483648"],
  [-2147483649, "-2147483649.000000"],
  [1e60, "999999999999999949387135297074018866963645011013410073083904.00"],
] as const)
  test(`C writes the number ${number}`, () => assert.is(fieldNumber(number), text));

test("depth: 1000 levels are read, one more is not, 10,000 do no harm", () => {
  const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  assert.ok(parseCJson(nested(1000)) !== null);
  assert.is(parseCJson(nested(1001)), null);
  assert.equal(fieldsOf(`{"a":${nested(10_000)}}`), []);
  const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  assert.is(fieldsOf(objects(1000)).length, 1);
  assert.equal(fieldsOf(objects(10_000)), []);
});

test("a megabyte of JSON: many members, long texts, backslashes", () => {
  assert.is(fieldsOf(`{"id":"x",${'"n":1,'.repeat(150_000)}"srcip":"y"}`).length, 258);
  assert.is(fieldsOf(`{"a":"${"\\n".repeat(500_000)}"}`)[0]?.[1].length, 500_000);
  assert.equal(fieldsOf(`{"a":"${"\\".repeat(1_000_000)}`), []);
  assert.is(fieldsOf(`{"a":[${'"x\\\\",'.repeat(150_000)}1]}`).length, 1);
});

test("a list without plain members is no field; what is too long for the engine's buffer neither", () => {
  const list = (text: string) => namesAndValues(jsonFields(text, { ...options, arrays: "csv" }).dynamic);
  assert.equal(list('{"a":[{"b":1},[2]]}'), []);
  assert.equal(list('{"a":["","b"]}'), [["a", ",b"]]);
  assert.equal(list(`{"a":[${`"${"x".repeat(1000)}",`.repeat(70)}1]}`), []);
});

test("user fills dstuser where it is not set before, by JSON or by another decoder", () => {
  const { dynamic } = jsonFields('{"user":"a"}', { ...options, dstuser: "x" });
  assert.equal(namesAndValues(dynamic), [["user", "a"]]);
  assert.equal(jsonFields('{"user":"a"}', { ...options, dstuser: "" }).slots, [["dstuser", "a"]]);
});

/** Names of the members that are no objects, in order. */
function pathsOf(value: CJson, around: string): readonly string[] {
  if (!isCJsonObject(value)) return [around.slice(1)];
  return value.members.flatMap(([name, member]) => pathsOf(member, `${around}.${name}`));
}

test("names are joined by dots, whatever names the texts before had", () => {
  const names = [
    '"a"',
    '"b"',
    '"A"',
    '"\\u0061"',
    '"a.b"',
    '"x\\"y"',
    '""',
    '"\\u0000"',
    '"é"',
    '"abcdefghijklmnop"',
  ];
  const { value: object } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom("1", '"x"'),
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie("value")), { minLength: 1, maxLength: 4 })
        .map((members) => `{ ${members.map(([name, value]) => `${name} :${value}`).join(" , ")}}`),
    ),
  }));
  fc.assert(
    fc.property(fc.array(object, { minLength: 1, maxLength: 6 }), (texts) => {
      for (const text of texts) {
        const parsed = parseCJson(`{"o":${text}}`);
        assert.ok(parsed !== null);
        const { dynamic } = jsonFields(`{"o":${text}}`, options);
        assert.equal(
          dynamic.map(({ name }) => name),
          pathsOf(parsed.value, ""),
        );
        for (const { name, folded } of dynamic) assert.is(folded, foldAscii(name));
      }
    }),
    { numRuns: 2000 },
  );
});

test("more names than are remembered", () => {
  for (let round = 0; round < 3; round += 1) {
    const members = Array.from({ length: 6000 }, (_, at) => `"n${round}-${at}":{"m":1}`);
    const { dynamic } = jsonFields(`{${members.join(",")}}`, { ...options, room: 6000 });
    assert.is(dynamic[5999]?.name, `n${round}-5999.m`);
  }
});

test("data: names part at dots, the first of two equal ones holds, arrays are arrays", () => {
  const data = eventData(
    [["id", "5"]],
    [
      { name: "ID.x", folded: "id.x", value: "1" },
      { name: "a.b", folded: "a.b", value: '[1, "x"]' },
      { name: "A.c", folded: "a.c", value: "[1" },
      { name: "a", folded: "a", value: "2" },
      { name: "e", folded: "e", value: "" },
    ],
  );
  assert.is(data.text, '{"id":"5","a":{"b":[1,"x"],"c":"[1"}}');
});

test("what JSON can say is read as JavaScript reads it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), fc.boolean(), (value, spaced) => {
      // Numbers are another test's.
      const plain = JSON.stringify(value, (_, member) =>
        typeof member === "number" ? (member % 1000) | 0 : member,
      );
      const read: unknown = JSON.parse(plain);
      const text = Buffer.from(JSON.stringify(read, null, spaced ? 1 : 0), "utf8").toString("latin1");
      if (/\\u(?:0000|d[89a-f])/.test(text)) return;
      const parsed = parseCJson(text);
      assert.ok(parsed !== null && parsed.end === text.length);
      const again = Buffer.from(printCJson(parsed.value, spaced), "latin1").toString("utf8");
      assert.equal(JSON.parse(again), read);
    }),
    { numRuns: 500 },
  );
});

test("no text throws", () => {
  const parts = [
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "a",
    "1",
    "e",
    "-",
    ".",
    "u",
    "0000",
    "true",
    "null",
    " ",
    "\xe9",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 20 }), (chosen) => {
      const text = chosen.join("");
      const parsed = parseCJson(text);
      if (parsed !== null) assert.ok(parseCJson(printCJson(parsed.value, true)) !== null);
      const { slots, dynamic } = jsonFields(`{"a":${text}`, options);
      eventData(slots, dynamic);
    }),
    { numRuns: 5000 },
  );
});

test.run();
