/** Wazuh's os_regex (docs/reference/wazuh.md#os_regex-of-wazuh). */
import { type ByteSet, hasByte, union } from "../../ossec/patterns/byte-set.js";
import { foldAscii } from "../../ossec/patterns/bytes.js";
import type { KnownPattern } from "../../ossec/patterns/matcher.js";
import {
  type Backtracking,
  beforeText,
  type CompileResult,
  type Matcher,
  type OsRegex,
  type PatternMatch,
} from "../../ossec/patterns/types.js";
import { firstBytesOf } from "./os-regex-first.js";
import { NONE, OsRegexMachine } from "./os-regex-machine.js";
import { literalsOf, longest, Needs } from "./os-regex-needs.js";
import { type OsRegexAlternative, type ParsedOsRegex, parseOsRegex } from "./os-regex-parse.js";

/** All of an alternative that is a literal between both anchors: the whole text, in lower case; null: it is not. */
function wholeText({ units, anchoredStart, anchoredEnd }: OsRegexAlternative): string | null {
  const isWhole = anchoredStart && anchoredEnd && units.length > 0 && units.every((unit) => unit < 0x80);
  return isWhole ? String.fromCharCode(...units) : null;
}

/** The matcher looks at one byte in each round, and goes back at most four times from each. */
const backtracking: Backtracking = { kind: "unknown" };

class OsRegexMatcher implements OsRegex {
  readonly language = "osregex";
  readonly text: string;
  readonly groups: number;
  readonly general = false;
  readonly withoutCaptures = false;
  readonly backtracking = backtracking;
  #parsed: ParsedOsRegex | null;
  #runnable: readonly Alternative[] | null = null;
  #literals: readonly string[] | null | undefined = undefined;
  #wholeTexts: readonly string[] | null | undefined = undefined;
  #first: ByteSet | null | undefined = undefined;

  /** @param parsed - null: it is parsed when it is run */
  constructor(text: string, groups: number, parsed: ParsedOsRegex | null) {
    this.text = text;
    this.groups = groups;
    this.#parsed = parsed;
  }

  /** Takes over what an earlier run found out. */
  learn({ firstBytes }: KnownPattern): this {
    this.#first = firstBytes;
    return this;
  }

  get #tree(): ParsedOsRegex {
    this.#parsed ??= parsedBefore(this.text);
    return this.#parsed;
  }

  get unchecked(): Matcher {
    return this;
  }

  get requiredLiterals(): readonly string[] | null {
    if (this.#literals === undefined) {
      const literals = this.#tree.alternatives.map((alternative) => longest(literalsOf(alternative)));
      this.#literals = literals.includes("") ? null : literals;
    }
    return this.#literals;
  }

  get literalsDecide(): boolean {
    return this.#tree.alternatives.every(
      ({ units, anchoredStart, anchoredEnd }) =>
        !anchoredStart && !anchoredEnd && units.length > 0 && units.every((unit) => unit < 0x80),
    );
  }

  get wholeTexts(): readonly string[] | null {
    if (this.#wholeTexts === undefined) {
      const texts = this.#tree.alternatives.map(wholeText);
      this.#wholeTexts = texts.includes(null) ? null : texts.flatMap((text) => text ?? []);
    }
    return this.#wholeTexts;
  }

  get firstBytes(): ByteSet | null {
    if (this.#first === undefined) {
      const sets = this.#tree.alternatives.map(firstBytesOf);
      this.#first = sets.reduce((all, set) => (all === null || set === null ? null : union(all, set)));
    }
    return this.#first;
  }

  test(text: string): boolean {
    for (const alternative of this.#alternatives)
      if (alternative.search(text, 0, false) !== NONE) return true;
    return false;
  }

  endOf(text: string, from = 0): number {
    for (const alternative of this.#alternatives) {
      const last = alternative.search(text, from, false);
      if (last !== NONE) return behind(last, text, from);
    }
    return -1;
  }

  exec(text: string, from = 0): PatternMatch | null {
    const capturing = this.groups > 0;
    for (const alternative of this.#alternatives) {
      const last = alternative.search(text, from, capturing);
      if (last === NONE) continue;
      return matchOf(alternative.marks, text, behind(last, text, from));
    }
    return null;
  }

  get #alternatives(): readonly Alternative[] {
    this.#runnable ??= this.#tree.alternatives.map((alternative) => new Alternative(alternative));
    return this.#runnable;
  }
}

/** An alternative behind what a text must have for it. */
class Alternative {
  readonly #machine: OsRegexMachine;
  readonly #needs: Needs;
  /** Bytes that it begins with at the place where it is anchored; null: any. */
  readonly #first: ByteSet | null;
  /** See {@link wholeText}. */
  readonly #whole: string | null;

  constructor(alternative: OsRegexAlternative) {
    this.#whole = wholeText(alternative);
    this.#first = firstBytesOf(alternative);
    this.#needs = new Needs(alternative);
    this.#machine = new OsRegexMachine(alternative);
  }

  get marks(): Int32Array {
    return this.#machine.marks;
  }

  /** See {@link OsRegexMachine.search}. */
  search(text: string, from: number, capturing: boolean): number {
    if (this.#first !== null && (from >= text.length || !hasByte(this.#first, text.charCodeAt(from))))
      return NONE;
    if (this.#whole !== null) {
      const { length } = this.#whole;
      if (text.length - from !== length || foldAscii(text.slice(from)) !== this.#whole) return NONE;
      return text.length - 1;
    }
    const start = this.#needs.earliest(text, from);
    return start < 0 ? NONE : this.#machine.search(text, from, start, capturing);
  }
}

/** Where a following search begins. A byte in front of one that is searched is never NUL, but for the first one's. */
function behind(last: number, text: string, from: number): number {
  if (last === -1) return beforeText;
  return last < from || last < text.length ? last + 1 : last;
}

const none: readonly never[] = [];

/** Null: the engine cannot copy a capture that ends before it begins, and takes the pattern for one that failed. */
function matchOf(marks: Int32Array, text: string, end: number): PatternMatch | null {
  if (marks.length === 0) return { end, captures: none };
  const captures: string[] = [];
  for (let mark = 0; mark + 1 < marks.length; mark += 2) {
    const first = marks[mark] ?? -1;
    const last = marks[mark + 1] ?? -1;
    if (first < 0 || last < 0) break;
    if (last === first - 1) return { end, captures: none, crash: true };
    if (last < first) return null;
    captures.push(text.slice(first, last));
  }
  return { end, captures };
}

function parsedBefore(text: string): ParsedOsRegex {
  const parsed = parseOsRegex(text);
  if (parsed.ok) return parsed.value;
  throw new Error(`bug: a pattern that compiled before does not: ${parsed.reason}`);
}

/** The matcher of a pattern about which this is known from an earlier run. */
export function knownWazuhOsRegex(known: KnownPattern): OsRegex {
  return new OsRegexMatcher(known.text, known.groups, null).learn(known);
}

/** Compiles a pattern; a failure is what the engine refuses. */
export function compileWazuhOsRegex(text: string): CompileResult<OsRegex> {
  const parsed = parseOsRegex(text);
  return parsed.ok
    ? { ok: true, value: new OsRegexMatcher(text, parsed.value.groups, parsed.value) }
    : parsed;
}
