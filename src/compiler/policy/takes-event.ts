import { codes } from "../codes.js";
import { blocking, type Policy } from "./policy.js";

/** An event that fires a burst is reported as the burst: what blocks on the base alone does not see it. */
export const checkTakesEvent: Policy = (bundle) => {
  const blocked = new Set(blocking(bundle).map(({ model }) => model.name));
  return bundle.detections.flatMap(({ kind, model }) => {
    if (kind !== "burst" || blocked.has(model.name) || model.base.kind !== "rule") return [];
    const counted = model.base.detection;
    if (counted === null || !blocked.has(counted)) return [];
    return [
      codes.takesEvent(
        model.span,
        `"${counted}" starts a block and "${model.name}" starts none: the event that fires "${model.name}" is reported as that alone, and neither starts nor prolongs a block`,
        `block on "${model.name}" too`,
      ),
    ];
  });
};
