import type { LintRule } from "../model.js";

export const ruleAttribute: LintRule = {
  code: "OSSEC-RULE-ATTRIBUTE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "An attribute of a rule that is missing, unknown or wrong",
  why: "id and level are needed; numbers are digits alone; overwrite is yes or no; other names are unknown.",
  instead: "Write the attribute as the reference says.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: { rules: `<rule id="100100" level="«high»"><match>bad</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="10"><match>bad</match><description>a</description></rule>` },
};
