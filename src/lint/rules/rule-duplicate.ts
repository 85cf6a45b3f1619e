import type { LintRule } from "../model.js";

export const ruleDuplicate: LintRule = {
  code: "OSSEC-RULE-DUPLICATE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A rule id that is already taken",
  why: "Two rules of one id are an error, also when the ids are equal only after being cut to six digits.",
  instead: 'Take another id, or write overwrite="yes".',
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n<rule id="«100100»" level="6"><match>worse</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="6"><match>worse</match><description>a</description></rule>`,
  },
};
