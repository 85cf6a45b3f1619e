import type { LintRule } from "../model.js";

export const ruleReference: LintRule = {
  code: "OSSEC-RULE-REFERENCE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A rule, group or decoder that is not loaded before",
  why: "if_sid, if_group, if_matched_* and overwrite need what they name to be loaded before the rule; decoded_as needs the decoder.",
  instead: "Move the rule behind what it names.",
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<rule id="100100" level="5"><if_sid>«100101»</if_sid><description>a</description></rule>\n<rule id="100101" level="3"><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100101" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100100" level="5"><if_sid>100101</if_sid><description>a</description></rule>`,
  },
};
