/** Looking at pattern texts as their authors may have meant them. */

/** Positions of an OS_Regex that are not behind a backslash. */
export function* unescaped(text: string): Iterable<{ readonly at: number; readonly character: string }> {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else yield { at, character: text.charAt(at) };
  }
}

/** A character class with a range, a class letter, or one that is repeated; null: none. */
export function bracketClass(text: string): { readonly at: number; readonly text: string } | null {
  for (const { at, character } of unescaped(text)) {
    if (character !== "[") continue;
    const close = text.indexOf("]", at + 2);
    if (close < 0) return null;
    const inside = text.slice(at + 1, close);
    const repeated = /^[+*?{]/.test(text.slice(close + 1));
    const range = /(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9])/.test(inside) && !/\\[dwsS]/.test(inside);
    const length = close + 1 - at;
    if (range || (repeated && !inside.includes(" "))) return { at, text: text.slice(at, at + length) };
  }
  return null;
}

/** The words of an OS_Match that look like a regular expression. */
const regexSyntax =
  /\\[dwsDSpt](?![A-Za-z])|\\W(?![A-Za-z])|\\[dwsDSWpt][+*]|\\\.[+*]?|\\[|()$^[\]]|\.\*|\.\+|\[\^?[^\]]*(?:a-z|A-Z|0-9)[^\]]*\]|\(\?[:i!=]|\([^()|]+\|[^()]*\)/;

export function hasRegexSyntax(text: string): string | null {
  return regexSyntax.exec(text)?.[0] ?? null;
}

/** Words of an OS_Match with an anchor where none can match. */
export function badWords(text: string): readonly string[] {
  return text.split("|").filter((word) => /[^^]\^|\$[^$]/.test(word));
}

/** `^` at the first alternative only, or `$` at the last one only; null: neither. */
export function outsideAnchor(
  alternatives: readonly {
    readonly anchoredStart: boolean;
    readonly anchoredEnd: boolean;
    readonly tokens: readonly unknown[];
  }[],
): "^" | "$" | null {
  const full = alternatives.filter(({ tokens }) => tokens.length > 0);
  const [first, ...others] = full;
  if (first === undefined || others.length === 0) return null;
  if (first.anchoredStart && others.every(({ anchoredStart }) => !anchoredStart)) return "^";
  const last = full.at(-1);
  if (last?.anchoredEnd === true && full.slice(0, -1).every(({ anchoredEnd }) => !anchoredEnd)) return "$";
  return null;
}
