import type { LintRule } from "../model.js";

export const ruleComposite: LintRule = {
  code: "OSSEC-RULE-COMPOSITE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "frequency or same_* without an if_matched_*",
  why: "A rule that compares with earlier events must say which: if_matched_sid, if_matched_group or if_matched_regex.",
  instead: "Add the if_matched_*.",
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<rule id="100099" level="3"><match>bad</match><description>a</description></rule>\n«<rule id="100100" level="10" frequency="4" timeframe="60">»<if_sid>100099</if_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100099" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="10" frequency="4" timeframe="60"><if_matched_sid>100099</if_matched_sid><description>a</description></rule>`,
  },
};
