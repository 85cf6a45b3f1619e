import type { BurstBase, BurstKey, LastEventConditions } from "./burst.js";
import type { Duration } from "./duration.js";
import type { Rule } from "./rule.js";

/**
 * One thing after another, within a time and by the same key: guessed, then accepted. The second event is reported as
 * the sequence. OSSEC looks back from it through the alerts of the first; notices of Zeek are among them.
 */
export interface SequenceDetection extends LastEventConditions {
  /** B after A: OSSEC looks back from an event of one rule to those of another. */
  readonly kind: "sequence";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** What comes first. */
  readonly first: BurstBase;
  /** How many of it there must be at least (default 1). */
  readonly times?: number;
  /** What comes after it, and completes the sequence. */
  readonly next: BurstBase;
  /** A first event that is exactly so old still counts. Whole seconds, at most 99,999. */
  readonly within: Duration;
  /** What the events have in common, compared as texts; `"all"`: nothing, and it cannot feed a block. */
  readonly per: BurstKey | readonly BurstKey[] | "all";
  /** Lines one after the other, at one moment, of which the last must lead to this rule, and no other. */
  readonly samples?: readonly (readonly string[])[];
  /** The rule that fires when the sequence is complete. */
  readonly rule: Rule;
}
