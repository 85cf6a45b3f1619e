import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhDifferentCurrent: LintRule = {
  code: "WAZUH-DIFFERENT-CURRENT",
  trap: "different-compares-with-current",
  effect: "misread",
  severity: "info",
  note: true,
  dialects: ["wazuh"],
  title: "A different_* that compares with the last event only",
  why: "Each earlier event is compared with the current one, not with the others: five logins from one address and then one from another fire. A missing value counts as different.",
  instead: "Do not read it as a number of distinct values.",
  reference: "docs/reference/wazuh.md#correlation-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_user />«<different_srcip />»<description>many</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_user /><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      if (written.rule.frequency === 0) continue;
      for (const element of written.elements) {
        if (/^(?:different_|not_same_(?:source_ip|user|id|field)$)/i.test(element.name))
          report(
            element.place,
            `rule ${written.rule.id} counts ${written.rule.frequency + 1} events that differ from the current one, and may be alike`,
          );
      }
    }
  },
};
