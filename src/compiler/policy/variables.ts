import { suiteOf } from "../../targets/ossec/suite.js";
import { variableProblem } from "../../targets/ossec/text.js";
import { codes } from "../codes.js";
import { patternsOf } from "./patterns-of.js";
import type { Policy } from "./policy.js";

/** OSSEC's rules and decoders stand in a file of the host's, which may define variables (docs/reference/ossec.md#xml). */
export const checkVariables: Policy = ({ declared, model, places }) =>
  suiteOf(model.ossec).namesFiles
    ? []
    : declared.detections.flatMap((detection) =>
        patternsOf(detection).flatMap((pattern) => {
          const problem = variableProblem(pattern.text);
          if (problem === null) return [];
          const { label, span } = places.of(pattern);
          return [
            codes.pattern(
              span(),
              `${label} cannot be written into OSSEC's XML: ${problem}`,
              pattern.language === "pcre2" ? "write \\z for the end, or \\x24 for a dollar" : undefined,
            ),
          ];
        }),
      );
