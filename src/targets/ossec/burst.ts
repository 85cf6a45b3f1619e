import type { BurstDetectionModel, OssecModel } from "../../model/model.js";

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

/** OSSEC's frequency N fires on event N+2 (docs/reference/ossec.md#correlation), Wazuh's on event N (docs/reference/wazuh.md#in-short). */
export function compositeOf(ossec: OssecModel, burst: BurstDetectionModel): Composite {
  const { base, events, timeframe, flags } = burst;
  const frequency = ossec.dialect === "wazuh" ? events : events - 2;
  return {
    frequency: frequency === 0 ? null : frequency,
    timeframe,
    element: base.kind === "rule" ? "if_matched_sid" : "if_matched_group",
    value: base.kind === "rule" ? String(base.id) : base.group,
    flags,
  };
}
