/** A pattern that is tested on the text of the present line, behind its gate. */
import type { Matcher, PatternMatch } from "../patterns/index.js";
import type { GateBuilder, LiteralScan } from "./literal-scan.js";

export class LogMatcher {
  readonly matcher: Matcher;
  /** -1: no gate. */
  readonly gate: number;
  /** An open gate is already a match of the whole text. */
  #decides: boolean | null = null;

  constructor(matcher: Matcher, gates: GateBuilder) {
    this.matcher = matcher;
    this.gate = gates.gate(matcher);
  }

  /** Does the pattern occur in the line? `scan` must have read it. */
  test(log: string, scan: LiteralScan): boolean {
    if (this.gate >= 0) {
      if (!scan.isOpen(this.gate)) return false;
      // Worked out only for patterns that get so far: most never do.
      this.#decides ??= this.matcher.literalsDecide;
      if (this.#decides) return true;
    }
    return this.matcher.test(log);
  }

  /** As {@link Matcher.exec}. */
  exec(log: string, from: number, scan: LiteralScan): PatternMatch | null {
    return this.gate >= 0 && !scan.isOpen(this.gate) ? null : this.matcher.exec(log, from);
  }
}

/** The pattern behind its gate; null stays null. */
export function logMatcher(matcher: Matcher | null, gates: GateBuilder): LogMatcher | null {
  return matcher === null ? null : new LogMatcher(matcher, gates);
}
