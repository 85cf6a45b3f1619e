import { codes } from "../codes.js";
import { blocking, type Policy } from "./policy.js";

/** Rules that fall silent for everybody after an alert, and what would wait for them in vain. */
export const checkIgnored: Policy = (bundle) => {
  const { detections, responses, places } = bundle;
  const blocked = new Set(blocking(bundle).map(({ model }) => model.name));
  const armed = new Set(responses.flatMap((one) => one.armed));
  const counting = new Map(
    detections.flatMap(({ model }) =>
      model.kind === "burst" && model.base.kind === "rule" && model.base.detection !== null
        ? [[model.base.detection, model.name] as const]
        : [],
    ),
  );
  return detections.flatMap(({ declared, model }) => {
    const { rule } = declared;
    if (rule === undefined) return [];
    const { name } = model;
    if (rule.respond === false && armed.has(name))
      return [
        codes.levelTooLow(
          places.at(rule, "respond").span(),
          `"${name}" says that it starts no response, and a response waits for it`,
          "take one of them away",
        ),
      ];
    if (rule.ignore === undefined) return [];
    const burst = counting.get(name);
    // Known of a rule that is imported: it has worked like that.
    if (rule.accept?.includes("OSSEC-IGNORE-IS-GLOBAL")) return [];
    const loses = blocked.has(name) ? "a block" : burst === undefined ? null : `"${burst}"`;
    return loses === null
      ? []
      : [
          (blocked.has(name) ? codes.ignored : codes.ignoredCount)(
            places.at(rule, "ignore").span(),
            `after an alert "${name}" is silent for every source, and ${loses} waits for it: the next source would not be seen`,
            "take ignore away; a source that is blocked already is not blocked again",
          ),
        ];
  });
};
