import { suiteOf } from "../../targets/ossec/suite.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** OSSEC ends at a condition on a decoder's own field where the line's decoder has no fields (docs/reference/ossec.md#decoder-fields). */
export const checkRuleFields: Policy = ({ detections, model: { ossec }, places }) =>
  !suiteOf(ossec).diesWithoutFields
    ? []
    : detections.flatMap(({ kind, declared, model }) => {
        if (kind !== "rule") return [];
        const { where } = declared;
        if (where?.fields === undefined || where.decoder !== undefined) return [];
        if (model.under.kind === "rules" && model.under.others.length === 0) return [];
        return [
          codes.missing(
            places.at(where, "fields").span(),
            `"${model.name}" asks for fields of a decoder and does not name it: OSSEC dies of such a rule when a line of a decoder without fields comes to it`,
            "add the decoder that reads them, as ossec-logtest prints its name: decoder: …",
          ),
        ];
      });
