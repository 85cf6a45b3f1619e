import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PatternDefinition } from "../../src/ossec/definitions.js";
import type { Dialect } from "../../src/ossec/dialect.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { solve } from "../../src/samples/solve.js";
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

test.run();
