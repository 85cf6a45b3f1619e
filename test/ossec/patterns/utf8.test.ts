/** General patterns on UTF-8 and on bytes that are none, as recorded of the engine (docs/reference/ossec.md#utf-8; a copy of some of utf8.json). */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compilePattern, type Matcher, type PatternLanguage } from "../../../src/ossec/patterns/index.js";
import { encodingOf } from "../../../src/ossec/patterns/unicode/utf8.js";

const bytes = (text: string): string => Buffer.from(text).toString("latin1");

function matcher(
  language: PatternLanguage,
  text: string,
  check: "checked" | "unchecked" = "checked",
): Matcher {
  const result = compilePattern({ language, text }, check);
  if (!result.ok) throw new Error(`${language} ${JSON.stringify(text)}: ${result.reason}`);
  return result.value;
}

/** Pattern, text, whether it matches in every version. */
const valid: readonly (readonly ["osmatch" | "osregex", string, string, boolean])[] = [
  ["osmatch", "abc", "abc é xyz", true],
  ["osmatch", "é", "xÉy", true],
  ["osregex", "(k)", "x\u212ay", true],
  ["osmatch", "s", "xſy", true],
  ["osmatch", "ß", "xẞy", true],
  ["osregex", "(σ)", "xςy", true],
  ["osregex", "(Σ)", "xςy", true],
  ["osmatch", "å", "x\u212by", true],
  ["osregex", "(µ)", "xμy", true],
  ["osmatch", "ω", "x\u2126y", true],
  ["osregex", "(ǆ)", "xǅy", true],
  ["osmatch", "Ａ", "xａy", true],
  ["osregex", "(𐐀)", "x𐐨y", true],
  ["osmatch", "ᲀ", "xвy", true],
  ["osmatch", "i", "xİy", false],
  ["osregex", "(i)", "xıy", false],
  ["osregex", "(ss)", "xßy", false],
  ["osregex", "(ﬀ)", "xFFy", false],
  // Fast paths are bytes.
  ["osmatch", "^é", "Éy", false],
  ["osmatch", "^é|zz", "Éy", true],
  ["osmatch", "^é$", "É", false],
  ["osregex", "^é", "Éy", true],
  ["osregex", "^k", "\u212ay", false],
  ["osregex", "s$", "xſ", false],
  ["osmatch", "^\u212a", "Ky", false],
  ["osregex", "^\u212a", "Ky", false],
  ["osmatch", "^\u212a|zz", "Ky", true],
  ["osmatch", "é$", "xé", true],
  // Classes take characters.
  ["osregex", "^\\S\\S$", "éx", true],
  ["osregex", "^\\.\\.\\.$", "éé", false],
  ["osregex", "^\\W$", "’", true],
  ["osregex", "^\\W$", "\u212a", false],
  ["osregex", "^\\w\\w$", "\u212aſ", true],
  ["osregex", "\\d|\\p|\\s", "«٣\u00a0", false],
];

test("characters and their cases", () => {
  for (const [language, pattern, text, expected] of valid) {
    for (const check of ["checked", "unchecked"] as const)
      assert.is(
        matcher(language, bytes(pattern), check).test(bytes(text)),
        expected,
        `${pattern} on ${text}`,
      );
  }
});

test("captures and ends stand at the borders of characters, in bytes", () => {
  const match = (pattern: string, text: string, from?: number) =>
    matcher("osregex", pattern).exec(bytes(text), from);
  assert.equal(match("(\\S)", "éx"), { end: 2, captures: [bytes("é")] });
  assert.equal(match("(\\W)", "a\u00a0b"), { end: 3, captures: [bytes("\u00a0")] });
  assert.equal(match("(\\D)(\\.*)", "😀日"), { end: 7, captures: [bytes("😀"), bytes("日")] });
  assert.equal(match("^(\\.)", "éab", 2), { end: 3, captures: ["a"] });
});

/** Pattern, text, ends in 4.3 and in 3.x (-1: no match). */
const invalid: readonly (readonly ["osmatch" | "osregex", string, string, number, number])[] = [
  ["osmatch", "abc", "abc \xff xyz", -1, 3],
  ["osmatch", "abc", "abc \x80 xyz", -1, 3],
  ["osmatch", "abc", "abc \xc0\xaf xyz", -1, 3],
  ["osmatch", "abc", "abc \xed\xa0\x80 xyz", -1, 3],
  ["osmatch", "abc", "abc \xf4\x90\x80\x80 xyz", -1, 3],
  ["osmatch", "abc", "abc \xef\xbf\xbe xyz", 3, 3],
  ["osmatch", "abc", "abc \xf4\x8f\xbf\xbf xyz", 3, 3],
  ["osmatch", "^abc|zzz", "abc \xff", -1, 3],
  ["osmatch", "", "\xff", 0, 0],
  ["osmatch", "|", "\xff", -1, 0],
  ["osmatch", "^abc", "abc \xff", 3, 3],
  ["osregex", "^abc", "abc \xff", 3, 3],
  ["osregex", "^(abc)", "abc \xff", -1, 3],
  ["osregex", "abc|^x", "\xff abc", -1, 5],
  ["osregex", "(\\S)", "\xe9abc def", -1, 3],
  ["osregex", "(\\S)", "\xe9", -1, 1],
  ["osregex", "(\\w+)", "\xe9abc def", -1, 4],
  ["osregex", "(\\W)", "ab\x80 cd", -1, 4],
  ["osregex", "^\\.(\\S)", "ab\x80cd", -1, 2],
  ["osregex", "^\\.(\\S)", "\xc3(", -1, -1],
  ["osregex", "(\\D)$", "\xe9x", -1, 2],
];

test("a text that is not UTF-8 silences general patterns in 4.3; in 3.x a lead byte takes its full length", () => {
  for (const [language, pattern, text, now, before] of invalid) {
    const what = `${pattern} on ${JSON.stringify(text)}`;
    assert.is(matcher(language, pattern).endOf(text), now, what);
    assert.is(matcher(language, pattern).test(text), now >= 0, what);
    assert.is(matcher(language, pattern, "unchecked").endOf(text), before, what);
  }
  // What stands before an offset does not matter, an offset within a character does.
  assert.is(matcher("osregex", "(y)").endOf("\xff y", 1), 3);
  assert.is(matcher("osregex", "(y)").endOf("\xc3\xa9 y", 1), -1);
  assert.is(matcher("osregex", "(y)", "unchecked").endOf("\xc3\xa9 y", 1), 4);
});

test("PCRE2 reads a pattern that is not UTF-8 unchecked", () => {
  const compiled = (
    language: "osmatch" | "osregex",
    text: string,
    check: "checked" | "unchecked" = "checked",
  ) => {
    const result = compilePattern({ language, text }, check);
    return result.ok ? "ok" : result.crash === true ? "crash" : result.engineMessage;
  };
  assert.is(compiled("osmatch", "a\xffb"), "crash");
  assert.is(compiled("osregex", "\\S+\xff"), "crash");
  assert.is(compiled("osmatch", "\xf8\x88\x80\x80\x80"), "crash");
  assert.is(compiled("osregex", "caf\xe9$"), 1450);
  assert.is(compiled("osregex", "(caf\xe9)"), 1450);
  assert.is(compiled("osregex", "(\xe9+)"), "ok");
  assert.is(compiled("osmatch", "caf\xe9$"), "ok");
  assert.ok(matcher("osmatch", "\xe9|a").test("x\xe9\xbc\xa1y"));
  assert.not(matcher("osmatch", "\xe9|a").test("xay"));
  assert.ok(matcher("osregex", "(\xc3a)b").test(bytes("xÁby")));
  // A fast path in 3.x; in 4.3 the engine asks PCRE2 first, which looks at the pattern there.
  assert.not(matcher("osmatch", "^caf\xe9").test("caf\xe9"));
  assert.ok(matcher("osmatch", "^caf\xe9", "unchecked").test("CAF\xe9 x"));
  assert.is(compiled("osmatch", "^a\xff"), "crash");
  assert.is(compiled("osmatch", "^a\xff", "unchecked"), "ok");
});

test("on ASCII both ways say the same, and what is valid is not read otherwise by 3.x", () => {
  const pieces = ["a", "K", "s", "1", "-", "\\w+", "\\S", "\\.*", "\\W", "\\d*", "\\p", "|", "^", "$"];
  const patterns = fc.array(fc.constantFrom(...pieces, bytes("é"), bytes("ſ")), {
    minLength: 1,
    maxLength: 5,
  });
  const texts = fc.array(
    fc.constantFrom(
      "a",
      "k",
      "S",
      "1",
      "-",
      " ",
      ...["é", "É", "ſ", "\u212a", "日"].map(bytes),
      "\xff",
      "\xe9",
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(patterns, texts, (parts, characters) => {
      const [pattern, text] = [parts.join(""), characters.join("")];
      const result = compilePattern({ language: "osregex", text: pattern });
      assert.ok(result.ok);
      const { value } = result;
      const match = value.exec(text);
      assert.is(value.test(text), match !== null);
      assert.is(value.endOf(text), match?.end ?? -1);
      if (encodingOf(text) !== "invalid") assert.equal(value.unchecked.exec(text), match);
      else if (value.general) assert.is(match, null);
      assert.is(value.unchecked.test(text), value.unchecked.exec(text) !== null);
    }),
    { numRuns: 1000 },
  );
});

test.run();
