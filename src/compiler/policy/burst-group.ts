import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** OSSEC looks for a group as a part of a rule's group text (docs/reference/ossec.md#pattern-languages, #word-match): `scan` is found in `portscan`. */
export const checkBurstGroup: Policy = ({ detections, places }) =>
  detections.flatMap(({ kind, declared, model }) => {
    if (kind !== "burst" || model.base.kind !== "group") return [];
    const { group } = model.base;
    const longer = new Set(
      detections.flatMap(({ model: { rule } }) =>
        rule.groups.includes(group) ? [] : rule.groups.filter((name) => name.includes(group)),
      ),
    );
    if (longer.size === 0) return [];
    return [
      codes.burstGroup(
        places.at(declared.of, "group").span(),
        `the burst counts rules of ${[...longer].sort().join(", ")} too: OSSEC finds "${group}" in any longer name`,
        "give what is to be counted a group whose name is part of no other",
      ),
    ];
  });
