import type { LintRule } from "../model.js";

export const ruleRoot: LintRule = {
  code: "OSSEC-RULE-ROOT",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "Something else than groups with rules",
  why: 'A rule file holds <group name="…"> elements with that one attribute and at least one <rule>, nothing else.',
  instead: "Put rules into a group.",
  reference: "docs/reference/ossec.md#rule-shape",
  bad: {
    rules: `<group name="local,"><rule id="100100" level="5"><match>bad</match></rule>«<note>»x</note></group>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
