import { codes } from "../codes.js";
import { blocking, type Policy } from "./policy.js";

/** What a rule takes from a detection of the bundle is missing to the bursts and the blocks of that detection. */
export const checkRuleTakesEvent: Policy = (bundle) => {
  const blocked = new Set(blocking(bundle).map(({ model }) => model.name));
  const bursts = new Map<string, string>();
  for (const { kind, model } of bundle.detections)
    if (kind === "burst" && model.base.kind === "rule" && model.base.detection !== null)
      if (!bursts.has(model.base.detection)) bursts.set(model.base.detection, model.name);
  return bundle.detections.flatMap(({ kind, model }) => {
    if (kind !== "rule" && kind !== "sequence") return [];
    if (model.under.kind !== "rules" || (model.kind === "rule" && model.effect === "onlyParent")) return [];
    return model.under.detections.flatMap((base) => {
      const burst = bursts.get(base);
      const found = [];
      if (burst !== undefined)
        found.push(
          codes.starves(
            model.span,
            `what "${model.name}" takes is not counted by "${burst}": OSSEC keeps an event under the rule that decided last`,
            model.kind === "rule" && model.effect === "silence"
              ? "if that is not meant, lower it to a level in place of the silence, and count both with a burst of a group"
              : `count both: give "${base}" and "${model.name}" one group, and let the burst say of: { group: "…" }`,
          ),
        );
      if (
        (model.kind === "sequence" || model.effect !== "silence") &&
        blocked.has(base) &&
        !blocked.has(model.name)
      )
        found.push(
          codes.takesEvent(
            model.span,
            `"${base}" starts a block and "${model.name}", which takes some of its events, starts none`,
            `block on "${model.name}" too, if that is not meant`,
          ),
        );
      return found;
    });
  });
};
