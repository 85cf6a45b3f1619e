/** PCRE2's limits: both matchers give up where it does. */
import type { PatternTree } from "./ast.js";

/** What a search may take: beyond it, it does not match. */
export interface Limits {
  /** PCRE2's match limit, for each place where a match may begin. */
  readonly steps: number;
  /** Words of the stack of PCRE2's JIT. */
  readonly words: number;
}

/** What the engine leaves as it is: 10 million, and the 32 KB that the JIT has when a program gives it no stack. */
export const engineLimits: Limits = { steps: 10_000_000, words: 4096 };

/** Those of a pattern, which may ask for others. */
export function limitsOf({ matchLimit, withoutJit }: PatternTree): Limits {
  const { steps, words } = engineLimits;
  return {
    steps: Math.min(steps, matchLimit ?? steps),
    words: withoutJit === true ? Number.POSITIVE_INFINITY : words,
  };
}
