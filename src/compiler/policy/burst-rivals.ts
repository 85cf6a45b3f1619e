import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/**
 * Bursts that would take events from one another: an event that fires a burst is kept under the burst's own rule,
 * not under the one that was counted; and a rule that is counted by its id feeds no group any more (docs/reference/ossec.md#correlation).
 */
export const checkBurstRivals: Policy = ({ detections, places }) => {
  const bursts = detections.filter((detection) => detection.kind === "burst");
  const found: Diagnostic[] = [];
  const counted = new Map<number, string>();
  for (const { declared, model } of bursts) {
    if (model.base.kind !== "rule") continue;
    const other = counted.get(model.base.id);
    if (other === undefined) counted.set(model.base.id, model.name);
    else
      found.push(
        codes.burstRivals(
          places.at(declared.of, declared.of.kind).span(),
          `"${other}" counts the same events: the event that fires one of the two bursts is kept under that burst's rule and missing to the other`,
          'keep one of them; or let the second count the first: of: { detection: "…" } of the burst',
        ),
      );
  }
  const countedDetections = detections.flatMap(({ model }) => (counted.has(model.rule.id) ? [model] : []));
  const groups = new Set<string>();
  for (const { declared, model } of bursts) {
    const { base } = model;
    if (base.kind !== "group") continue;
    const span = places.at(declared.of, "group").span();
    if (groups.has(base.group))
      found.push(
        codes.burstRivals(
          span,
          `another burst counts the group "${base.group}" already: each would take events from the other`,
        ),
      );
    groups.add(base.group);
    const starved = countedDetections.find(({ rule }) =>
      rule.groups.some((name) => name.includes(base.group)),
    );
    if (starved !== undefined)
      found.push(
        codes.burstRivals(
          span,
          `"${starved.name}" is of the group "${base.group}" and is counted by "${counted.get(starved.rule.id) ?? ""}" too: OSSEC then gives its events to no group`,
          "take it out of the group, or count only one of them",
        ),
      );
  }
  return found;
};
