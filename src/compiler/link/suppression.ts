import type { LinkedDetection } from "./detections.js";
import type { LinkedResponse } from "./responses.js";

/** Seconds that a notice stays quiet unless the bundle says otherwise. */
export const defaultSuppression = 300;

/** Zeek ends a suppression at a table tick, up to this many seconds later than asked (docs/reference/zeek.md#processing-of-a-notice). */
export const suppressionTick = 10;

/** Seconds of the shortest block that each detection leads to, by name; none for one that leads to none. */
export function shortestBlocks(responses: readonly LinkedResponse[]): ReadonlyMap<string, number> {
  const shortest = new Map<string, number>();
  for (const { model, armed } of responses)
    if (model.kind === "block")
      for (const name of armed)
        shortest.set(name, Math.min(model.seconds, shortest.get(name) ?? model.seconds));
  return shortest;
}

/**
 * A notice that stays quiet longer than the source stays blocked lets a scanner that comes back go unseen: without
 * a length of its own the suppression, and one table tick, end within the shortest block.
 */
export function withSuppression(
  detections: readonly LinkedDetection[],
  responses: readonly LinkedResponse[],
): readonly LinkedDetection[] {
  const shortest = shortestBlocks(responses);
  return detections.map((detection) => {
    if (detection.kind !== "zeek" && detection.kind !== "scan") return detection;
    const block = shortest.get(detection.model.name);
    if (block === undefined || detection.declared.notice?.suppress !== undefined) return detection;
    const suppress = Math.max(0, Math.min(defaultSuppression, Math.floor(block) - suppressionTick));
    return { ...detection, model: { ...detection.model, suppress } };
  });
}
