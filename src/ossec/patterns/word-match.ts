import { foldAscii } from "./bytes.js";

/**
 * The test of `if_group`: case-insensitive substring, alternatives separated by `|`, no anchors
 * (spec/ossec.md 3.4). An empty word is found in every text.
 */
export function wordMatch(pattern: string, text: string): boolean {
  const subject = foldAscii(text);
  for (const word of foldAscii(pattern).split("|")) {
    if (subject.includes(word)) return true;
  }
  return false;
}
