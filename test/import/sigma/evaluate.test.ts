import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseCondition } from "../../../src/import/sigma/condition.js";
import { evaluate } from "../../../src/import/sigma/evaluate.js";
import { Refusal, type Test, type ValueTest } from "../../../src/import/sigma/rule.js";
import { parseModifiers, piecesOf } from "../../../src/import/sigma/values.js";

const test = suite("import/sigma/evaluate");
const place = { file: "x.yml", line: 1, column: 1 };

function field(key: string, value: string | number | boolean | null): Test {
  const { field: name, make, negated } = parseModifiers(key, place);
  const tests = make({ kind: "scalar", value, text: value === null ? "" : String(value), place });
  const of: Test = { kind: "any", of: tests.map((test) => ({ kind: "field", field: name, test, place })) };
  return negated ? { kind: "not", of } : of;
}

const holds = (
  key: string,
  value: string | number | boolean | null,
  seen: string | number | undefined,
): boolean =>
  evaluate(field(key, value), new Map(seen === undefined ? [] : [[key.split("|")[0] ?? "", seen]]));

test("values: whole, without letter case, with wildcards and escapes", () => {
  assert.ok(holds("a", "Curl*", "cURL/8"));
  assert.not.ok(holds("a", "curl", "curl/8"));
  assert.ok(holds("a", "c?rl", "curl"));
  assert.ok(holds("a", "50\\*", "50*"));
  assert.not.ok(holds("a", "50\\*", "500"));
  assert.ok(holds("a", "C:\\\\*", "c:\\windows"));
  assert.ok(holds("a", "a\\b", "A\\B"));
  assert.not.ok(holds("a|cased", "Curl", "curl"));
  assert.ok(holds("a", 404, 404));
  assert.ok(holds("a", null, undefined));
  assert.not.ok(holds("a", "*", undefined));
  assert.ok(holds("a", "", ""));
});

test("modifiers", () => {
  assert.ok(holds("a|contains", "B", "abc"));
  assert.ok(holds("a|startswith", "a", "abc"));
  assert.not.ok(holds("a|endswith", "b", "abc"));
  assert.ok(holds("a|re", "^A.c$", "Abc"));
  assert.not.ok(holds("a|re", "^A.c$", "abc"));
  assert.ok(holds("a|re|i", "^A.c$", "abc"));
  assert.ok(holds("a|cidr", "10.0.0.0/8", "10.9.8.7"));
  assert.not.ok(holds("a|cidr", "10.0.0.0/8", "11.9.8.7"));
  assert.ok(holds("a|cidr", "fe80::/10", "fe80::1"));
  assert.ok(holds("a|gte", 5, "5"));
  assert.not.ok(holds("a|gt", 5, "5"));
  assert.ok(holds("a|exists", false, undefined));
});

test("a text without wildcards is found as it is, whatever backslashes stand in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\\", "*", "?", "B") }), (text) => {
      const escaped = text.replace(/[\\*?]/g, "\\$&");
      assert.equal(piecesOf(escaped), text === "" ? [] : [{ kind: "text", text }]);
    }),
  );
});

test("conditions: not before and before or; one and all of several", () => {
  const truth = (value: boolean): Test => ({
    kind: "field",
    field: "a",
    test: { kind: "exists", value } satisfies ValueTest,
    place,
  });
  const selections = new Map([
    ["t", truth(true)],
    ["f", truth(false)],
    ["sel_1", truth(true)],
    ["sel_2", truth(false)],
    ["_hidden", truth(false)],
  ]);
  const says = (text: string): boolean =>
    evaluate(parseCondition(text, selections, place), new Map([["a", "x"]]));
  assert.ok(says("t or f and f"));
  assert.not.ok(says("(t or f) and f"));
  assert.ok(says("not f and t"));
  assert.not.ok(says("not (f or t)"));
  assert.ok(says("1 of sel_*"));
  assert.not.ok(says("all of sel_*"));
  assert.ok(says("not all of them"));
  assert.ok(says("1 of them"));
  for (const broken of ["", "t and", "(t", "t t", "nobody", "2 of sel_*", "1 of nobody*", "t | count() > 5"])
    assert.throws(
      () => says(broken),
      (error: unknown) => error instanceof Refusal,
      broken,
    );
});

test.run();
