/** OS_Regex and OS_Match texts as rows of tokens: enough to compare patterns and to see what stands where. */
import { foldAscii } from "../ossec/patterns/bytes.js";
import type { PatternLanguage } from "../ossec/patterns/index.js";
import type { Dialect } from "./model.js";

export interface Token {
  /** A folded character, or the letter of a class behind a backslash. */
  readonly kind: "literal" | "class";
  readonly text: string;
  readonly quantifier: "" | "+" | "*";
  /** Offset in the pattern. */
  readonly at: number;
}

export interface Alternative {
  readonly anchoredStart: boolean;
  readonly anchoredEnd: boolean;
  readonly tokens: readonly Token[];
  /** It has something that is not compared here: groups with alternatives, anchors inside. */
  readonly odd: boolean;
  /** As written. */
  readonly text: string;
  /**
   * So many tokens match as they stand. Wazuh's os_regex is no search for all ways to match: what comes with and behind
   * a repetition may match less than it says, and more.
   */
  readonly certain: number;
}

const classLetters = "wWdDsStp.";

/** Alternatives at the top of a pattern. Captures are looked through; null for PCRE2. */
export function alternativesOf(
  language: PatternLanguage,
  text: string,
  dialect: Dialect,
): readonly Alternative[] | null {
  if (language === "pcre2") return null;
  if (language === "osmatch") {
    // A negation of the whole pattern.
    return dialect === "wazuh" && text.startsWith("!") ? null : osMatchAlternatives(text);
  }
  const alternatives = osRegexAlternatives(text);
  if (dialect === "ossec") return alternatives;
  return alternatives.map((alternative) => {
    const repeated = alternative.tokens.findIndex(({ quantifier }) => quantifier !== "");
    return repeated < 0 ? alternative : { ...alternative, certain: repeated };
  });
}

function osMatchAlternatives(text: string): readonly Alternative[] {
  let at = 0;
  return text.split("|").map((word) => {
    const offset = at;
    at += word.length + 1;
    const anchoredStart = word.startsWith("^");
    const anchoredEnd = word.endsWith("$") && word.length > (anchoredStart ? 1 : 0);
    const body = word.slice(anchoredStart ? 1 : 0, anchoredEnd ? -1 : undefined);
    const tokens = [...foldAscii(body)].map(
      (character, index): Token => ({ kind: "literal", text: character, quantifier: "", at: offset + index }),
    );
    return {
      anchoredStart,
      anchoredEnd,
      tokens,
      odd: /[\^$]/.test(body),
      text: word,
      certain: tokens.length,
    };
  });
}

function osRegexAlternatives(text: string): readonly Alternative[] {
  const done: Alternative[] = [];
  let tokens: Token[] = [];
  let anchoredStart = false;
  let anchoredEnd = false;
  let odd = false;
  let depth = 0;
  let start = 0;
  const finish = (end: number): void => {
    const written = text.slice(start, end);
    start = end + 1;
    done.push({ anchoredStart, anchoredEnd, tokens, odd, text: written, certain: tokens.length });
    tokens = [];
    anchoredStart = false;
    anchoredEnd = false;
    odd = false;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\") {
      const escaped = text.charAt(at + 1);
      const next = text.charAt(at + 2);
      const quantifier = next === "+" || next === "*" ? next : "";
      if (anchoredEnd) odd = true;
      tokens.push({
        kind: classLetters.includes(escaped) && escaped !== "" ? "class" : "literal",
        text: classLetters.includes(escaped) ? escaped : foldAscii(escaped),
        quantifier,
        at,
      });
      at += quantifier === "" ? 1 : 2;
    } else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|") {
      if (depth > 0) odd = true;
      else finish(at);
    } else if (character === "^") {
      if (tokens.length > 0) odd = true;
      else anchoredStart = true;
    } else if (character === "$") anchoredEnd = true;
    else {
      if (anchoredEnd) odd = true;
      tokens.push({ kind: "literal", text: foldAscii(character), quantifier: "", at });
    }
  }
  finish(text.length);
  return done;
}

const classTests: Readonly<Record<string, RegExp>> = {
  w: /^[a-z0-9@_-]$/,
  W: /^[^a-z0-9@_-]$/,
  d: /^[0-9]$/,
  D: /^[^0-9]$/,
  s: /^ $/,
  S: /^[^ ]$/,
  t: /^\t$/,
  p: /^[()*+,\-.:;<=>?[\]!"'#$%&|{}]$/,
  ".": /^[\s\S]$/,
};

/** Does every byte that `one` stands for also belong to `other`? */
function within(one: Token, other: Token): boolean {
  if (other.kind === "literal") return one.kind === "literal" && one.text === other.text;
  if (other.text === ".") return true;
  if (one.kind === "class") return one.text === other.text || (one.text === "d" && /^[wS]$/.test(other.text));
  return classTests[other.text]?.test(one.text) === true;
}

/** What must be there at least: trailing repetitions of an open end say nothing more than one byte. */
function needed(alternative: Alternative): readonly Token[] {
  if (alternative.anchoredEnd) return alternative.tokens;
  const tokens = [...alternative.tokens];
  while (tokens.at(-1)?.quantifier === "*") tokens.pop();
  const last = tokens.at(-1);
  if (last?.quantifier === "+") tokens[tokens.length - 1] = { ...last, quantifier: "" };
  return tokens;
}

function matchesAt(given: readonly Token[], wanted: readonly Token[], offset: number): boolean {
  return wanted.every((token, index) => {
    const own = given[offset + index];
    if (own === undefined) return false;
    if (token.quantifier === "")
      return own.quantifier !== "*" && within(own, token) && mayBeLast(own, index, wanted);
    return own.quantifier === token.quantifier && own.kind === token.kind && own.text === token.text;
  });
}

/** A repetition covers a single byte only where nothing is wanted behind it. */
function mayBeLast(own: Token, index: number, wanted: readonly Token[]): boolean {
  return own.quantifier === "" || index === wanted.length - 1;
}

function certainPart(alternative: Alternative): Alternative {
  const { tokens, certain } = alternative;
  if (certain === tokens.length) return alternative;
  return { ...alternative, tokens: tokens.slice(0, certain), anchoredEnd: false };
}

function alternativeImplies(given: Alternative, other: Alternative): boolean {
  if (other.odd) return false;
  if (given.text === other.text) return true;
  if (other.certain < other.tokens.length) return false;
  const one = certainPart(given);
  if (other.anchoredStart && !one.anchoredStart) return false;
  if (other.anchoredEnd && !one.anchoredEnd) return false;
  const wanted = needed(other);
  if (wanted.length > one.tokens.length) return false;
  if (other.anchoredEnd) {
    if (!one.anchoredEnd) return false;
    const offset = one.tokens.length - wanted.length;
    if (offset < 0 || (other.anchoredStart && (offset !== 0 || !one.anchoredStart))) return false;
    return matchesAt(one.tokens, wanted, offset);
  }
  if (other.anchoredStart) return one.anchoredStart && matchesAt(one.tokens, wanted, 0);
  for (let offset = 0; offset + wanted.length <= one.tokens.length; offset++) {
    if (matchesAt(one.tokens, wanted, offset)) return true;
  }
  return false;
}

/** Certainly true when every text that the first pattern matches is matched by the second as well. */
export function implies(one: readonly Alternative[] | null, other: readonly Alternative[] | null): boolean {
  if (one === null || other === null) return false;
  // Parts behind something odd are still there, but may be optional.
  return one.every(
    (alternative) => !alternative.odd && other.some((wanted) => alternativeImplies(alternative, wanted)),
  );
}
