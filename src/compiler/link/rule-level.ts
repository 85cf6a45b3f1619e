import { codes } from "./codes.js";
import { describe, type Field, type LinkContext } from "./field.js";

/** A rule's level, 0 to 15. */
export function readLevel(context: LinkContext, field: Field): number | null {
  const { value } = field;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 15) return value;
  context.diagnostics.push(
    codes.level(
      field.span(),
      `${field.label} is ${value === undefined ? "missing" : describe(value)}; rule levels are 0 to 15`,
      value === 99 ? "OSSEC uses 99 inside for 0: such a rule never alerts" : undefined,
    ),
  );
  return null;
}
