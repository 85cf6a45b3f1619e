import type { Model } from "./model.js";

/**
 * Ids of every rule that a bundle brings: a detection each, the one for Zeek's capacity notices, those of raw XML. A rule
 * that takes the place of a host's is the host's.
 */
export function ruleIdsOf({
  detections,
  zeek,
  raw,
}: Pick<Model, "detections" | "zeek" | "raw">): readonly number[] {
  const capacity = zeek?.capacity;
  return [
    ...detections.flatMap(({ rule }) => (rule.overwrite === true ? [] : [rule.id])),
    ...(capacity === undefined ? [] : [capacity.id]),
    ...raw.flatMap(({ ruleIds }) => ruleIds),
  ];
}
