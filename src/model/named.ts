import type { DetectionModel, Model } from "./model.js";

const indexes = new WeakMap<readonly DetectionModel[], ReadonlyMap<string, DetectionModel>>();

/** The detection of that name; looked up, for a bundle may have thousands. */
export function detectionNamed(
  { detections }: Pick<Model, "detections">,
  name: string,
): DetectionModel | null {
  const index = indexes.get(detections) ?? new Map(detections.map((one) => [one.name, one]));
  indexes.set(detections, index);
  return index.get(name) ?? null;
}
