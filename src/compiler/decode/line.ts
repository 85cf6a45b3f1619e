/** Control characters, line ends of any kind, and the marks that turn the direction of text (they hide what stands there). */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/u;

/** Why a text cannot stand on one line of every generated file, or null. */
export function lineProblem(text: string, most: number): string | null {
  if (text.length === 0) return "it is empty";
  if (text.length > most) return `it is ${text.length} characters long; ${most} is the most`;
  const found = unprintable.exec(text);
  if (found !== null)
    return `it holds the character U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}, which does not show on a line`;
  if (/\p{Cs}/u.test(text)) return "it holds half of a surrogate pair";
  return null;
}
