import { attributeNamed, valuePlace } from "../elements.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const frequencyOverSidHistory: LintRule = {
  code: "OSSEC-FREQUENCY-OVER-SID-HISTORY",
  trap: "frequency-over-sid-history",
  effect: "dead",
  title: "A frequency beyond the history of a rule",
  why: "Of the events of one rule the newest 128 are kept. Frequency N needs N+1 earlier events, so 128 and more is never reached. Before 4.x the history had no limit.",
  instead: "Write a frequency of 127 at most, or count with if_matched_group, whose list is longer.",
  reference: "docs/reference/ossec.md#correlation (if_matched_sid), #versions",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«200»" timeframe="600"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="127" timeframe="600"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  engines: ["4.3"],
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { rule } = written;
      const attribute = attributeNamed(written, "frequency");
      if (rule.search?.kind !== "sid" || rule.frequency < 128 || attribute === undefined) continue;
      report(
        valuePlace(attribute),
        `rule ${rule.id} can never fire: frequency ${rule.frequency} needs ${rule.frequency + 1} earlier events, 128 are kept`,
      );
    }
  },
};
