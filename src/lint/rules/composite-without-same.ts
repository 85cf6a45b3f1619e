import { compositesOf, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const compositeWithoutSame: LintRule = {
  code: "OSSEC-COMPOSITE-WITHOUT-SAME",
  trap: "composite-without-same",
  effect: "misread",
  severity: "info",
  dialects: ["ossec", "wazuh"],
  note: true,
  title: "A composite that adds up unrelated sources",
  why: "Without same_source_ip (or another same_*) events of different sources add up, and the last one is the one that is reported.",
  instead: "Add <same_source_ip /> where one source is meant.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>«100100»</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_location /><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { correlation, id, refused } = written.rule;
      const { comparesDifferent } = context.loaded.dialect.engine;
      const compares =
        correlation.same.length > 0 || correlation.different.some((field) => comparesDifferent.has(field));
      if (refused || compares) continue;
      report(
        searchPlace(written),
        `rule ${id} counts events of all sources together and reports the last one`,
      );
    }
  },
};
