/**
 * Prefilters of one alternative of an os_regex: what a text must have for the machine to find a match, by which most
 * texts are turned away at the speed of a search for a literal. Necessary conditions only, and each follows from the
 * machine's steps, not from what a regular expression would mean: a way to a match goes through the units from left to
 * right. test/wazuh/patterns/os-regex.test.ts holds the matcher with them against the bare steps.
 */
import { type ByteSet, hasByte } from "../../ossec/patterns/byte-set.js";
import { foldedText } from "../../ossec/patterns/bytes.js";
import { CLASS, classSets, MARK, type OsRegexAlternative, PLUS, STAR } from "./os-regex-parse.js";

/** A literal directly behind a byte of a class. */
interface Pair {
  readonly before: ByteSet;
  /** It has no letter. */
  readonly literal: string;
}

/** What stands at a fixed distance from where a match begins. */
export interface Prefix {
  /** In lower case; empty: nothing is known. */
  readonly literal: string;
  /** Bytes of classes before it. */
  readonly offset: number;
  readonly lettered: boolean;
}

const isQuantifier = (unit: number | undefined): boolean => unit === PLUS || unit === STAR;
const isLiteral = (unit: number | undefined): boolean => unit !== undefined && unit < 0x80;
const hasLetters = (literal: string): boolean => /[a-z]/.test(literal);

/**
 * The classes without a quantifier that a match begins with, wherever it begins, and the literals behind them. Not those
 * between which a mark stands: a second mark in a row would be a literal.
 */
export function prefixOf({ units, anchoredStart }: OsRegexAlternative): Prefix {
  const first = units[0] === MARK ? 1 : 0;
  let from = first;
  while ((units[from] ?? 0) >= CLASS && !isQuantifier(units[from + 1])) from += 1;
  let to = from;
  while (isLiteral(units[to]) && !mayBeSkipped(units, to)) to += 1;
  const literal = anchoredStart ? "" : String.fromCharCode(...units.slice(from, to));
  return { literal, offset: from - first, lettered: hasLetters(literal) };
}

/** The machine may end in front of a single literal that stands directly behind the last class. */
function mayBeSkipped(units: readonly number[], at: number): boolean {
  return at > 0 && at === units.length - 1 && (units[at - 1] ?? 0) >= CLASS;
}

interface Run {
  /** Where it begins. */
  readonly at: number;
  /** In lower case. */
  readonly literal: string;
}

/** Literals that stand in every text which the alternative matches, in order. */
function runsOf(units: readonly number[]): readonly Run[] {
  const runs: Run[] = [];
  let literal = "";
  for (let at = 0; at <= units.length; at += 1) {
    const unit = units[at];
    if (unit !== undefined && isLiteral(unit) && !mayBeSkipped(units, at)) {
      literal += String.fromCharCode(unit);
      continue;
    }
    if (literal !== "") runs.push({ at: at - literal.length, literal });
    literal = "";
  }
  return runs;
}

/** See {@link runsOf}. */
export function literalsOf({ units }: OsRegexAlternative): readonly string[] {
  return runsOf(units).map(({ literal }) => literal);
}

/**
 * `:\s+%` behind a class with a quantifier: the machine leaves that class for the `:` no longer in a repetition, so that
 * the `+` has to take one byte.
 */
function pairOf(units: readonly number[], { at, literal }: Run): Pair | null {
  const isPair =
    units[at - 1] === PLUS && isLiteral(units[at - 3]) && isQuantifier(units[at - 4]) && !hasLetters(literal);
  const before = classSets[(units[at - 2] ?? 0) - CLASS];
  return isPair && before !== undefined ? { before, literal } : null;
}

/** Single bytes that logs are full of. */
const common = /^[ :.,\-/=0-9]$/;

export class Needs {
  readonly prefix: Prefix;
  /** Behind the prefix: texts without letters, and one that has some. */
  readonly #plain: readonly string[];
  readonly #lettered: string;
  readonly #pairs: readonly Pair[];

  constructor(alternative: OsRegexAlternative) {
    const { units } = alternative;
    this.prefix = prefixOf(alternative);
    const runs = runsOf(units);
    const isPrefix = (literal: string, at: number): boolean => at === 0 && literal === this.prefix.literal;
    const literals = runs.map(({ literal }) => literal).filter((literal, at) => !isPrefix(literal, at));
    const plain = [...new Set(literals)].filter((literal) => !hasLetters(literal));
    // Those that most lines have are asked for last.
    this.#plain = [
      ...plain.filter((literal) => !common.test(literal)),
      ...plain.filter((literal) => common.test(literal)),
    ];
    this.#lettered = longest(literals.filter(hasLetters));
    this.#pairs = runs.flatMap((run) => pairOf(units, run) ?? []);
  }

  /** Where a match may begin at the earliest, from a place on; -1: there is none. */
  earliest(text: string, from: number): number {
    const { literal, offset, lettered } = this.prefix;
    let start = from;
    let behind = from;
    if (literal !== "") {
      const at = (lettered ? foldedText(text) : text).indexOf(literal, from + offset);
      if (at < 0) return -1;
      start = at - offset;
      behind = at + literal.length;
    }
    for (const needed of this.#plain) if (text.indexOf(needed, behind) < 0) return -1;
    for (const pair of this.#pairs) if (!occurs(pair, text, behind)) return -1;
    if (this.#lettered !== "" && foldedText(text).indexOf(this.#lettered, behind) < 0) return -1;
    return start;
  }
}

export const longest = (literals: readonly string[]): string =>
  literals.reduce((known, literal) => (literal.length > known.length ? literal : known), "");

function occurs({ before, literal }: Pair, text: string, from: number): boolean {
  for (let at = text.indexOf(literal, from + 1); at >= 0; at = text.indexOf(literal, at + 1))
    if (hasByte(before, text.charCodeAt(at - 1))) return true;
  return false;
}
