import { showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import type { Policy } from "./policy.js";

/** One alert starts each script once: execd knows a script and an address, not a response (docs/reference/ossec.md#active-response). */
export const checkCovered: Policy = ({ model: { detections }, responses, places }) => {
  const covered = new Map<string, SourceRange>();
  const own = new Set(detections.map(({ rule }) => rule.id));
  return responses.flatMap(({ declared, model, armed }) => {
    const place = places.of(declared);
    const { when } = model;
    const foreign = when.kind === "rules" ? when.ruleIds.filter((id) => !own.has(id)) : [];
    const causes = [...armed.map((name) => `"${name}"`), ...foreign.map((id) => `rule ${id}`)];
    return causes.flatMap((cause) => {
      const key = `${model.kind} ${cause}`;
      const other = covered.get(key);
      covered.set(key, place);
      return other === undefined
        ? []
        : [
            codes.duplicate(
              place.span(),
              `${cause} starts two responses of the kind "${model.kind}" (${other.label} and ${place.label}); OSSEC would run the script once and mix their times`,
              "keep one of them",
            ),
          ];
    });
  });
};

/** Rules of others may be in a group and above a level at the same time; which ones are is not known here. */
export const checkOverlaps: Policy = ({ responses, places }) => {
  const blocks = responses.flatMap(({ declared, model }) =>
    model.kind === "block" ? [{ model, place: places.of(declared) }] : [],
  );
  for (const { model, place } of blocks) {
    const { when } = model;
    if (when.kind === "rules" && when.detections.length === when.ruleIds.length) continue;
    const other = blocks.find(
      (one) => one.model !== model && one.model.when.kind !== "rules" && one.model.seconds !== model.seconds,
    );
    if (other === undefined) continue;
    return [
      codes.overlap(
        place.span(),
        `other people's rules may start both ${place.label} (${showDuration(model.seconds)}) and ${other.place.label} (${showDuration(other.model.seconds)}): OSSEC keeps the time of the one that comes first in the file`,
        "let both block for the same time, or keep one of them",
      ),
    ];
  }
  return [];
};
