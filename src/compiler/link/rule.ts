import type { RuleModel } from "../../model/model.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { codes } from "./codes.js";
import { child, type Field, type LinkContext, readList, readObject } from "./field.js";
import { readLevel } from "./rule-level.js";
import { readGroups, readLine } from "./texts.js";

/** OSSEC's own limit on a description is far higher; a line in alerts.log should be read by people. */
const longestDescription = 400;

/** What a rule says where the bundle does not. */
export type RuleDefaults = Omit<RuleModel, "id">;

/** The rule of a detection; `defaults` null: the bundle has to say everything. */
export function readRule(
  context: LinkContext,
  field: Field,
  id: number | null,
  defaults: RuleDefaults | null,
): RuleModel | null {
  if ((defaults === null || field.value !== undefined) && readObject(context, field) === null) return null;
  const property = (key: keyof RuleDefaults): Field => {
    const asked = child(context, field, key);
    return asked.value === undefined && defaults !== null ? { ...asked, value: defaults[key] } : asked;
  };
  const level = readLevel(context, property("level"));
  const descriptionField = property("description");
  const description = readLine(context, descriptionField, longestDescription);
  const problem = description === null ? null : checkRuleText(description);
  if (problem !== null)
    context.diagnostics.push(
      codes.text(descriptionField.span(), `${descriptionField.label} cannot be used: ${problem}`),
    );
  const groupsField = property("groups");
  const groups =
    groupsField.value === undefined ? [] : readGroups(context, readList(context, groupsField) ?? []);
  if (level === null || description === null || problem !== null || id === null) return null;
  return { id, level, groups, description };
}
