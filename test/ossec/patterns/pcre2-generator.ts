import fc from "fast-check";

const atoms = [
  "a b c A B x 1 - { } ] {2 {,2} . ^ $ [ab] [^a] [a-c] []a] [^]b] [[:alpha:]] [[:^digit:]x] [\\d-] [a\\-c] [\\w-]",
  "\\d \\w \\W \\s \\b \\B \\A \\z \\Z \\R \\h \\N \\G \\K \\C \\n \\0 \\x61 \\141 \\x{41} \\o{141} \\cA \\v \\V \\p{Lu} \\pL",
  "\\1 \\2 \\g{-1} \\k<n> (?1) (?R) (?&n) (?(1)a|b) (?(<n>)a) (?(?=a)b|c) (*F) (?#c) (?:) () (?i) (?-i) (?s) (?m) (?x) (?U)",
  "\\Qa.b\\E \\E # [^\\W_] [\\b] [a-\\x63]",
]
  .join(" ")
  .split(" ");
const openings =
  "( ( (?: (?: (?> (?= (?! (?<= (?<! (?<n> (?i: (?-i: (?| (?P<m> (?s: (?m: (?(1) (?'o' (?^: (*atomic:".split(
    " ",
  );
const quantifiers = ["", "", "", ..."* + ? {2} {0,1} {1,2} {2,} *? +? ?? *+ ++ ?+ {1,3}? {0} {1}".split(" ")];

function patternsOf(pieces: readonly string[]): fc.Arbitrary<string> {
  const { branches } = fc.letrec<{ branches: string; branch: string; piece: string }>((tie) => ({
    branches: fc.array(tie("branch"), { minLength: 1, maxLength: 2 }).map((all) => all.join("|")),
    branch: fc.array(tie("piece"), { maxLength: 4 }).map((all) => all.join("")),
    piece: fc
      .tuple(
        fc.oneof(
          { depthSize: "small", withCrossShrink: true },
          { weight: 5, arbitrary: fc.constantFrom(...pieces) },
          {
            weight: 2,
            arbitrary: fc
              .tuple(fc.constantFrom(...openings), tie("branches"))
              .map(([open, body]) => `${open}${body})`),
          },
        ),
        fc.constantFrom(...quantifiers),
      )
      .map((parts) => parts.join("")),
  }));
  return fc
    .tuple(fc.constantFrom("", "(?<n>a)?", "(b|cb)?", "(?<n>a)?(b|cb)?"), branches)
    .map((parts) => parts.join(""))
    .filter((pattern) => pattern !== "");
}

/** PCRE2 patterns, most of them legal. */
export const pcre2Patterns: fc.Arbitrary<string> = patternsOf([" ", "é", ...atoms]);

const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const wideAtoms = (
  "é É k K \u212a ſ ß ẞ µ Ω \u{2126} σ ς ǆ ǅ \u{10400} \u{10428} \u{1f600} € [é-ñ] [^é] [^k] [kx] [É] [σ] [^\u{10400}] [\\W_] [a-€] " +
  "\\xe9 \\xc9 \\x{e9} \\x{df} [\\xc0-\\xd6] \\x{20ac} \\x{10428} \\o{351} \\N{U+e9} \\w \\w \\W \\d \\D \\s \\S \\b \\b \\B \\h \\H \\v \\V \\R \\N . . \\1 \\1 \\2 (?i) (?-i) (?s) $ ^ \\pL \\PL \\p{Lu} " +
  "\\p{Greek} \\p{^Ll} \\p{L&} \\p{Xan} \\p{Xwd} \\p{Xsp} \\p{Cn} \\p{Any} [[:alpha:]] [[:^alpha:]] [[:lower:]] [[:upper:]] [[:space:]] [[:blank:]] [[:graph:]] [[:print:]] [[:punct:]] [[:word:]x] [[:cntrl:]] [[:xdigit:]] [[:digit:]] [\\h] [\\v] [^\\w] [\\pLx] [[:<:]] [[:>:]] a b (k|s) (é|.) (?:É) (?R) (?1)"
).split(" ");

/** What stands behind `(*UTF)`: legal with it, most of it. */
export const utf8Patterns: fc.Arbitrary<string> = patternsOf(wideAtoms).map(utf8);

/**
 * What stands behind `(*UCP)` alone. No back references: those to Latin-1 PCRE2's interpreter tells without letter case,
 * the JIT, which the engine runs, with it.
 */
export const latin1Patterns: fc.Arbitrary<string> = patternsOf(
  wideAtoms.filter((atom) => !/[^\0-\xff]|\{20ac|\{10428|N\{|^\\[12]/.test(atom)),
);

const wideTexts: readonly string[] = [
  ..."é É éÉ aé éa kK k\u212a sſ ſ ß ẞ µμ ΩΩω σςΣ ǆǅǄ € \u{10400}\u{10428} \u{1f600} ñé- ééb xÉÉy É.é ١٢ éé1_ Жж".split(
    " ",
  ),
  "a\u00a0b",
  "é\u2028",
  "\u0085é\n",
  "é é",
  "\u3000k\u200e",
  "\u0378\u061c\u200b",
  "\ue000é\r\n",
];

/** Texts in UTF-8 that have something in common with those patterns. */
export const utf8Texts: readonly string[] = wideTexts.map(utf8);

/** The same in Latin-1, and bytes. */
export const latin1Texts: readonly string[] = [
  ...wideTexts.filter((text) => !/[^\0-\xff]/.test(text)),
  ...utf8Texts.slice(0, 12),
];

/** Texts that have something in common with the patterns. */
export const pcre2Texts: readonly string[] = [
  ..."a b ab aab aaa abc ABC a.b aÉ 1a ccab abcabc aabbcc x-y _a {2 aa} a{,2} é É".split(" "),
  "",
  "a b",
  "b\n",
  "a\nb\n",
  "\n",
  "\r\n",
  "a1 b2",
  "\x00a",
  "aaaaaaaaaaaaaaaaaaaaaaab",
];
