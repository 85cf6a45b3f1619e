import type { BurstDetectionModel, Model, SequenceDetectionModel } from "../../model/model.js";
import { suiteOf } from "./suite.js";

/** What a composite rule is given beside id and level. */
export interface Composite {
  /** Null where the attribute is left out: the second event fires then (docs/reference/ossec.md#correlation). */
  readonly frequency: number | null;
  /** Seconds. */
  readonly timeframe: number;
  readonly element: "if_matched_sid" | "if_matched_group";
  readonly value: string;
  /** Elements without a value. */
  readonly flags: readonly string[];
}

/** The suite's own count of the events, and all agents' together where the engine tells them apart. */
export function compositeOf(
  { ossec, host }: Pick<Model, "ossec" | "host">,
  burst: BurstDetectionModel | SequenceDetectionModel,
): Composite {
  const { base, events, timeframe, flags, perAgent = false } = burst;
  const { frequency, allAgents } = suiteOf(ossec);
  const hasAgents = ossec.installation === "server" || host?.ossec === "server";
  return {
    frequency: frequency(events),
    timeframe,
    element: base.kind === "rule" ? "if_matched_sid" : "if_matched_group",
    value: base.kind === "rule" ? String(base.id) : base.group,
    flags: allAgents === null || !hasAgents || perAgent ? flags : [...flags, allAgents],
  };
}
