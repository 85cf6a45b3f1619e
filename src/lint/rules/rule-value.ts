import type { LintRule } from "../model.js";

export const ruleValue: LintRule = {
  code: "OSSEC-RULE-VALUE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A value that a rule's element does not take",
  why: "category, time, weekday, options, list, compiled_rule and ids take what the reference says and nothing else.",
  instead: "Write a value of the reference.",
  reference: "docs/reference/ossec.md#rule-elements",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><weekday>«monday - friday»</weekday><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><weekday>weekdays</weekday><description>a</description></rule>`,
  },
};
