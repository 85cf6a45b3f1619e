import type { Rule, RuleText } from "../../dsl/rule.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { type Accepts, type Decoder, flag, list, type Output, object, optional, refined } from "./decoder.js";
import { group, level, line, refuseText, ruleId, wholeSeconds } from "./scalars.js";

/** OSSEC's own limit on a description is far higher; a line in alerts.log should be read by people. */
const longestDescription = 400;

const description = refined(line(longestDescription), (text, field) => {
  const problem = checkRuleText(text);
  return problem === null ? text : refuseText(field, problem);
});

/** The engine keeps six digits (docs/reference/ossec.md#rule-attributes). */
const longestIgnore = 999_999;

const never: Decoder<false> = (field) => (field.value === false ? false : field.refuse("false, or left out"));

const more = {
  groups: optional(list(group)),
  id: optional(ruleId),
  mail: optional(flag),
  log: optional(flag),
  ignore: optional(
    wholeSeconds(`OSSEC counts whole seconds, here 1 to ${longestIgnore} (11 days)`, longestIgnore),
  ),
  respond: optional(never),
};

/** The rule of a detection. */
export const rule = object({ level, description, ...more }) satisfies Accepts<Rule>;

/** The rule of a detection that says its level elsewhere. */
export const ruleText = object({ description, ...more }) satisfies Accepts<RuleText>;

/** The rule of a preset, which has one already. */
export const partialRule = object({
  level: optional(level),
  description: optional(description),
  ...more,
}) satisfies Accepts<Partial<Rule>>;

/** What a rule says beside its level and text. */
export type RuleTextDeclaration = Output<typeof ruleText>;
