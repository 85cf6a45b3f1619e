import type { LintRule } from "../model.js";

export const ruleTreeSize: LintRule = {
  code: "OSSEC-RULE-TREE-SIZE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A tree that grows without end",
  why: "A rule that is attached under many others, which are attached under many others, multiplies them. Loading does not end.",
  instead: "Hang rules under a sid or a narrow group.",
  reference: "docs/reference/ossec.md#place-in-the-tree (the rule is attached under each)",
  bad: {
    rules: `<group name="local,">\n${Array.from({ length: 24 }, (_, index) => `<rule id="${100100 + index}" level="3"><if_level>1</if_level><match>x</match><description>a</description></rule>`).join("\n")}\n</group>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
