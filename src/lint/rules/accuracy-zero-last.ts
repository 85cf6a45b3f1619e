import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const accuracyZeroLast: LintRule = {
  code: "OSSEC-ACCURACY-ZERO-LAST",
  trap: "accuracy-zero-last",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: 'accuracy="0" puts a rule behind all its siblings',
  why: "Whatever its level, the rule is tried last among its siblings, and no active response is ever bound to it.",
  instead: "Take the attribute away.",
  reference: "docs/reference/ossec.md#rule-attributes, #place-in-the-tree, #active-response",
  bad: {
    rules: `<rule id="100100" level="12" accuracy="«0»"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="12"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const accuracy = attributeNamed(written, "accuracy");
      if (accuracy === undefined || !/^0+$/.test(accuracy.value)) continue;
      report(
        valuePlace(accuracy),
        `rule ${written.rule.id} is tried after all its siblings and starts no active response`,
      );
    }
  },
};
