import { dialectOf } from "../../targets/ossec/dialect.js";
import { codes } from "../codes.js";
import type { LogDeclaration } from "../decode/log.js";
import type { ConditionPatternDeclaration } from "../decode/pattern.js";
import type { Policy } from "./policy.js";

/** OSSEC deletes every TAB of a line before it looks (since 3.8): a pattern that waits for one fits nothing. */
export const checkLogTabs: Policy = ({ declared, model, places }) =>
  dialectOf(model.ossec).engine.controlBytes === "kept"
    ? []
    : declared.detections.flatMap((detection) =>
        detection.kind !== "log"
          ? []
          : patternsOf(detection)
              .filter(({ text }) => text.includes("\t") || /(?:^|[^\\])(?:\\\\)*\\t/.test(text))
              .map((pattern) => {
                const place = places.of(pattern);
                return codes.pattern(
                  place.span(),
                  `${place.label} waits for a TAB, and OSSEC deletes every TAB before it looks (since 3.8)`,
                  "leave it out: what stood on both sides of it is glued together",
                );
              }),
      );

function patternsOf({
  program,
  prematch,
  regex,
  match = [],
  also = [],
  where = {},
}: LogDeclaration): readonly ConditionPatternDeclaration[] {
  const conditions = Object.values(where).flatMap((asked) =>
    typeof asked === "object" && "matcher" in asked ? [asked] : [],
  );
  const matched = match.map((one) => ("kind" in one ? one.value : one));
  const forms = also.flatMap((form) => [form.program, form.regex]);
  return [program, prematch, regex, ...matched, ...forms, ...conditions].filter(
    (pattern) => pattern !== undefined,
  );
}
