import type { Rule } from "../../dsl/rule.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import { type Accepts, list, object, optional, refined } from "./decoder.js";
import { group, level, line, refuseText, ruleId } from "./scalars.js";

/** OSSEC's own limit on a description is far higher; a line in alerts.log should be read by people. */
const longestDescription = 400;

const description = refined(line(longestDescription), (text, field) => {
  const problem = checkRuleText(text);
  return problem === null ? text : refuseText(field, problem);
});

const more = { groups: optional(list(group)), id: optional(ruleId) };

/** The rule of a detection. */
export const rule = object({ level, description, ...more }) satisfies Accepts<Rule>;

/** The rule of a preset, which has one already. */
export const partialRule = object({
  level: optional(level),
  description: optional(description),
  ...more,
}) satisfies Accepts<Partial<Rule>>;
