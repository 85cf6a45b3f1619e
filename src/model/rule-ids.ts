import type { Model } from "./model.js";

/** Ids of every rule that a bundle brings: a detection each, and the one for Zeek's capacity notices. */
export function ruleIdsOf({ detections, zeek }: Pick<Model, "detections" | "zeek">): readonly number[] {
  const capacity = zeek?.capacity;
  return [...detections.map(({ rule }) => rule.id), ...(capacity === undefined ? [] : [capacity.id])];
}
