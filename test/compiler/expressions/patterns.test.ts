import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toZeekPattern } from "../../../src/compiler/expressions/patterns/zeek.js";
import { compilePattern } from "../../../src/detections/expressions/pattern.js";
import { evaluateZeek } from "./zeek-reference.js";

const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** What the translation says about a text, by the replay and by the tests' own evaluator of Zeek. */
function answers(expression: RegExp, ascii: boolean, subject: string): readonly boolean[] | undefined {
  const made = toZeekPattern(expression, ascii);
  switch (made.kind) {
    case "refused":
      return undefined;
    case "always":
      return [true];
    case "never":
      return [false];
    case "empty":
      return [subject === ""];
    case "in":
    case "==": {
      const matcher = compilePattern(made.source);
      if (matcher === undefined) throw new Error(`/${made.source}/ does not parse`);
      const replay = made.kind === "in" ? matcher.within(bytes(subject)) : matcher.whole(bytes(subject));
      const zeek = evaluateZeek(`/${made.source}/ ${made.kind} s`, { s: { t: "string", v: bytes(subject) } });
      return [replay, zeek.v === true];
    }
  }
}

const piece = fc.constantFrom(
  ..."a b c S / . \\. \\d \\w \\s \\D \\W \\S [ab] [^a] [^\\n] [é] [^é] [a-zé] é 😀 \\/ \\$ \\^ \\x41 \\u00e9 - \" ' # { } [\\]\\-^] [/] \\t , ; & | @".split(
    " ",
  ),
);
const quantifier = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "*?");
const { pattern } = fc.letrec<{ pattern: string; branch: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    piece,
    piece,
    tie("pattern").map((inner) => `(${inner})`),
    tie("pattern").map((inner) => `(?:${inner})`),
  ),
  branch: fc
    .tuple(
      fc.constantFrom("", "", "^"),
      fc.array(
        fc.tuple(tie("atom"), quantifier).map((parts) => parts.join("")),
        { maxLength: 3 },
      ),
      fc.constantFrom("", "", "$"),
    )
    .map(([start, parts, end]) => start + parts.join("") + end),
  pattern: fc.array(tie("branch"), { minLength: 1, maxLength: 2 }).map((branches) => branches.join("|")),
}));
const subject = fc
  .array(
    fc.constantFrom(..."a b c S A / . é É 😀 \u2028 1 _ - 漢 \n".split(" "), " ", "aab", "\r", "{", '"'),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

test("a translated expression matches what JavaScript's matches", () => {
  let translated = 0;
  fc.assert(
    fc.property(
      pattern,
      fc.constantFrom("", "i", "u", "s", "iu", "m"),
      fc.array(subject, { minLength: 5, maxLength: 5 }),
      (source, flags, subjects) => {
        let expression: RegExp;
        try {
          expression = new RegExp(source, flags);
        } catch {
          return;
        }
        for (const one of subjects) {
          const isAscii = !/[^\0-\x7f]/.test(one);
          for (const ascii of isAscii ? [true, false] : [false]) {
            const said = answers(expression, ascii, one);
            if (said === undefined) continue;
            translated++;
            const expected = expression.test(one);
            assert.ok(
              said.every((answer) => answer === expected),
              `${expression} on ${JSON.stringify(one)}: ${said}, not ${expected}: ${JSON.stringify(toZeekPattern(expression, ascii))}`,
            );
          }
        }
      },
    ),
    { numRuns: Number(process.env.ZOPF_RUNS ?? 1500) },
  );
  assert.ok(translated > 1000, String(translated));
});

const source = (expression: RegExp, ascii = true): unknown => {
  const made = toZeekPattern(expression, ascii);
  return "source" in made
    ? `${made.kind} ${made.source}`
    : made.kind === "refused"
      ? made.message
      : made.kind;
};

test("the forms that people write stay readable", () => {
  assert.is(source(/^\^/), "in ^\\^");
  assert.is(source(/S0|REJ/), "in S0|REJ");
  assert.is(source(/^(S0|REJ)$/), "== S0|REJ");
  assert.is(source(/^S0|REJ$/), "== S0(.|\\n)*|(.|\\n)*REJ");
  assert.is(source(/\d+\s\w/), "in [0-9]+[\\t-\\x0d\\x20][0-9A-Z_a-z]");
  assert.is(source(/[^a]b/), "in [^a]b");
  assert.is(source(/nmap|masscan/i), "in [Nn][Mm][Aa][Pp]|[Mm][Aa][Ss][Ss][Cc][Aa][Nn]");
  assert.is(source(/a*/), "always");
  assert.is(source(/^$/), "empty");
  assert.is(source(/é/), "never");
  assert.is(source(/é/, false), "in \\xc3\\xa9");
  assert.is(source(/(^|\.)example\.com$/), "== ((.|\\n)*\\.)?example\\.com");
});

test("what Zeek's patterns do not have is refused by name", () => {
  for (const [expression, message] of [
    [/(?=a)b/, "a lookahead"],
    [/(?<!a)b/, "a lookbehind"],
    [/(a)\1/, "a back-reference"],
    [/(?<x>a)\k<x>/, "a back-reference"],
    [/\bfoo/, "\\b (word boundary)"],
    [/\p{L}/u, "Unicode properties (\\p{...})"],
    [/^a/m, "the flag m: ^ and $ at line ends"],
    [/a/g, "the flags g and y remember a position between calls"],
    [/a^b/, "^ or $ in the middle or inside a repetition"],
    [/É/i, "the flag i with a letter beyond ASCII"],
    [/a{2000}/, "more than 1000 repetitions"],
  ] as const) {
    assert.is(source(expression), message);
  }
  assert.ok(String(source(/a.c/, false)).startsWith("without the flag u"));
});

test("matching is linear in the text, whatever the pattern", () => {
  const matcher = compilePattern("(a+)+b|(a|aa)+c");
  assert.is(matcher?.within("a".repeat(200_000)), false);
});

test.run();
