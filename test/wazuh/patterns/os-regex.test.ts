import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { beforeText, type Matcher } from "../../../src/ossec/patterns/types.js";
import { compileWazuhPattern } from "../../../src/wazuh/patterns/index.js";
import "../../seed.js";
import { slowOsRegex } from "./slow-os-regex.js";

function compiled(text: string): Matcher | null {
  const result = compileWazuhPattern({ language: "osregex", text });
  return result.ok ? result.value : null;
}

const exec = (matcher: Matcher, text: string) => {
  const match = matcher.exec(text);
  if (match?.crash === true) return "dies";
  return match === null ? null : [match.end === beforeText ? -1 : match.end, match.captures];
};

for (const [pattern, text, answer] of [
  ["^user \\w+", "user bob x", [9, []]],
  ["^user \\w+", "user bob", [6, []]],
  ["\\d*", "a", [-1, []]],
  ["^$", "", [0, []]],
  ["$", "a", null],
  ["", "a", [1, []]],
  ["ü", "ü", null],
  ["\\S(\\s*)$", "aa", "dies"],
  ["(foo)|(bar)", "xbar", [4, ["bar"]]],
  ["(\\d*)\\W", " ", [1, [""]]],
  ["\\p(\\w*=)|\\S*\\w", "a", [1, []]],
] as const)
  test(`${pattern} on ${text}`, () => {
    const matcher = compiled(pattern);
    assert.ok(matcher !== null);
    assert.equal(exec(matcher, text), answer);
  });

for (const pattern of ["\\n", "\\[", "\\/", "a)", "(a", "((a))", "(a|b)", "\\", "a".repeat(20481)])
  test(`the engine refuses ${pattern.slice(0, 20)}`, () => assert.is(compiled(pattern), null));

const parts = [
  "a",
  "b",
  "B",
  "1",
  " ",
  "(",
  ")",
  "|",
  "^",
  "$",
  "\\w",
  "\\d",
  "\\s",
  "\\S",
  "\\.",
  "\\D",
  "\\p",
  "\\$",
  "+",
  "*",
  "\\w+",
  "\\d*",
  "\\d+:",
  "\\s+",
  "\\.*",
  "(\\S+)",
  ":",
  "\xe9",
];
const joined = (from: readonly string[], longest: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...from), { maxLength: longest }).map((chosen) => chosen.join(""));

function agrees(pattern: string, text: string): void {
  const matcher = compiled(pattern);
  if (matcher === null) return;
  assert.equal(exec(matcher, text), slowOsRegex(pattern, text, true));
  const slow = slowOsRegex(pattern, text, false);
  const end = matcher.endOf(text);
  assert.is(
    end === beforeText ? -1 : end === -1 ? null : end,
    slow === null || slow === "dies" ? null : slow[0],
  );
  assert.is(matcher.test(text), slow !== null);
}

test("the matcher does what the steps say, with captures and without", () => {
  const texts = joined(["a", "b", "A", "1", " ", ":", "$", "\xe9"], 14);
  fc.assert(fc.property(joined(parts, 10), texts, agrees), { numRuns: 60_000 });
});

test("the same of patterns that have what the prefilters look for", () => {
  const classes = ["\\w", "\\d", "\\s", "\\S", "\\.", "\\p"];
  const unit = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("a", "b", ":", "1", "ab", ":1", "x") },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...classes), fc.constantFrom("", "+", "*", "", "+"))
        .map((chosen) => chosen.join("")),
    },
    { weight: 1, arbitrary: fc.constantFrom("(\\w+)", "(\\d*)", "(\\.+)", "|", "(a)", "(\\S)") },
  );
  const patterns = fc
    .tuple(
      fc.constantFrom("", "", "^"),
      fc.array(unit, { minLength: 1, maxLength: 8 }),
      fc.constantFrom("", "$"),
    )
    .map(([start, units, end]) => start + units.join("") + end);
  const texts = joined(["a", "b", "A", "1", "11", " ", ":", ":1", "ab", "x", "(", ": "], 16);
  fc.assert(fc.property(patterns, texts, agrees), { numRuns: 20_000 });
});

test.run();
