import { foldAscii } from "./bytes.js";

/**
 * The test of `if_group`: case-insensitive substring, alternatives separated by `|` (docs/reference/ossec.md#word-match). As upstream's
 * unit tests of the function have it (oracle unit_tables.json), a word that begins with `^` is wanted at the
 * beginning, and neither an empty word nor an empty text matches.
 */
export function wordMatch(pattern: string, text: string): boolean {
  return wordTest(pattern)(foldAscii(text));
}

/** {@link wordMatch} for many texts, whose ASCII letters are in lower case. */
export function wordTest(pattern: string): (folded: string) => boolean {
  const words = foldAscii(pattern)
    .split("|")
    .filter((word) => word !== "");
  return (folded) => {
    if (folded === "") return false;
    for (const word of words)
      if (word.startsWith("^") ? folded.startsWith(word.slice(1)) : folded.includes(word)) return true;
    return false;
  };
}
