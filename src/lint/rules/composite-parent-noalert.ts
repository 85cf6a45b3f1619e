import { baseRulesOf, compositesOf, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const compositeParentNoalert: LintRule = {
  code: "OSSEC-COMPOSITE-PARENT-NOALERT",
  trap: "composite-parent-noalert",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A composite counts events of a noalert rule",
  why: "A noalert rule is never reported, so no event carries it and nothing is ever found to count.",
  instead: "Take noalert away; the option no_log keeps the alert out of the log and the event in the count.",
  reference: "docs/reference/ossec.md#correlation (a level-0 or noalert base rule never feeds anything)",
  bad: {
    rules: `<rule id="100100" level="3" noalert="1"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>«100100»</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><options>log_alert</options><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const bases = baseRulesOf(context, written.rule);
      if (bases.length === 0 || !bases.every(({ level, noalert }) => level === 0 || noalert)) continue;
      const base = bases.find(({ noalert }) => noalert);
      if (base === undefined) continue;
      const { place, overwrites } = context.written.rule(base);
      report(
        searchPlace(written),
        `rule ${written.rule.id} can never fire: rule ${base.id} is noalert and never reported`,
        { cause: overwrites.at(-1)?.place ?? place },
      );
    }
  },
};
