import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Backtracker } from "../../../src/ossec/patterns/backtracker.js";
import { needsBacktracker } from "../../../src/ossec/patterns/emit.js";
import { safeTextLength, stepsByWays, surelySafeLength } from "../../../src/ossec/patterns/growth.js";
import { engineLimits } from "../../../src/ossec/patterns/limits.js";
import { stepsByLoops } from "../../../src/ossec/patterns/loop-count.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";

function treeOf(text: string) {
  const parsed = parsePcre2(text);
  if (!parsed.ok) throw new Error(`${text} does not parse`);
  return parsed.value;
}

test("the more loops, the shorter the texts; loops of groups are not counted", () => {
  const lengths = ["^abc$", "^a+b", "^a+a+b", "^a+a+a+b", "^a+a+a+a+b"].map((text) =>
    surelySafeLength(treeOf(text).root),
  );
  assert.equal(
    lengths,
    lengths.toSorted((one, other) => other - one),
  );
  assert.ok((lengths[0] ?? 0) > 6135);
  assert.ok((lengths[4] ?? 0) > 30);
  for (const text of ["^(a|b)*c", "^(?:ab+)+c", "(a)\\1b", "^(?=a+)b", "^(?>a+)b"])
    assert.is(surelySafeLength(treeOf(text).root), 0, text);
});

test("a loop that takes nothing of what follows leaves no choice", () => {
  for (const text of [
    "^(\\S+) \\d+ (\\S+) \\S+ \\S+ \\S+ (\\d+) ",
    "^\\w+: [^:]*: \\d{1,3}\\.\\d{1,3} x",
    "^(?:a+b|c+d|e+f) ",
  ])
    assert.is(surelySafeLength(treeOf(text).root), 65536, text);
});

test("the automaton proves what lines of real logs need", () => {
  for (const text of [
    "auth\\(.+\\): \\S+\\((\\S+),(\\S+)\\):",
    "(\\S+ \\S*) .* (\\S+) \\S*.* (\\d{3}) \\S+ \\S+ \\S+",
    "client (?:@\\S+ )?(\\S+)#\\d+[ ]*?\\S*: ",
  ])
    assert.ok(safeTextLength(treeOf(text).root) > 200, text);
  for (const text of ["(a|aa)+$", '"(?:\\\\.|[^"])*"', "(?:a|b|ab)*c"])
    assert.is(safeTextLength(treeOf(text).root), -1, text);
});

const piece = fc.constantFrom(
  "a",
  "b",
  " ",
  "[ab]",
  "a?",
  "(a)",
  "(?:a|ab)",
  "(?:a|b|ab)?",
  "(?:a?b?){0,3}",
  "(?:a+ )?",
  "(?:\\S+ |b)",
  "\\S",
);
const loop = fc.constantFrom("a+", "[ab]*", ".*", "\\S+", "a{2,}", "b*?", "[^c]+?", "a{0,9}", "[ ]*?", " +");
const group = fc
  .tuple(
    fc.array(fc.oneof(piece, loop), { minLength: 1, maxLength: 3 }),
    fc.constantFrom("*", "+?", "{2}", "{0,4}", "{2,}", "*+"),
  )
  .map(([parts, times]) => `(?:${parts.join("")})${times}`);
const end = fc.constantFrom("", "c", "$");
const join = ([start, parts, last]: readonly [string, readonly string[], string]): string =>
  start + parts.join("") + last;
const start = fc.constantFrom("^", "");
const flat = fc.tuple(start, fc.array(fc.oneof(piece, loop), { minLength: 1, maxLength: 7 }), end).map(join);
const nested = fc
  .tuple(start, fc.array(fc.oneof(piece, loop, group), { minLength: 1, maxLength: 5 }), end)
  .map(join);
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", " ", "c"), maxLength: 40 }),
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom("a", "b", " "), minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 40 }),
    )
    .map(([unit, times]) => unit.repeat(times)),
);

for (const [name, patterns, boundOf] of [
  ["counted by its loops", flat, stepsByLoops],
  ["counted by its ways", nested, stepsByWays],
] as const) {
  test(`no pattern takes more steps than ${name}`, () => {
    let [bounded, near] = [0, 0];
    fc.assert(
      fc.property(patterns, text, (pattern, subject) => {
        const tree = treeOf(pattern);
        if (needsBacktracker(tree.root)) return;
        const bound = boundOf(tree.root)?.(subject.length, false) ?? Infinity;
        if (bound > engineLimits.steps) return;
        const { exhausted, steps } = new Backtracker(tree, { ...engineLimits, words: Infinity }).measure(
          subject,
        );
        assert.not(exhausted, pattern);
        assert.ok(steps <= bound, `${pattern}: ${steps} steps where ${bound} are promised`);
        bounded += 1;
        if (steps * 20 > bound) near += 1;
      }),
      { numRuns: 1500 },
    );
    assert.ok(bounded > 500 && near > 20, `${bounded} with a bound, ${near} near it`);
  });
}

test.run();
