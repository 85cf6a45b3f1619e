import type { LinkedDetection } from "./detections.js";
import { armedDetections, type LinkedResponse } from "./responses.js";

/** Seconds that a notice stays quiet unless the bundle says otherwise. */
export const defaultSuppression = 300;

/** Zeek ends a suppression at a table tick, up to this many seconds later than asked (spec/zeek.md 4.2). */
export const suppressionTick = 10;

/** Seconds of the shortest block that a detection leads to; infinite where it leads to none. */
export function shortestBlock(detection: LinkedDetection, responses: readonly LinkedResponse[]): number {
  return Math.min(
    ...responses.flatMap(({ model }) =>
      model.kind === "block" && armedDetections(model, [detection.model]).length > 0 ? [model.seconds] : [],
    ),
  );
}

/**
 * A notice that stays quiet longer than the source stays blocked lets a scanner that comes back go unseen: without
 * a length of its own the suppression, and one table tick, end within the shortest block.
 */
export function withSuppression(
  detection: LinkedDetection,
  responses: readonly LinkedResponse[],
): LinkedDetection {
  if (detection.kind !== "zeek" && detection.kind !== "scan") return detection;
  if (detection.declared.notice?.suppress !== undefined) return detection;
  const longest = Math.floor(shortestBlock(detection, responses)) - suppressionTick;
  const suppress = Math.max(0, Math.min(defaultSuppression, longest));
  return { ...detection, model: { ...detection.model, suppress } };
}
