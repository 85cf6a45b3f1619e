import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Backtracker, engineLimits } from "../../../src/ossec/patterns/backtracker.js";
import { surelySafeLength } from "../../../src/ossec/patterns/growth.js";
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

const piece = fc.constantFrom(
  "a",
  "b",
  "[ab]",
  "a?",
  "(a)",
  "(?:a|ab)",
  "(?:a|b|ab)?",
  "(?:a?b?){0,3}",
  "\\S",
);
const loop = fc.constantFrom("a+", "[ab]*", ".*", "\\S+", "a{2,}", "b*?", "[^c]+?", "a{0,9}");
const pattern = fc
  .tuple(
    fc.constantFrom("^", ""),
    fc.array(fc.oneof(piece, loop), { minLength: 1, maxLength: 7 }),
    fc.constantFrom("", "c", "$"),
  )
  .map(([start, parts, end]) => start + parts.join("") + end);

test("no pattern takes more steps than its length promises", () => {
  let tried = 0;
  fc.assert(
    fc.property(pattern, fc.constantFrom("a", "ab", "aab", "b"), (text, unit) => {
      const tree = treeOf(text);
      const length = Math.min(300, surelySafeLength(tree.root));
      if (length < 1) return;
      tried += 1;
      const { exhausted, steps, words } = new Backtracker(tree).measure(unit.repeat(length).slice(0, length));
      assert.not(exhausted, text);
      assert.ok(steps <= engineLimits.steps && words <= engineLimits.words, `${text}: ${steps} steps`);
    }),
    { numRuns: 200 },
  );
  assert.ok(tried > 50);
});

test.run();
