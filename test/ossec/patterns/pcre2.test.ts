import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Backtracker } from "../../../src/ossec/patterns/backtracker.js";
import { needsBacktracker } from "../../../src/ossec/patterns/emit.js";
import { compilePcre2 } from "../../../src/ossec/patterns/index.js";
import { engineLimits } from "../../../src/ossec/patterns/limits.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";
import { pcre2Patterns, pcre2Texts } from "./pcre2-generator.js";
import { askPcre2test, hasPcre2test } from "./pcre2test.js";

/** What a pattern makes of a text: the end of the match and the captures, or null. */
function run(pattern: string, text: string): [number, ...string[]] | null {
  const result = compilePcre2(pattern);
  if (!result.ok) throw new Error(`${pattern}: ${result.reason}`);
  const match = result.value.exec(text);
  return match === null ? null : [match.end, ...match.captures];
}

// Pattern, text, end and captures or null: all as PCRE2 10.42 answers.
const cases: readonly (readonly [string, string, [number, ...string[]] | null])[] = [
  ["(*COMMIT)h", "hello", [1]],
  ["(*COMMIT)h", "ohello", null],
  ["a+(*COMMIT)b", "aac aab", null],
  ["a+(*PRUNE)b", "aac aab", [7]],
  ["a+(*SKIP)b|a", "aac", null],
  ["(?>a(*COMMIT)b|ac)", "ac", null],
  ["(?=a(*COMMIT)b)|ac", "ac", null],
  ["(?!a(*COMMIT)b)ac", "ac", [2]],
  ["(a(*ACCEPT)b)c", "a", [1, "a"]],
  ["a(*MARK:x)b(*:y)c", "abc", [3]],
  ["(*LIMIT_MATCH=5)h", "hello", [1]],
  ["(*LIMIT_MATCH=1)a*?a*?c", "aaaac", null],
  ["(*ANYCRLF)a.c|b$", "a\rc b\r\n", [5]],
  ["(*CRLF)a.c", "a\rc", [3]],
  ["(*CR)a.c", "a\nc", [3]],
  ["(*ANY)(?m)^b$", "a\x85b\rc", [3]],
  ["(*BSR_ANYCRLF)a\\Rb", "a\x0bb", null],
  ["a\\Xb", "a\r\nb", [4]],
  ["a\\p{Greek}b|\\p{greek}|\\p{Latin}", "aab", [1]],
  ["(?(VERSION>=10.4)a|b)", "ba", [2]],
  ["(?C'x''y')a", "a", [1]],
  ["a\\z", "ba", [2]],
  ["a\\z", "a\n", null],
  ["a$", "a\n", [1]],
  ["a\\Z", "a\n", [1]],
  ["\\Ab", "ab", null],
  ["a++a", "aaa", null],
  ["(?>a+|b)c", "aac", [3]],
  ["(?>a|ab)c", "abc", null],
  ["(a)(?>(b)|c)(d)", "abd", [3, "a", "b", "d"]],
  ["a(?i:b)(?-i)C", "ABC", [3]],
  ["a(?-i)C", "Ac", null],
  ["a(?-i)b|c", "C", null],
  ["é", "É", null],
  ["[[:upper:]]", "a", [1]],
  ["[^[:upper:]]", "a", null],
  ["[]a]+", "]a", [2]],
  ["[^]a]", "]ab", [3]],
  ["a{,3}", "a{,3}", [5]],
  ["x{", "x{", [2]],
  ["\\Qa.b\\E+", "a.bb", [4]],
  ["a(?#comment)+", "aaa", [3]],
  ["\\x{41}\\x41\\101\\o{101}", "aAaA", [4]],
  ["\\0", "a\0", [2]],
  ["(a)?\\1b", "b", null],
  ["(?:(a)|b)*", "ab", [2, "a"]],
  ["(|a)+", "aa", [0, ""]],
  ["(a*)+", "aa", [2, ""]],
  ["(a)\\1", "aA", [2, "a"]],
  ["foo\\Kbar", "foobar", [6]],
  ["\\R", "\r\n", [2]],
  ["\\R\\n", "\r\n", null],
  ["\\N+", "ab\nc", [2]],
  ["\\h+", "\t \xa0", [3]],
  ["\\H", "\xa0", null],
  ["(?m)^b$", "a\nb\nc", [3]],
  ["(?m)\\n^", "a\n", null],
  ["(?s).", "\n", [1]],
  [".", "\n", null],
  ["(?x) a b # c", "ab", [2]],
  ["(?U)a+", "aaa", [1]],
  ["(?|(a)|(b))\\1", "bb", [2, "b"]],
  ["(?(?=a)a|b)", "b", [1]],
  ["(a)?(?(1)b|c)", "ab", [2, "a"]],
  ["(a)?(?(1)b|c)$", "ac", [2]],
  ["\\((?:[^()]|(?R))*\\)", "x(a(b)c)", [8]],
  ["(?(DEFINE)(?<n>a+))(?&n)b", "aab", [3]],
  ["(?<n>a)(?P>n)\\k{n}", "aaa", [3, "a"]],
  ["(?P<q>['\"]).*?(?P=q)", "'a\"b'", [5, "'"]],
  ["(?<=ab|c)d", "abd", [3]],
  ["(?<!a)b", "ab", null],
  ["[[:<:]]a[[:>:]]", "b a", [3]],
  ["(?J)(?<n>a)|(?<n>b)\\k<n>", "bb", [2, "b"]],
  ["a??b", "ab", [2]],
  ["(?^)A", "a", null],
  ["(*F)|a", "a", [1]],
  ["(*LF)a", "a", [1]],
  ["\\p{Lu}", "a", null],
  ["\\w", "é", null],
  ["\\G\\w", "a", [1]],
];

for (const [pattern, text, expected] of cases) {
  test(`${JSON.stringify(pattern)} on ${JSON.stringify(text)}`, () => {
    assert.equal(run(pattern, text), expected);
  });
}

const refused = [
  ..."( ) a) (? (?z) *a a** a{2}{3} ^* \\b+ [a [z-a] [a-\\d] [\\d-z] [[:foo:]] [[.a.]] [:alpha:] a{3,2} a{65536}".split(
    " ",
  ),
  ..."\\ \\i \\L \\8 \\1 (a)\\2 \\g{-1} \\x{100} \\x{} \\400 \\o{8} \\c \\N{U+41} (?<=a+)b (?<=(?:a|bc))d (?<=(?<=a)*b)c (?<1>a) (?<>a)".split(
    " ",
  ),
  ..."(?<n>a)(?<n>b) (?&x) (?1) (?P>n) (?(1)a) (?(1)a|b|c)(d) (?#a (*foo) (?=\\Ka) (?C256) [\\R] (?--i)".split(
    " ",
  ),
  "",
  "(".repeat(251) + ")".repeat(251),
  "(?:abcdefghij){7000}",
];

for (const pattern of refused) {
  test(`${JSON.stringify(pattern.slice(0, 30))} is refused with message 1450`, () => {
    const result = compilePcre2(pattern);
    assert.not(result.ok);
    if (!result.ok) assert.is(result.engineMessage, 1450, result.reason);
  });
}

for (const [pattern, construct] of [
  ["a(*THEN)b", "the verb (*THEN)"],
  ["(*SKIP:a)b", "the verb (*SKIP)"],
  ["(a(*ACCEPT)b)(?1)", "the verb (*ACCEPT) in a pattern that calls groups"],
  ["(*UTF)\\X", "\\X with (*UTF)"],
  ["(*UTF)\\C", "\\C with (*UTF)"],
  ["(*NOTEMPTY)a", "the setting (*NOTEMPTY)"],
  ["\\p{Nonsense}", "the property Nonsense"],
  ["(?*a)b", "non-atomic lookarounds"],
] as const) {
  test(`${pattern} is known to PCRE2, and not run: it is named`, () => {
    const result = compilePcre2(pattern);
    assert.not(result.ok);
    if (result.ok) return;
    assert.is(result.unsupported, construct);
    assert.is(result.engineMessage, undefined);
  });
}

test("JavaScript and the counting matcher agree where both can run a pattern", () => {
  fc.assert(
    fc.property(pcre2Patterns, fc.constantFrom(...pcre2Texts), (pattern, text) => {
      const tree = parsePcre2(pattern);
      fc.pre(tree.ok && !(tree.value.sharedNumbers ?? false) && !needsBacktracker(tree.value.root));
      if (!tree.ok) return;
      const compiled = compilePcre2(pattern);
      assert.ok(compiled.ok);
      assert.equal(new Backtracker(tree.value).exec(text), compiled.value.exec(text));
    }),
    { numRuns: 2000 },
  );
});

test("catastrophic patterns end", () => {
  const text = `${"a".repeat(3000)}!`;
  for (const pattern of ["^(a+)+$", "(a*)*b", "^(a{1,40}){1,40}$", `${"a?".repeat(40)}${"a".repeat(40)}b`]) {
    assert.is(run(pattern, text), null, pattern);
  }
});

test("PCRE2 itself accepts, refuses and matches the same", () => {
  if (!hasPcre2test()) {
    console.log("  skipped: pcre2test 10.42 (Debian package pcre2-utils) is not installed");
    return;
  }
  const patterns = [
    ...cases.map(([pattern]) => pattern),
    ...refused.filter((pattern) => pattern !== ""),
    ...fc.sample(pcre2Patterns, { seed: 20_261_121, numRuns: 1200 }),
  ];
  const answers = askPcre2test(patterns, pcre2Texts);
  assert.is(answers.length, patterns.length);
  const wrong: string[] = [];
  let matched = 0;
  answers.forEach((answer, index) => {
    const pattern = patterns[index] ?? "";
    const result = compilePcre2(pattern);
    if (!result.ok && result.unsupported !== undefined) return;
    if ("refused" in answer || !result.ok) {
      if (!("refused" in answer) || result.ok)
        wrong.push(`${pattern}: ${JSON.stringify(answer).slice(0, 100)}`);
      return;
    }
    answer.matches.forEach((expected, at) => {
      if (expected === "unknown") return;
      const text = pcre2Texts[at] ?? "";
      const match = result.value.exec(text);
      if (match !== null) matched++;
      if (JSON.stringify(match) !== JSON.stringify(expected)) {
        wrong.push(
          `${pattern} on ${JSON.stringify(text)}: ${JSON.stringify(match)}, not ${JSON.stringify(expected)}`,
        );
      }
    });
  });
  assert.equal(wrong, []);
  assert.ok(matched > 2000, `only ${matched} matches were compared`);
});

/** Texts on which much has to be tried, and more than the JIT's stack holds has to be repeated. */
const hostileTexts = [
  "a".repeat(1500),
  `${"ab".repeat(1100)}!`,
  `${"aab c".repeat(400)}x`,
  `${"a1 ".repeat(700)}b`,
  "bbbaaa1".repeat(300),
];

/** Did zopf give up for the time it took, within PCRE2's limits? It does with calls, and atomic groups in long loops. */
function isGivenUp(pattern: string, text: string): boolean {
  const tree = parsePcre2(pattern);
  if (!tree.ok) return false;
  const { exhausted, steps, words } = new Backtracker(tree.value).measure(text);
  return exhausted && steps <= engineLimits.steps && words <= engineLimits.words;
}

test("on hostile texts PCRE2's JIT with the engine's limits matches and gives up the same", () => {
  if (!hasPcre2test()) {
    console.log("  skipped: pcre2test 10.42 (Debian package pcre2-utils) is not installed");
    return;
  }
  const loops = fc
    .tuple(
      fc.constantFrom("", "^"),
      fc.constantFrom("(", "(?:", "(?>"),
      fc.array(pcre2Patterns, { minLength: 1, maxLength: 2 }),
      fc.constantFrom(")*", ")+", ")*?", ")+?", "){2,}", ")*+"),
      fc.constantFrom("", "$", "x", "b", "[!x]"),
    )
    .map(([start, open, bodies, close, end]) => start + open + bodies.join("|") + close + end);
  const patterns = fc.sample(loops, { seed: 20_261_129, numRuns: 250 });
  const answers = askPcre2test(patterns, hostileTexts, true);
  assert.is(answers.length, patterns.length);
  const wrong: string[] = [];
  let compared = 0;
  let givenUp = 0;
  answers.forEach((answer, index) => {
    const pattern = patterns[index] ?? "";
    const result = compilePcre2(pattern);
    if (!result.ok || "refused" in answer) return;
    answer.matches.forEach((expected, at) => {
      if (expected === "unknown") return;
      compared++;
      const text = hostileTexts[at] ?? "";
      const matches = result.value.test(text);
      if (matches === (expected !== null)) return;
      if (!matches && isGivenUp(pattern, text)) givenUp++;
      else wrong.push(`${pattern} on text ${at}: ${matches}`);
    });
  });
  assert.equal(wrong, []);
  assert.ok(givenUp < compared / 100, `${givenUp} answers were given up`);
  assert.ok(compared > 300, `only ${compared} answers were compared`);
});

test.run();
