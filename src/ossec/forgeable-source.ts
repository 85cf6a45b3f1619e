/** Decoders whose source address can be chosen by whoever writes an earlier part of the line. */
import type { DecoderDefinition } from "./definitions.js";
import { isLastOfLine, type PatternSource } from "./patterns/index.js";

/** Why the address can be forged; null: no reason is seen. */
export function forgeable(decoder: DecoderDefinition): string | null {
  const { regex, order } = decoder;
  if (regex === null || order === null) return null;
  const wanted = order.findIndex((field) => field.kind === "slot" && field.slot === "srcip");
  // The last such text of the line is certain, whatever stands before it.
  if (wanted < 0 || isLastOfLine(regex, wanted + 1)) return null;
  for (const alternative of topAlternatives(withoutOptions(regex))) {
    const before = textBeforeGroup(alternative, wanted);
    if (before === null || isLastWord(before, alternative.slice(before.length))) continue;
    if (!before.startsWith("^") && lookedFor(before, alternative.slice(before.length))) {
      return "the pattern is not anchored: the first text that fits is taken, wherever it stands";
    }
    if (hasFreeText(before, regex.language)) {
      return "free text stands before the address: what it holds may be taken for it";
    }
  }
  return null;
}

/** `(?i)` at the beginning says how the rest is read, and is no part of what is looked for. */
function withoutOptions({ language, text }: PatternSource): string {
  return language === "pcre2" ? text.replace(/^(?:\(\*[A-Z0-9_=]+\)|\(\?[a-zA-Z-]+\))+/, "") : text;
}

/**
 * Does the address stand in the last word of the line? A literal blank before it, no blank within or behind it,
 * and the end: what stands in other words makes no difference.
 */
function isLastWord(before: string, rest: string): boolean {
  const literals = String.raw`(?:\\[^A-Za-z0-9]|[^\\ .*+?()[\]{}|^$])*`;
  const word = String.raw`\\[Sw][+*]?\??(?:\[A-Za-z0-9@_-\](?:\+\??)?)?`;
  return (
    new RegExp(`(?:^|[^\\\\]) ${literals}$`).test(before) &&
    new RegExp(`^\\(${word}\\)${literals}\\$$`).test(rest)
  );
}

/** Does any text at all fit somewhere in it? A dot that is escaped, or stands in a class, is only a dot. */
function hasFreeText(pattern: string, language: "osregex" | "osmatch" | "pcre2"): boolean {
  if (language !== "pcre2") return /(?:^|[^\\])(?:\\\\)*\\\.[+*]/.test(pattern);
  const bare = pattern.replace(/\\[\s\S]/g, "x").replace(/\[\^?\]?[^\]]*\]/g, "x");
  return /\.[+*]/.test(bare);
}

/** Is something looked for, so that it can be found too early? A pattern that takes the next word is not. */
function lookedFor(before: string, capture: string): boolean {
  const literal = before.replace(/\\[wWdDsSpt.][+*]?/g, "").replace(/[()]/g, "");
  return literal.trim() !== "" || /^\((?:\\d|[0-9])/.test(capture);
}

function topAlternatives(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)];
}

/** What stands before the group of that number (from 0); null: there is no such group. */
function textBeforeGroup(text: string, group: number): string | null {
  let seen = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "(" && text[at + 1] !== "?") {
      if (seen === group) return text.slice(0, at);
      seen++;
    }
  }
  return null;
}
