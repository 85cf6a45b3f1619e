/** Patterns that ask for the date or another head that pre-decoding takes away (spec/ossec.md 4). */
import type { Alternative, Token } from "./tokens.js";

/**
 * Heads by position: `M` a letter of a month, `A` a letter, `9` a digit, `_` a digit or a blank, others as they are. Only a pattern that
 * follows one for `least` characters is taken to ask for it.
 */
const heads: readonly { readonly shape: string; readonly least: number; readonly what: string }[] = [
  { shape: "MMM _9 99:99:99 ", least: 8, what: "the syslog date" },
  { shape: "9999-99-99 99:99:99,999 ", least: 20, what: "the date" },
  { shape: "9999 MMM 99 99:99:99 ", least: 10, what: "the date" },
  { shape: "9999:99:99-99:99:99 ", least: 11, what: "the date" },
  { shape: "9999-99-99T99:99:99+99:99 ", least: 20, what: "the date" },
  { shape: "[AAA MMM 99 99:99:99 9999] ", least: 9, what: "the date of Apache's error log" },
];

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

function fits(token: Token, wanted: string): boolean {
  const { kind, text } = token;
  switch (wanted) {
    case "M":
    case "A":
      return kind === "literal" ? /^[a-z]$/.test(text) : text === "w";
    case "9":
      return kind === "literal" ? /^[0-9]$/.test(text) : text === "d" || text === "w";
    case "_":
      return kind === "literal" ? /^[0-9 ]$/.test(text) : text === "d" || text === "s" || text === "w";
    default:
      return kind === "literal"
        ? text === wanted.toLowerCase()
        : wanted === " "
          ? text === "s"
          : text === "p" && wanted !== "T";
  }
}

/** How many characters of the head the pattern asks for, by the longest way; 0: it asks for something else. */
function depth(tokens: readonly Token[], shape: string): number {
  let positions = new Set([0]);
  let best = 0;
  for (const token of tokens) {
    const next = new Set<number>();
    for (const start of positions) {
      let at = start;
      if (token.quantifier === "*") next.add(at);
      while (at < shape.length && fits(token, shape.charAt(at))) {
        at++;
        next.add(at);
        if (token.quantifier === "") break;
      }
    }
    if (next.size === 0) return Math.max(...positions) === shape.length ? shape.length : 0;
    positions = next;
    best = Math.max(...positions);
    if (best === shape.length) return best;
  }
  return best;
}

function namesMonth(tokens: readonly Token[], shape: string): boolean {
  const at = shape.indexOf("MMM");
  const letters = tokens.slice(at, at + 3);
  if (at < 0 || letters.some(({ kind }) => kind !== "literal")) return true;
  return months.includes(letters.map(({ text }) => text).join(""));
}

/** What the alternative asks for that is no longer there; null: nothing of the kind. */
export function asksForDate({ anchoredStart, tokens, odd }: Alternative): string | null {
  if (!anchoredStart || odd) return null;
  const specific = tokens.filter(({ kind, text }) => kind === "literal" || text === "d").length;
  if (specific < 3) return null;
  for (const { shape, least, what } of heads) {
    if (depth(tokens, shape) >= least && namesMonth(tokens, shape)) return what;
  }
  return null;
}
