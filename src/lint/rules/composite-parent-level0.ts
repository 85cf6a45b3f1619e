import { baseRulesOf, compositesOf, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const compositeParentLevel0: LintRule = {
  code: "OSSEC-COMPOSITE-PARENT-LEVEL0",
  trap: "composite-parent-level0",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A composite counts events of a rule of level 0",
  why: "Events that end in a rule of level 0 are not kept, so nothing is ever found to count.",
  instead:
    "Give the base rule a level above 0; with the option no_log it raises no alert and is counted all the same.",
  reference: "docs/reference/ossec.md#correlation (a level-0 or noalert base rule never feeds anything)",
  bad: {
    rules: `<rule id="100100" level="0"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>«100100»</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const bases = baseRulesOf(context, written.rule);
      if (bases.length === 0 || !bases.every(({ level, noalert }) => level === 0 || noalert)) continue;
      const base = bases.find(({ level, noalert }) => level === 0 && !noalert);
      if (base === undefined) continue;
      const { place, overwrites } = context.written.rule(base);
      report(
        searchPlace(written),
        `rule ${written.rule.id} can never fire: events of rule ${base.id} (level 0) are not kept`,
        { cause: overwrites.at(-1)?.place ?? place },
      );
    }
  },
};
