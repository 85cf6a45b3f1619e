import type { DetectionModel } from "../../model/model.js";
import { codes } from "./codes.js";
import type { Field, LinkContext } from "./field.js";

/** OSSEC looks for a group as a part of a rule's group text (spec/ossec.md 3, 3.4): `scan` is found in `portscan`. */
export function tellLongerNames(
  context: LinkContext,
  field: Field,
  group: string,
  detections: readonly DetectionModel[],
): void {
  const longer = new Set(
    detections.flatMap(({ rule }) =>
      rule.groups.includes(group) ? [] : rule.groups.filter((name) => name.includes(group)),
    ),
  );
  if (longer.size === 0) return;
  context.diagnostics.push(
    codes.burstGroup(
      field.span(),
      `the burst counts rules of ${[...longer].sort().join(", ")} too: OSSEC finds "${group}" in any longer name`,
      "give what is to be counted a group whose name is part of no other",
    ),
  );
}
