/** Wazuh's os_regex, read (docs/reference/wazuh.md#os_regex-of-wazuh). */
import { type ByteSet, singleByte } from "../../ossec/patterns/byte-set.js";
import { lowerByte } from "../../ossec/patterns/bytes.js";
import { osRegexClasses } from "../../ossec/patterns/os-regex-parse.js";
import type { CompileResult } from "../../ossec/patterns/types.js";

/** Units of a pattern beyond the bytes 0 to 255, which are literals in lower case. */
export const MARK = 256;
export const PLUS = 257;
export const STAR = 258;
/** The first class; the number of a class in {@link classSets} is added. */
export const CLASS = 512;

/** A class and a literal that is written as one. */
const escapes: ReadonlyMap<string, ByteSet> = new Map([
  ...osRegexClasses,
  ...[..."()\\$|<"].map((literal): [string, ByteSet] => [literal, singleByte(literal.charCodeAt(0), false)]),
]);

/** The bytes of every class, by its number. */
export const classSets: readonly ByteSet[] = [...escapes.values()];
const classNumbers: ReadonlyMap<string, number> = new Map([...escapes.keys()].map((key, at) => [key, at]));

/** One alternative of a pattern, without its anchors. */
export interface OsRegexAlternative {
  /** Bytes, {@link MARK}, {@link PLUS}, {@link STAR} and classes. */
  readonly units: readonly number[];
  readonly anchoredStart: boolean;
  readonly anchoredEnd: boolean;
}

export interface ParsedOsRegex {
  readonly alternatives: readonly OsRegexAlternative[];
  /** Number of groups of all alternatives. */
  readonly groups: number;
}

const dollar = 0x24;

/** Longer ones are refused. */
const longestPattern = 20480;

function refused(reason: string, at: number): CompileResult<ParsedOsRegex> {
  return { ok: false, engineMessage: 1450, reason, at };
}

/** Reads a pattern; message 1450 stands for all with which the engine refuses one. */
export function parseOsRegex(text: string): CompileResult<ParsedOsRegex> {
  if (text.length > longestPattern) return refused(`the pattern is longer than ${longestPattern} bytes`, 0);
  const alternatives: OsRegexAlternative[] = [];
  let units: number[] = [];
  let anchoredStart = false;
  let groups = 0;
  let open = -1;
  let first = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const character = text.charAt(at);
    if (at === text.length || character === "|") {
      if (open >= 0) return refused(at < text.length ? "| stands in parentheses" : "( is not closed", open);
      const anchoredEnd = units.at(-1) === dollar;
      if (anchoredEnd) units.pop();
      alternatives.push({ units, anchoredStart, anchoredEnd });
      units = [];
      anchoredStart = false;
      first = at + 1;
    } else if (character === "\\") {
      const number = classNumbers.get(text.charAt(at + 1));
      if (number === undefined) return refused(`os_regex has no escape \\${text.charAt(at + 1)}`, at);
      units.push(CLASS + number);
      at += 1;
    } else if (character === "(") {
      if (open >= 0) return refused("parentheses stand in parentheses", at);
      open = at;
      units.push(MARK);
    } else if (character === ")") {
      if (open < 0) return refused(") without (", at);
      open = -1;
      groups += 1;
      units.push(MARK);
    } else if (character === "^" && at === first) anchoredStart = true;
    else if ((character === "+" || character === "*") && (units.at(-1) ?? 0) >= CLASS)
      units.push(character === "+" ? PLUS : STAR);
    else units.push(lowerByte(text.charCodeAt(at)));
  }
  return { ok: true, value: { alternatives, groups } };
}
