import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PatternDefinition } from "../../src/ossec/definitions.js";
import type { Dialect } from "../../src/ossec/dialect.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { type Constraint, isUnsolvable, solve } from "../../src/samples/solve.js";
import { takes } from "../../src/samples/trees.js";
import { Patterns } from "../../src/samples/values.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";
import "../seed.js";

const letter = fc.constantFrom(..."abcdEF019 :=/.");
const word = fc.array(letter, { minLength: 1, maxLength: 8 }).map((all) => all.join(""));
const anchored = fc
  .tuple(fc.constantFrom("", "", "^"), word, fc.constantFrom("", "", "$"))
  .map((parts) => parts.join(""));

const osMatch: fc.Arbitrary<PatternDefinition> = fc
  .array(anchored, { minLength: 1, maxLength: 3 })
  .map((words) => ({ language: "osmatch", text: words.join("|") }));

const osRegexPiece = fc.oneof(
  word.map((text) => text.replace(/[.]/g, "\\.")),
  fc.constantFrom("\\d+", "\\w+", "\\S+", "\\.+", "\\s", "\\d\\d", "\\p*", "\\.*", "(\\S+)"),
);
const osRegex: fc.Arbitrary<PatternDefinition> = fc
  .tuple(
    fc.constantFrom("", "^"),
    fc.array(osRegexPiece, { minLength: 1, maxLength: 5 }),
    fc.constantFrom("", "$"),
  )
  .map(([start, pieces, end]) => ({ language: "osregex", text: start + pieces.join("") + end }));

const pcrePiece = fc.oneof(
  word.map((text) => text.replace(/[./]/g, "\\$&")),
  fc.constantFrom("\\d{1,3}", "[^a:]+", "(?:a|bc)?", "\\S+?", ".*", "(x|y)+", "[0-9a-f]{4}", "\\s*"),
);
const pcre2: fc.Arbitrary<PatternDefinition> = fc
  .array(pcrePiece, { minLength: 1, maxLength: 5 })
  .map((pieces) => ({ language: "pcre2", text: pieces.join("") }));

const pattern = fc.oneof(osMatch, osRegex, pcre2);
const dialects: readonly Dialect[] = [ossecDialects["4.3"], wazuh4];

for (const dialect of dialects) {
  const patterns = new Patterns(dialect);
  const isMet = (one: PatternDefinition, text: string): boolean => {
    const compiled = dialect.compilePattern(one);
    return compiled.ok && compiled.value.test(text);
  };

  // Wazuh's os_regex does not go back over what a `+` took: it matches fewer texts than its tree says.
  const isMachine = ({ language }: PatternDefinition): boolean =>
    dialect.product === "Wazuh" && language === "osregex";

  test(`${dialect.name}: the engine's matcher takes a text that was made for a pattern`, () => {
    let found = 0;
    fc.assert(
      fc.property(pattern, (one) => {
        const search = patterns.search(one);
        const text = search === null ? null : solve([search], 2000);
        if (text === null) return;
        if (isMet(one, text)) found += 1;
        else assert.ok(isMachine(one), `${JSON.stringify(one)} on ${JSON.stringify(text)}`);
      }),
      { numRuns: 400 },
    );
    assert.ok(found > 370, `${found}`);
  });

  test(`${dialect.name}: a text for two patterns that is not to meet a third meets both and not the third`, () => {
    let found = 0;
    fc.assert(
      fc.property(pattern, pattern, pattern, (one, other, not) => {
        const constraints = [patterns.search(one), patterns.search(other), patterns.search(not, true)];
        const all = constraints.filter((each) => each !== null);
        const text = all.length < 3 ? null : solve(all, 2000);
        if (text === null) return;
        const seen = [isMet(one, text), isMet(other, text), isMet(not, text)];
        if ([one, other, not].some(isMachine) && !(seen[0] && seen[1] && !seen[2])) return;
        found += 1;
        assert.equal(
          seen,
          [true, true, false],
          `${JSON.stringify([one, other, not])} on ${JSON.stringify(text)}`,
        );
      }),
      { numRuns: 300 },
    );
    assert.ok(found > 150, `${found}`);
  });
}

// Small patterns on two letters: whether any text is left can be tried out.
const smallPiece = fc.constantFrom(
  ...["a", "b", "ab", "ba", "(?:a|bb)", "[ab]", "a*", "b+", "(?:ab)?", "a{2}", "b{1,2}", "(?:b|aa)*"],
);
const small: fc.Arbitrary<PatternDefinition> = fc
  .array(
    fc
      .tuple(
        fc.constantFrom("", "", "^"),
        fc.array(smallPiece, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("", "", "$"),
      )
      .map(([start, pieces, end]) => start + pieces.join("") + end),
    { minLength: 1, maxLength: 2 },
  )
  .map((options) => ({ language: "pcre2", text: options.join("|") }));

/** All texts of the two letters up to a length, and one of neither. */
const texts: readonly string[] = (() => {
  const found = ["", "c"];
  for (const text of found) if (text.length < 7 && text !== "c") found.push(`${text}a`, `${text}b`);
  return found;
})();

test("an automaton takes the texts that the matcher takes", () => {
  const { compilePattern } = ossecDialects["4.3"];
  const patterns = new Patterns(ossecDialects["4.3"]);
  fc.assert(
    fc.property(small, (one) => {
      const compiled = compilePattern(one);
      const search = patterns.search(one);
      assert.ok(compiled.ok && search !== null, one.text);
      if (!compiled.ok || search === null) return;
      for (const text of texts)
        assert.is(takes(search.automaton, text), compiled.value.test(text), `${one.text} on "${text}"`);
    }),
    { numRuns: 60 },
  );
});

test("a text that a search with steps enough finds meets all; where it finds none, there is none", () => {
  const { compilePattern } = ossecDialects["4.3"];
  const patterns = new Patterns(ossecDialects["4.3"]);
  const outcomes = { found: 0, none: 0 };
  const asked = fc.array(fc.tuple(small, fc.boolean()), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(asked, (all) => {
      const meetsAll = (text: string): boolean =>
        all.every(([one, excluded]) => {
          const compiled = compilePattern(one);
          return compiled.ok && compiled.value.test(text) !== excluded;
        });
      const constraints = all.flatMap(([one, excluded]) => patterns.search(one, excluded) ?? []);
      assert.is(constraints.length, all.length);
      // Few steps first: what a short search came to must not speak for a long one.
      const early = solve(constraints, 3);
      const text = solve(constraints, 1e6, 1e6);
      const shown = JSON.stringify(all.map(([one, excluded]) => [one.text, excluded]));
      for (const found of [early, text])
        if (found !== null) assert.ok(meetsAll(found), `${shown} on "${found}"`);
      if (text !== null) {
        outcomes.found += 1;
        assert.is(solve(constraints, 1e6, 1e6), text);
        return;
      }
      outcomes.none += 1;
      assert.is(texts.find(meetsAll), undefined, shown);
    }),
    { numRuns: 400 },
  );
  assert.ok(outcomes.found > 100 && outcomes.none > 50, JSON.stringify(outcomes));
});

test("a search that ended early goes on where it is asked for with more steps, and one with fewer gives up again", () => {
  const patterns = new Patterns(ossecDialects["4.3"]);
  const constraints = ["^[a-z ]+ failed for", "user bob$", "code 77"].flatMap(
    (text) => patterns.search({ language: "pcre2", text }) ?? [],
  );
  assert.is(solve(constraints, 10), null);
  const text = solve(constraints, 2000);
  assert.ok(
    text?.includes(" failed for") && text.includes("code 77") && text.endsWith("user bob"),
    `${text}`,
  );
  assert.is(solve(constraints, 10), null);
  assert.is(solve(constraints, 2000), text);
});

test("a pattern that no text meets, or that is too large, gives none and ends", () => {
  const patterns = new Patterns(ossecDialects["4.3"]);
  const texts = ["a$b", "(a{1000}){1000}", `${"(a|b)*".repeat(2000)}c`, "(?:(?:a+)+)+$b"];
  for (const text of texts) {
    const search = patterns.search({ language: "pcre2", text });
    const found = search === null ? null : solve([search], 2000);
    const compiled = ossecDialects["4.3"].compilePattern({ language: "pcre2", text });
    assert.ok(found === null || (compiled.ok && compiled.value.test(found)), text);
  }
});

test("what no text meets is known to be so: two beginnings, a pattern without one that it holds", () => {
  const patterns = new Patterns(ossecDialects["4.3"]);
  const of = (text: string, excluded = false): readonly Constraint[] => {
    const search = patterns.search({ language: "osmatch", text }, excluded);
    return search === null ? [] : [search];
  };
  assert.ok(isUnsolvable([...of("^error: "), ...of("^warning: ")], 100));
  assert.ok(isUnsolvable([...of("failed password for"), ...of("password", true)], 100));
  assert.not.ok(isUnsolvable([...of("^error: "), ...of("warning: ")], 100));
  assert.not.ok(isUnsolvable([...of("password"), ...of("failed password", true)], 100));
});

test.run();
