import { test } from "uvu";
import * as assert from "uvu/assert";
import { parsePython } from "../../../src/import/fail2ban/python/parse.js";
import { simplify } from "../../../src/import/fail2ban/python/simplify.js";
import { withoutConditions } from "../../../src/import/fail2ban/python/variants.js";
import { Unwritable, writePcre2 } from "../../../src/import/fail2ban/python/write-pcre2.js";

/** As PCRE2; the variants of conditions one behind the other. */
function translated(text: string): string {
  const parsed = parsePython(text);
  if (!parsed.ok) return `${parsed.at}: ${parsed.reason}`;
  try {
    return (withoutConditions(parsed.root) ?? [])
      .map((variant) => writePcre2(simplify(variant), { ignoreCase: parsed.ignoreCase, names: true }))
      .join(" || ");
  } catch (error) {
    if (error instanceof Unwritable) return error.message;
    throw error;
  }
}

const v4 = String.raw`((?:\d{1,3}\.){3}\d{1,3})`;
const v6 = "((?:[0-9a-fA-F]{1,4}|:):[0-9a-fA-F:]{1,35})";

const translations: readonly (readonly [python: string, pcre2: string])[] = [
  ["^failed$", "(?-i)^failed$"],
  ["(?i)^failed$", "^failed$"],
  [String.raw`^\d{,3} $`, String.raw`^\d{0,3} $`],
  ["a(?i:b)c", "(?-i)a(?i:b)c"],
  ["(?P<one>a)(b)", "(?-i)ab"],
  [String.raw`(?P<one>\d+) (?P=one)`, String.raw`(\d+) \g{1}`],
  ["(?P<q>')?a(?(q)'|b)", "(?-i)'a' || (?-i)ab"],
  [String.raw`\S+|.*?`, ".*?"],
  ["[^]x]", String.raw`(?-i)(?:[^\]x\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)`],
  [String.raw`\w+`, String.raw`[\w\x80-\xff]+`],
  ["é?", "(?:é)?"],
  ["[aé]", "(?-i)(?:[a]|é)"],
  [String.raw`a\$b{c`, String.raw`(?-i)a\x24b\{c`],
  ["(?:a(?#note)b)", "(?-i)ab"],
  ["<ADDR>", String.raw`(?|\[?(?:::f{4,6}:)?${v4}\]?|\[?${v6}\]?)`],
  ["<IP4>", String.raw`(?:::f{4,6}:)?${v4}`],
  ["<F-USER>[^,]*</F-USER>,", "[^,]*,"],
  ["(?>a+)b++", "(?-i)(?>a+)b++"],
  ["(?=a)(?!b)", "(?-i)(?=a)(?!b)"],
];

for (const [python, pcre2] of translations)
  test(`${python} is ${pcre2}`, () => {
    assert.is(translated(python), pcre2);
  });

const refusals: readonly (readonly [python: string, reason: RegExp])[] = [
  ["(?<=a)b", /^0: a look-behind/],
  ["a(?<!b)", /^1: a look-behind/],
  ["(?x) a b", /^0: the flag \(\?x\)/],
  ["(a", /^0: a "\(" that is not closed/],
  ["a)", /^1: a "\)" that nothing opens/],
  ["[a", /^0: a "\["/],
  ["*a", /^0: a quantifier/],
  ["a**", /quantifier behind a quantifier/],
  ["a{5,2}", /a repetition of more/],
  [String.raw`\q`, /^0: the escape \\q/],
  // Behind the line stands a line feed, so that it never fits at the end.
  [String.raw`a\Z`, /^1: \\Z: fail2ban puts a line feed/],
  ["(?P=none)", /no group before it is called none/],
  ["a<SKIPLINES>b", /^1: <SKIPLINES>/],
  ["(?P<host>x)", /write <HOST>/],
  ["<DNS>", /^<DNS>/],
  ["(?P<a>x)(?P<a>y)", /two groups are called a/],
  [`${"(".repeat(300)}${")".repeat(300)}`, /nested deeper/],
  ["a".repeat(30_000), /longer than/],
];

for (const [python, reason] of refusals)
  test(`${python.slice(0, 40)} is refused by its name`, () => {
    assert.match(translated(python), reason);
  });

test.run();
