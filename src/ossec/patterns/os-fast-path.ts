/** Patterns that the engine compares as strings, byte by byte, whatever the text is (docs/reference/ossec.md#utf-8). */
import { decodeUnchecked, encodingOf } from "./unicode/utf8.js";

/**
 * Does the engine look at a text before it runs a general pattern? 4.3 does, and matches nothing where a text is not
 * UTF-8 (`checked`); 3.7 and 3.8 do not (`unchecked`).
 */
export type Utf8Check = "checked" | "unchecked";

/** What OS_Regex compares as it is; PCRE2 tells it without letter case, so the Kelvin sign and the long s are among it. */
const plainCharacter = /^[A-Za-z0-9 !"#%&',/:;<=>@_`~\u017f\u212a-]$/;

/** Is one of these inside, or nothing at all? */
function isLiteral(language: "osregex" | "osmatch", characters: readonly number[]): boolean {
  if (characters.length === 0) return false;
  if (language === "osmatch")
    return !characters.some((code) => code === 0x5e || code === 0x24 || code === 0x7c);
  return characters.every((code) => code <= 0xffff && plainCharacter.test(String.fromCharCode(code)));
}

/**
 * Literals with `^` first, `$` last, or both; the empty pattern of OS_Match. The engine asks PCRE2, so that a pattern that is
 * not UTF-8 is none in 4.3, and in 3.x is read as {@link decodeUnchecked} reads it.
 */
export function isFastPath(language: "osregex" | "osmatch", text: string, check: Utf8Check): boolean {
  if (text === "") return language === "osmatch";
  if (!text.startsWith("^") && !text.endsWith("$")) return false;
  if (check === "checked" && encodingOf(text) === "invalid") return false;
  const characters = decodeUnchecked(text);
  const from = characters[0] === 0x5e ? 1 : 0;
  const to = characters.length - (characters.at(-1) === 0x24 ? 1 : 0);
  return isLiteral(language, characters.slice(from, to));
}
