import type { EventConditions, LineCondition, Moments } from "./conditions.js";
import type { Duration } from "./duration.js";
import type { Rule } from "./rule.js";

/** What a burst counts: a detection of the bundle, a rule that is there already, or all rules of a group. */
export type BurstBase =
  | {
      /** Name of a detection of this bundle. */
      readonly detection: string;
    }
  | {
      /** Id of a rule that is there already. */
      readonly rule: number;
    }
  | {
      /** Group whose rules all count, whoever wrote them; those of the bundle that are declared behind it do not. */
      readonly group: string;
    };

/**
 * What all counted events have in common; each is compared as text and must be set (docs/reference/ossec.md#correlation).
 * `"user"` is dstuser, `"location"` the host name of the line. The second row and fields of the decoder's own are
 * Wazuh's alone; its `"agent"` counts the events of each agent by themselves.
 */
export type BurstKey =
  | ("source" | "user" | "id" | "sourcePort" | "destinationPort" | "location")
  | WazuhBurstKey
  | {
      /** Name of a field of the decoder's own. */
      readonly field: string;
    };

/** What Wazuh compares beside. */
export type WazuhBurstKey =
  | ("agent" | "destination" | "sourceUser" | "protocol" | "action" | "url")
  | ("data" | "extra_data" | "status" | "system_name");

/** What the event that completes a burst or a sequence must be beside. */
export interface LastEventConditions extends Moments {
  /** Conditions on the event that completes it alone, and not on those before. */
  readonly where?: EventConditions;
  /** A condition on the message of the event that completes it, or two that must both be met. */
  readonly match?: LineCondition | readonly LineCondition[];
  /**
   * Counts only earlier events that differ from the present one in this: not the number of different values. Of
   * OSSEC's `different_*` only that of the URL works; Wazuh has all.
   */
  readonly different?: BurstKey | readonly BurstKey[];
}

/** OSSEC's composite rule: so many events within a time. */
export interface BurstDetection extends LastEventConditions {
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
   * Sources that burst at the same time and must not push each other out of OSSEC's memory (default 1). 4.x
   * remembers the newest 128 events of a rule, of all sources together.
   */
  readonly sources?: number;
  /** The rule that fires when the burst is complete. */
  readonly rule: Rule;
}
