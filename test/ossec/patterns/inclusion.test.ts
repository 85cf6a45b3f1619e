import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { matchesWhatever } from "../../../src/ossec/patterns/inclusion.js";
import { compilePattern, type PatternSource } from "../../../src/ossec/patterns/index.js";

const test = suite("inclusion of patterns");

const m = (text: string): PatternSource => ({ language: "osmatch", text });
const r = (text: string): PatternSource => ({ language: "osregex", text });
const p = (text: string): PatternSource => ({ language: "pcre2", text });

const rows: readonly (readonly [PatternSource, PatternSource, boolean])[] = [
  [p("^sshd"), m("^sshd$"), true],
  [m("^sshd$"), p("^sshd"), false],
  [
    p(String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} `),
    r(String.raw`^\d\d\d\d-\d\d-\d\d \d\d:\d\d:\d\d app: `),
    true,
  ],
  [p(String.raw`^\d{4}-\d{2}-\d{2} `), r(String.raw`^\d+-\d+-\d+ `), false],
  [r(String.raw`^\d+-\d+-\d+ `), p(String.raw`^\d{4}-\d{2}-\d{2} `), true],
  [m("login"), p("^user \\S+ (?:login|logins) failed$"), true],
  [m("login|logout"), m("^app logout"), true],
  [m("^app logout"), m("login|logout"), false],
  [m("a$"), p("a"), false],
  [m(""), p("x"), true],
  [p("(a)\\1"), m("aa"), false],
  [p("^x"), p("^a\\x01"), false],
  [p("^a b"), p("^a\\tb"), false],
  [p("^(?:ab)*$"), m("^abab$"), true],
];

test("cases of every language", () => {
  for (const [second, first, wanted] of rows)
    assert.is(matchesWhatever(second, first), wanted, `${first.text} in ${second.text}`);
});

const piece = fc.constantFrom("a", "b", "ab", "\\d", "\\w+", "\\.*", "^a", "b$", "|", "(a|b)", " ");
const regex = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => r(pieces.join("")));

test("what is said to be included is", () => {
  fc.assert(
    fc.property(
      regex,
      regex,
      fc.array(fc.array(fc.constantFrom("a", "b", "1", " ", "x"), { maxLength: 8 }), { maxLength: 30 }),
      (first, second, texts) => {
        const [one, other] = [compilePattern(first), compilePattern(second)];
        if (!one.ok || !other.ok || !matchesWhatever(second, first)) return;
        for (const text of texts.map((characters) => characters.join("")))
          assert.ok(
            !one.value.test(text) || other.value.test(text),
            `${first.text} ${second.text} on "${text}"`,
          );
      },
    ),
    { numRuns: 500 },
  );
});

test.run();
