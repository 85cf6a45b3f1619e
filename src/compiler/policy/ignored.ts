import { codes } from "../codes.js";
import { blocking, type Policy } from "./policy.js";

/** Rules that fall silent for everybody after an alert, and what would wait for them in vain. */
export const checkIgnored: Policy = (bundle) => {
  const { detections, responses, places } = bundle;
  const blocked = new Set(blocking(bundle).map(({ model }) => model.name));
  const armed = new Set(responses.flatMap((one) => one.armed));
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
    const counted = detections.find(
      (other) =>
        other.kind === "burst" && other.model.base.kind === "rule" && other.model.base.detection === name,
    );
    const loses = blocked.has(name) ? "a block" : counted === undefined ? null : `"${counted.model.name}"`;
    return loses === null
      ? []
      : [
          codes.ignored(
            places.at(rule, "ignore").span(),
            `after an alert "${name}" is silent for every source, and ${loses} waits for it: the next source would not be seen`,
            "take ignore away; a source that is blocked already is not blocked again",
          ),
        ];
  });
};
