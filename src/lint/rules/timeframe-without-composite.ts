import { removeAttribute } from "../edits.js";
import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const timeframeWithoutComposite: LintRule = {
  code: "OSSEC-TIMEFRAME-WITHOUT-COMPOSITE",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A timeframe on a rule that counts nothing",
  why: "Only rules with if_matched_sid, if_matched_group or if_matched_regex look at a timeframe.",
  instead: "Take the attribute away, or add the if_matched_* that is missing.",
  reference: "docs/reference/ossec.md#rule-attributes, #correlation",
  bad: {
    rules: `<rule id="100100" level="5" timeframe="«60»"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const timeframe = attributeNamed(written, "timeframe");
      if (
        timeframe === undefined ||
        timeframe.value === "" ||
        written.rule.search !== null ||
        written.rule.checkDiff
      )
        continue;
      report(
        valuePlace(timeframe),
        `the timeframe of rule ${written.rule.id} does nothing: the rule counts no earlier events`,
        removeAttribute("Take the attribute away.", timeframe),
      );
    }
  },
};
