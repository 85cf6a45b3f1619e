import type { LintRule } from "../model.js";

export const ruleElement: LintRule = {
  code: "OSSEC-RULE-ELEMENT",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "An element that rules do not have, or a rule without any",
  why: "The engine knows a fixed set of elements; some of their names, such as same_id, in exact letter case.",
  instead: "Take it away.",
  reference: "docs/reference/ossec.md#rule-elements",
  bad: { rules: `<rule id="100100" level="5"><match>bad</match>«<mitre>»T1110</mitre></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
