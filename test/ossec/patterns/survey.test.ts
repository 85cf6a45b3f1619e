import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { literalsDecide, requiredLiterals } from "../../../src/ossec/patterns/literals.js";
import { parsePcre2 } from "../../../src/ossec/patterns/pcre2/parse.js";
import { surveyPcre2 } from "../../../src/ossec/patterns/pcre2/survey.js";
import { pcre2Patterns } from "./pcre2-generator.js";

/** What the survey says is what the parser's tree says; a pattern that is refused is never surveyed. */
function agrees(pattern: string): boolean {
  const survey = surveyPcre2(pattern);
  if (survey === null) return false;
  const tree = parsePcre2(pattern);
  assert.ok(tree.ok, `${pattern} is refused`);
  if (!tree.ok) return false;
  const { root, groups } = tree.value;
  assert.is(survey.groups, groups, pattern);
  assert.equal(survey.literals, requiredLiterals(root), pattern);
  if (survey.literalsDecide !== null) assert.is(survey.literalsDecide, literalsDecide(root), pattern);
  return true;
}

const surveyed = [
  "session opened for user ",
  "Failed|^error: PAM: Authentication",
  "authenticated\\.$",
  "^pam_unix\\S+: check pass; user unknown$",
  "^([A-Za-z0-9@_-]+) from (\\d+\\.\\d+\\.\\d+\\.\\d+) port \\d+$",
  "^(?:a|bc)d+?(e)?[()*+,.:;<=>?\\[\\]]+",
  "a{2}b{1,3}c{2,}[xy]{0}z{,3}{x",
  "ÉàA|É\\É",
  "(|a)b(c||d)",
  `(${"long ".repeat(20)})x`,
  `${"a".repeat(70)}[bc]`,
];

for (const pattern of surveyed) {
  test(`the survey reads ${pattern.slice(0, 60)}`, () => assert.ok(agrees(pattern)));
}

const left = [
  "",
  "*",
  "a**",
  "a{3,2}",
  "a{70000}",
  "^*",
  "(",
  ")",
  "a(b",
  "[a",
  "[[:alpha:]]",
  "[[:<:]]",
  "\\",
  "\\1",
  "\\Qa\\E",
  "[\\Qa\\E]",
  "(?i)a",
  "(?=a)",
  "(*FAIL)",
  "(*LF)a",
  "(ab){3}",
  "\\x41",
  "\\j",
  "[b-a]",
  `${"(".repeat(40)}a${")".repeat(40)}`,
  "a".repeat(2000),
];

for (const pattern of left) {
  test(`the survey leaves ${pattern.slice(0, 40)} to the parser`, () => assert.not(agrees(pattern)));
}

test("the survey agrees with the parser on random patterns", () => {
  let read = 0;
  fc.assert(
    fc.property(pcre2Patterns, (pattern) => {
      if (agrees(pattern)) read++;
    }),
    { numRuns: 5000 },
  );
  assert.ok(read > 0);
});

const pieces = fc.constantFrom(
  ..."a A b 1 - _ . ^ $ | ( ) (?: [ab] [^a] [A-Z0-9_-] [\\w.] \\. \\d \\S \\s \\( \\[ \\t \\z \\b { } ] é É".split(
    " ",
  ),
  ..."+ * ? +? *+ {2} {1,3} {2,} {0} {1} {,3} \\Q \\E (?#".split(" "),
  " ",
);

test("the survey agrees with the parser on random rows of what it reads", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (row) => {
      agrees(row.join(""));
    }),
    { numRuns: 10_000 },
  );
});

test.run();
