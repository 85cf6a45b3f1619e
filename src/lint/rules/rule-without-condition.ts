import { elementNamed } from "../elements.js";
import { hasConditions } from "../helpers.js";
import type { LintRule } from "../model.js";

export const ruleWithoutCondition: LintRule = {
  code: "OSSEC-RULE-WITHOUT-CONDITION",
  trap: "rule-without-condition",
  effect: "dangerous",
  dialects: ["ossec", "wazuh"],
  title: "A rule that takes everything",
  why: "A rule without parent and without condition matches every event of its category. What stands behind it is never reached.",
  instead: "Add <decoded_as>, <program_name>, <match> or another condition.",
  reference: "docs/reference/ossec.md#rule-shape (at least one element), #matching-rules",
  bad: { rules: `<rule id="«100100»" level="5"><description>everything</description></rule>` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      if (written.overwrite || rule.id < 10 || rule.noalert || hasConditions(rule) || rule.refused) continue;
      // Asking for a category other than the default is a condition.
      if (elementNamed(written, "category") !== undefined && (rule.category !== "syslog" || rule.level === 0))
        continue;
      const places = context.tree.places.get(rule) ?? [];
      if (!places.some(({ parent }) => parent === null || parent.node.rule.id < 10)) continue;
      report(
        context.written.rule(rule).idPlace,
        `rule ${rule.id} matches every event of category ${rule.category}`,
      );
    }
  },
};
