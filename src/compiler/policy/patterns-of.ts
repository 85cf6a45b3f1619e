import type { DetectionDeclaration } from "../decode/bundle.js";
import type { FieldDeclaration } from "../decode/conditions.js";
import type { ConditionPatternDeclaration } from "../decode/pattern.js";

/** Every pattern that a detection of lines, or one about rules, is written with. */
export function patternsOf(detection: DetectionDeclaration): readonly ConditionPatternDeclaration[] {
  switch (detection.kind) {
    case "log": {
      const { program, prematch, regex, also = [], where = {} } = detection;
      const forms = also.flatMap((form) => [form.program, form.regex]);
      return [
        ...[program, prematch, regex, ...forms].filter((pattern) => pattern !== undefined),
        ...ofLine(detection),
        ...Object.values(where).flatMap(patternsIn),
      ];
    }
    case "burst":
    case "sequence":
    case "rule": {
      const { fields = {}, location, ...where } = detection.where ?? {};
      return [
        ...ofLine(detection),
        ...Object.values(where).flatMap(patternsIn),
        ...(location === undefined ? [] : patternsIn(location)),
        ...Object.values(fields).flatMap(patternsIn),
      ];
    }
    default:
      return [];
  }
}

function ofLine({
  match = [],
}: Pick<
  Extract<DetectionDeclaration, { readonly kind: "rule" }>,
  "match"
>): readonly ConditionPatternDeclaration[] {
  return match.map((one) => ("kind" in one ? one.value : one));
}

function patternsIn(asked: FieldDeclaration): readonly ConditionPatternDeclaration[] {
  if (typeof asked === "string") return [];
  if ("matcher" in asked) return [asked];
  if ("all" in asked) return asked.all.flatMap(patternsIn);
  if (!("kind" in asked)) return [];
  return asked.kind === "not" ? patternsIn(asked.value) : asked.having === undefined ? [] : [asked.having];
}
