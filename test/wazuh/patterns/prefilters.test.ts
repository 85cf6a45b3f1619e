import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { foldAscii } from "../../../src/ossec/patterns/bytes.js";
import type { Matcher } from "../../../src/ossec/patterns/types.js";
import { compileWazuhPattern, type WazuhPatternSource } from "../../../src/wazuh/patterns/index.js";
import "../../seed.js";

function compiled(source: WazuhPatternSource): Matcher | null {
  const result = compileWazuhPattern(source);
  return result.ok ? result.value : null;
}

const osRegexParts = [
  "a",
  "b",
  "B",
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
  "\\$",
  "+",
  "*",
  "1",
  "é",
];
const pattern = (parts: readonly string[], longest: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { maxLength: longest }).map((chosen) => chosen.join(""));

const source: fc.Arbitrary<WazuhPatternSource> = fc.oneof(
  fc.record({ language: fc.constant("osregex"), text: pattern(osRegexParts, 9), negated: fc.boolean() }),
  fc.record({
    language: fc.constant("osmatch"),
    text: pattern(["a", "B", "1", " ", "|", "^", "$", "!", "é"], 6),
    negated: fc.boolean(),
  }),
  fc.record({
    language: fc.constant("pcre2"),
    text: pattern(
      ["a", "b", "B", "(", ")", "|", "^", "$", "[^a]", "\\d", "\\s", ".", "+", "*", "?", "(?i)"],
      8,
    ),
    negated: fc.boolean(),
  }),
);
const subject = pattern(["a", "b", "A", "B", " ", "1", "$", "\xe9"], 12);

test("literals and first bytes of a pattern are in every text that it matches, and decide where they say so", () => {
  fc.assert(
    fc.property(source, subject, fc.nat(3), (written, text, start) => {
      const matcher = compiled(written);
      if (matcher === null) return;
      const from = Math.min(start, text.length);
      const rest = text.slice(from);
      const matches = matcher.endOf(text, from) !== -1;
      const captured = matcher.exec(text, from) !== null;
      assert.is(matches, matcher.test(rest));
      assert.is(matches, matcher.endOf(rest) !== -1);
      const { requiredLiterals, firstBytes, literalsDecide } = matcher;
      const occurs = requiredLiterals?.some((literal) => foldAscii(rest).includes(literal)) ?? true;
      if (matches || captured) {
        assert.ok(occurs, "a literal is missing");
        const first = rest.charCodeAt(0);
        if (firstBytes !== null)
          assert.ok(rest !== "" && ((firstBytes[first >> 5] ?? 0) >>> (first & 31)) % 2 === 1, "first byte");
      }
      if (literalsDecide && requiredLiterals !== null && occurs)
        assert.ok(matches, "the literals should decide");
    }),
    { numRuns: 20_000 },
  );
});

test("a negated pattern matches where the other does not, and needs no literal", () => {
  fc.assert(
    fc.property(source, subject, (written, text) => {
      const plain = compiled({ ...written, negated: false });
      const negated = compiled({ ...written, negated: true });
      assert.is(plain === null, negated === null);
      if (plain === null || negated === null) return;
      assert.is(plain.test(text), !negated.test(text));
      assert.is(negated.requiredLiterals, null);
    }),
    { numRuns: 2_000 },
  );
});

for (const [pattern, text] of [
  ["a\\w+x", "a".repeat(60_000)],
  ["\\.*a\\.*a\\.*a\\.*a\\.*a\\.*b", `${"a".repeat(60_000)}c`],
  ["(\\.*)a(\\.*)\\d \\.*\\d\\.*;$", `${"a1 ".repeat(20_000)}`],
  ["a\\w+x", `${"a".repeat(60_000)} `],
] as const)
  test(`os_regex ends: ${pattern} on ${text.length} bytes`, () => {
    assert.type(compiled({ language: "osregex", text: pattern })?.test(text), "boolean");
  });

for (const [pattern, text] of [
  ["(a+)+b", "a".repeat(60_000)],
  ["(\\w*\\s*)*!", "word ".repeat(12_000)],
  ["(?:.*a){12}b", "a".repeat(20_000)],
] as const)
  test(`pcre2 ends: ${pattern} on ${text.length} bytes`, () => {
    assert.type(compiled({ language: "pcre2", text: pattern })?.test(text), "boolean");
  });

test.run();
