/** What an observer of the engine is reported: the one implementation, watched (`--verbose`, `zopf explain`). */
import type { DecoderDefinition, RuleDefinition } from "../definitions.js";
import type { RuntimeEventType } from "./event.js";

/** A condition that was not met. */
export interface FailedCondition {
  /** Name of the element, `decoded_as`, `match`, `frequency` … */
  readonly condition: string;
  /** What the rule or decoder asks for. */
  readonly wanted: string;
  /** What the event has; null: the field is not set. */
  readonly found: string | null;
  /** Said only where the two do not explain it by themselves. */
  readonly note?: string;
  /** Of a composite: earlier events that only a `same_*` or `different_*` keeps from counting. */
  readonly others?: number;
}

/** How far the search for earlier events came. */
export interface CountedEvents {
  /** Earlier events that passed every test. */
  readonly found: number;
  readonly needed: number;
  /** `endless`: the engine hangs there (Wazuh). */
  readonly stoppedBy: "end" | "timeframe" | "marked" | "endless";
}

export interface EngineTrace {
  decoderTried?(decoder: DecoderDefinition): void;
  decoderFailed?(decoder: DecoderDefinition, failed: FailedCondition): void;
  decoderMatched?(decoder: DecoderDefinition, fields: number): void;
  /**
   * Before phase 3's rules: the list of decoders is done.
   *
   * @param decoder - who decoded last and gave the event its type; null: none
   */
  decoded?(decoder: DecoderDefinition | null, type: RuntimeEventType): void;
  ruleTried?(rule: RuleDefinition): void;
  ruleFailed?(rule: RuleDefinition, failed: FailedCondition, met: number): void;
  ruleMatched?(rule: RuleDefinition): void;
  childrenTried?(rule: RuleDefinition): void;
  /** The rule matched but is never reported (noalert). */
  ruleSilent?(rule: RuleDefinition): void;
  /**
   * Siblings behind those on the way to the reported rule that would have matched as well. They are asked
   * only when this is there, after the decision; those that count or remember are not asked.
   */
  readonly siblings?: {
    /** Is the rule of interest? */
    wanted(rule: RuleDefinition): boolean;
    lost(rule: RuleDefinition, to: RuleDefinition): void;
  };
}
