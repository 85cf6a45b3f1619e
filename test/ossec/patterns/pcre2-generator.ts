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

const { branches } = fc.letrec<{ branches: string; branch: string; piece: string }>((tie) => ({
  branches: fc.array(tie("branch"), { minLength: 1, maxLength: 2 }).map((all) => all.join("|")),
  branch: fc.array(tie("piece"), { maxLength: 4 }).map((all) => all.join("")),
  piece: fc
    .tuple(
      fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        { weight: 5, arbitrary: fc.constantFrom(" ", "é", ...atoms) },
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

/** PCRE2 patterns, most of them legal. */
export const pcre2Patterns: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("", "(?<n>a)?", "(b|cb)?", "(?<n>a)?(b|cb)?"), branches)
  .map((parts) => parts.join(""))
  .filter((pattern) => pattern !== "");

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
