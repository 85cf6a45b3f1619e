import { foldAscii } from "./bytes.js";

/**
 * The test of `if_group`: case-insensitive substring, alternatives separated by `|` (spec/ossec.md 3.4). As upstream's
 * unit tests of the function have it (oracle unit_tables.json), a word that begins with `^` is wanted at the
 * beginning, and neither an empty word nor an empty text matches.
 */
export function wordMatch(pattern: string, text: string): boolean {
  if (text === "") return false;
  const subject = foldAscii(text);
  for (const word of foldAscii(pattern).split("|")) {
    if (word.startsWith("^") ? subject.startsWith(word.slice(1)) : word !== "" && subject.includes(word)) {
      return true;
    }
  }
  return false;
}
