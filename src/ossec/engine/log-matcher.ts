/** A pattern that is tested on the text of the present line, behind its prefilter. */
import type { Matcher, PatternMatch } from "../patterns/index.js";
import type { LiteralIndex } from "./literal-index.js";
import { alwaysOpen } from "./literal-tables.js";
import type { Prefilters } from "./prefilters.js";

export class LogMatcher {
  readonly matcher: Matcher;
  /** {@link alwaysOpen}: none of its own. */
  readonly prefilter: number;
  /** An open prefilter is already a match of the whole text. */
  #decides: boolean | null = null;
  /** Bytes that the text may begin with; null: any. Worked out when it is needed. */
  #first: Uint32Array | null | undefined = undefined;
  readonly #prefiltered: boolean;

  constructor(matcher: Matcher, prefilters: Prefilters) {
    this.matcher = matcher;
    this.prefilter = prefilters.prefilter(matcher);
    this.#prefiltered = prefilters.enabled;
  }

  /** Does the pattern occur in the line? `scan` must have read it. */
  test(log: string, scan: LiteralIndex): boolean {
    if (this.prefilter !== alwaysOpen) {
      if (!scan.isOpen(this.prefilter)) return false;
      // Worked out only for patterns that get so far: most never do.
      this.#decides ??= this.matcher.literalsDecide;
      // The engine looks at all of a text that is not ASCII before it runs a general pattern.
      if (this.#decides && (scan.isAscii || !this.matcher.general)) return true;
    }
    return this.matcher.test(log);
  }

  /** As {@link Matcher.exec}. */
  exec(log: string, from: number, scan: LiteralIndex): PatternMatch | null {
    return this.#hopeless(log, from, scan) ? null : this.matcher.exec(log, from);
  }

  /** As {@link Matcher.endOf}. */
  endOf(log: string, from: number, scan: LiteralIndex): number {
    return this.#hopeless(log, from, scan) ? -1 : this.matcher.endOf(log, from);
  }

  /** Without a look at the pattern itself: its prefilter is shut, or the text begins with the wrong byte. */
  #hopeless(log: string, from: number, scan: LiteralIndex): boolean {
    if (this.prefilter !== alwaysOpen) return !scan.isOpen(this.prefilter);
    if (!this.#prefiltered) return false;
    if (from >= log.length) return this.#firstBytes !== null;
    return !this.mayBegin(log.charCodeAt(from));
  }

  get #firstBytes(): Uint32Array | null {
    if (this.#first === undefined) this.#first = this.matcher.firstBytes;
    return this.#first;
  }

  /** May a match begin with this byte at the beginning of the text? */
  mayBegin(code: number): boolean {
    const first = this.#firstBytes;
    return first === null || (((first[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
  }
}

/** The pattern behind its prefilter; null stays null. */
export function logMatcher(matcher: Matcher | null, prefilters: Prefilters): LogMatcher | null {
  return matcher === null ? null : new LogMatcher(matcher, prefilters);
}

/** A pattern that is tested on a field, which decoders cut out of the present line. */
export class FieldMatcher {
  readonly matcher: Matcher;
  /** {@link alwaysOpen}: none of its own. */
  readonly prefilter: number;

  constructor(matcher: Matcher, prefilters: Prefilters) {
    this.matcher = matcher;
    this.prefilter = prefilters.fieldPrefilter(matcher);
  }

  /** Does the pattern occur in the field? What is nowhere in the line is not in its fields. `scan` must have read it. */
  test(text: string, scan: LiteralIndex): boolean {
    return scan.isOpen(this.prefilter) && this.matcher.test(text);
  }
}

/** The pattern behind its prefilter; null stays null. */
export function fieldMatcher(matcher: Matcher | null, prefilters: Prefilters): FieldMatcher | null {
  return matcher === null ? null : new FieldMatcher(matcher, prefilters);
}
