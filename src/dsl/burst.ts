import type { Duration } from "./duration.js";
import type { Rule } from "./rule.js";

/** What a burst counts: a detection of the bundle, a rule that the host has already, or all rules of a group. */
export type BurstBase =
  | {
      /** Name of a detection of this bundle. */
      readonly detection: string;
    }
  | {
      /** Id of a rule that the host has already. */
      readonly rule: number;
    }
  | {
      /** Group whose rules all count, whoever wrote them. */
      readonly group: string;
    };

/**
 * What all counted events have in common; each is compared as text and must be set (docs/reference/ossec.md#correlation).
 * `"user"` is dstuser, `"location"` the host name of the line.
 */
export type BurstKey = "source" | "user" | "id" | "sourcePort" | "destinationPort" | "location";

/** OSSEC's composite rule: so many events within a time. */
export interface BurstDetection {
  /** OSSEC counts alerts: a rule with `frequency` and `timeframe`. */
  readonly kind: "burst";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** What is counted. */
  readonly of: BurstBase;
  /** Fires on exactly this event, 2 or more; and again after as many more. */
  readonly events: number;
  /** An event that is exactly so old still counts. Whole seconds, at most 99,999. */
  readonly within: Duration;
  /** `"all"`: events of all sources together; such a burst cannot feed a block. */
  readonly per: BurstKey | readonly BurstKey[] | "all";
  /**
   * Counts only earlier events whose URL differs from the present one's: not the number of different URLs.
   * It is the only `different_*` of OSSEC's that works.
   */
  readonly different?: "url";
  /**
   * Sources that burst at the same time and must not push each other out of OSSEC's memory (default 1). 4.x
   * remembers the newest 128 events of a rule, of all sources together.
   */
  readonly sources?: number;
  /** The rule that fires when the burst is complete. */
  readonly rule: Rule;
}
