/** `(*UTF)` and `(*UCP)` in front of PCRE2 patterns (docs/reference/ossec.md#utf-8). */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compilePattern } from "../../../src/ossec/patterns/index.js";
import { compilePcre2 } from "../../../src/ossec/patterns/pcre2/index.js";
import { latin1Patterns, latin1Texts, utf8Patterns, utf8Texts } from "./pcre2-generator.js";
import { askPcre2test, hasPcre2test } from "./pcre2test.js";

const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

function capturesOf(pattern: string, text: string, check: "checked" | "unchecked" = "checked") {
  const compiled = compilePattern({ language: "pcre2", text: utf8(pattern) }, check);
  if (!compiled.ok) return compiled.unsupported ?? compiled.engineMessage;
  const match = compiled.value.exec(text);
  return match === null ? null : [match.end, ...match.captures];
}

for (const [pattern, text, expected] of [
  ["(*UTF)é", utf8("É"), [2]],
  ["(*UTF8)é", utf8("É"), [2]],
  ["(*UTF)\\x{20ac}", utf8("a€"), [4]],
  ["(*UTF)(.)(.)$", utf8("aé€"), [6, utf8("é"), utf8("€")]],
  ["(*UTF)(é)\\1", utf8("éÉ"), [4, utf8("é")]],
  ["(*UTF)(?-i)(é)\\1", utf8("éÉ"), null],
  ["(*UTF)(?<=é.)x", utf8("é€x"), [6]],
  ["(*UTF)k", utf8("\u212a"), [3]],
  ["(*UTF)^\\w", utf8("\u212a"), null],
  ["(*UTF)(*UCP)^\\w\\b", utf8("é"), [2]],
  ["(*UTF)é{2}", utf8("éé"), [4]],
  ["(*UTF)a", "a", [1]],
  ["(*UTF)[^a]", utf8("a😀"), [5]],
  ["(*UCP)\\w", "\xe9", [1]],
  ["(*UCP)\\b.\\b", "\xe9", [1]],
  ["(*UCP)\\x{c9}", "\xe9", [1]],
  ["(*UCP)(\\x{c9})\\1", "\xc9\xe9", null],
  ["(*UTF)a", "a\xff", null],
] as const) {
  test(`${pattern} on ${JSON.stringify(text)}`, () => {
    assert.equal(capturesOf(pattern, text), expected);
  });
}

test("a pattern with (*UTF) that is not UTF-8, or names no character, is refused", () => {
  for (const pattern of ["(*UTF)\xff", "(*UTF)a\xc3", "(*UTF)\\x{d800}", "(*UTF)\\x{110000}"]) {
    const compiled = compilePcre2(pattern);
    assert.is(compiled.ok ? null : compiled.engineMessage, 1450, pattern);
  }
  const refused = compilePcre2("(*UTF)\xc3\xa9(");
  assert.not(refused.ok);
  if (!refused.ok) assert.is(refused.at, 9);
});

test("3.7 and 3.8 run a text that is not UTF-8 as it is", () => {
  assert.equal(capturesOf("(*UTF)abc", "\xffabc", "unchecked"), [4]);
  assert.equal(capturesOf("(*UTF)^(.)c", "\xe9abc", "unchecked"), [4, "\xe9ab"]);
  assert.equal(capturesOf("(*UTF)^(.)\\1", "\xe9ab\xe9ab", "unchecked"), [6, "\xe9ab"]);
  assert.is(capturesOf("(*UTF)é", "\xe9.", "unchecked"), null);
  assert.is(capturesOf("(*UTF)(*NO_JIT)a", "a", "unchecked"), null);
  // As pcre2test 10.42 says with jitfast.
  assert.equal(capturesOf("(*UTF)[^a]", "\x80a", "unchecked"), [1]);
  assert.equal(capturesOf("(*UTF)\\W", "\xc0\xafa", "unchecked"), [2]);
  assert.is(capturesOf("(*UTF)[^é]{2}", "\xffabc", "unchecked"), null);
  assert.is(capturesOf("(*UTF)(.)+?\\D", "\xffabc", "unchecked"), null);
  assert.equal(capturesOf("(*UTF)[^é]{2}", "\xe9abcd", "unchecked"), [4]);
});

test("more kinds of characters than units are named, not run", () => {
  const many = Array.from({ length: 130 }, (_, at) => String.fromCharCode(0x4e00 + at)).join("");
  assert.is(capturesOf(`(*UTF)${many}`, "a"), "(*UTF) with more than 127 kinds of characters");
});

test("literals are in every text that matches", () => {
  for (const pattern of ["(*UTF)é", "(*UTF)ské", "(*UTF)aé|bcd"]) {
    const compiled = compilePcre2(utf8(pattern));
    assert.ok(compiled.ok);
    if (!compiled.ok) continue;
    const { requiredLiterals } = compiled.value;
    for (const text of [utf8("É"), utf8("\u017f\u212aÉ"), utf8("AÉ"), "BCD"]) {
      if (!compiled.value.test(text) || requiredLiterals === null) continue;
      assert.ok(
        requiredLiterals.some((literal) => text.toLowerCase().includes(literal)),
        pattern,
      );
    }
  }
});

function differences(settings: string, patterns: readonly string[], texts: readonly string[]): number {
  const written = patterns.map((pattern) => settings + pattern);
  const answers = askPcre2test(written, texts);
  assert.is(answers.length, written.length);
  const wrong: string[] = [];
  let matched = 0;
  answers.forEach((answer, index) => {
    const pattern = written[index] ?? "";
    const result = compilePcre2(pattern);
    if (!result.ok && result.unsupported !== undefined) return;
    if ("refused" in answer || !result.ok) {
      if (!("refused" in answer) || result.ok)
        wrong.push(`${pattern}: ${JSON.stringify(answer).slice(0, 100)}`);
      return;
    }
    answer.matches.forEach((expected, at) => {
      if (expected === "unknown") return;
      const text = texts[at] ?? "";
      const match = result.value.exec(text);
      if (match !== null) matched++;
      if (JSON.stringify(match) !== JSON.stringify(expected))
        wrong.push(
          `${pattern} on ${JSON.stringify(text)}: ${JSON.stringify(match)}, not ${JSON.stringify(expected)}`,
        );
    });
  });
  assert.equal(wrong, []);
  return matched;
}

for (const [settings, patterns, texts] of [
  ["(*UTF)", utf8Patterns, utf8Texts],
  ["(*UTF)(*UCP)", utf8Patterns, utf8Texts],
  ["(*UCP)", latin1Patterns, latin1Texts],
  ["(*ANY)(*UCP)(*UTF8)", utf8Patterns, utf8Texts],
] as const) {
  test(`PCRE2 itself accepts, refuses and matches the same behind ${settings}`, () => {
    if (!hasPcre2test()) {
      console.log("  skipped: pcre2test 10.42 (Debian package pcre2-utils) is not installed");
      return;
    }
    const sample = fc.sample(patterns, { seed: 20_261_129, numRuns: 500 });
    const matched = differences(settings, sample, texts);
    assert.ok(matched > 1500, `only ${matched} matches were compared`);
  });
}

test.run();
