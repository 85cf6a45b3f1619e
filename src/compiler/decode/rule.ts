import type { Rule, RuleInfo, RuleText } from "../../dsl/rule.js";
import { checkRuleText } from "../../targets/ossec/text.js";
import {
  type Accepts,
  type Decoder,
  exactlyOne,
  flag,
  list,
  type Output,
  object,
  optional,
  refined,
  yes,
} from "./decoder.js";
import { group, level, line, matching, refuseText, ruleId, wholeSeconds } from "./scalars.js";

/** OSSEC's own limit on a description is higher; a line in alerts.log should be read by people. */
const longestDescription = 1_000;

/** A field of the event in a description, which only Wazuh fills in. */
export const fieldInText = /\$\([A-Za-z0-9_.@-]+\)/g;

const description = refined(line(longestDescription), (text, field) => {
  const problem = checkRuleText(text.replace(fieldInText, "()"));
  return problem === null ? text : refuseText(field, problem);
});

const infoText = refined(line(longestDescription), (text, field) => {
  const problem = checkRuleText(text);
  return problem === null ? text : refuseText(field, problem);
});

const info = exactlyOne(
  'one of { text: "…" }, { link: "https://…" }, { cve: "…" }',
  { text: infoText, link: infoText, cve: infoText },
  {},
) satisfies Accepts<RuleInfo>;

const technique = matching(/^[A-Za-z0-9.$()_-]{1,64}$/, 'the id of a technique of ATT&CK: "T1110.001"');

/** The engine keeps six digits (docs/reference/ossec.md#rule-attributes). */
const longestIgnore = 999_999;

const never: Decoder<false> = (field) => (field.value === false ? false : field.refuse("false, or left out"));

const lintCode = matching(
  /^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+$/,
  'the code of a finding of `zopf lint`: "OSSEC-MATCH-BANG"',
);

const more = {
  accept: optional(list(lintCode)),
  groups: optional(list(group)),
  id: optional(ruleId),
  overwrite: optional(yes),
  info: optional(list(info)),
  mitre: optional(list(technique)),
  mail: optional(flag),
  log: optional(flag),
  ignore: optional(
    wholeSeconds(`OSSEC counts whole seconds, here 1 to ${longestIgnore} (11 days)`, longestIgnore),
  ),
  respond: optional(never),
  fullLog: optional(never),
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
