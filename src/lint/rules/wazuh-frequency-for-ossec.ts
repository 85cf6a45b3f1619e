import { attributeNamed, valuePlace } from "../elements.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhFrequencyForOssec: LintRule = {
  code: "WAZUH-FREQUENCY-FOR-OSSEC",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A frequency that is written for OSSEC",
  why: "In Wazuh frequency N fires on the N-th event, in OSSEC on event N+2. The description of this rule counts as OSSEC does.",
  instead: "Write the number of events that the description says.",
  reference: "docs/reference/wazuh.md#in-short (frequency)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«4»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>6 bad logins</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="6" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>6 bad logins</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const frequency = attributeNamed(written, "frequency");
      if (frequency === undefined || !/^[0-9]{1,4}$/.test(frequency.value)) continue;
      const wanted = Number(frequency.value);
      const { id, description } = written.rule;
      const reported = [...(description ?? "").matchAll(/(?<![\d.])\d{1,4}(?![\d.])/g)].map(([number]) =>
        Number(number),
      );
      if (wanted > 1 && reported.includes(wanted + 2) && !reported.includes(wanted))
        report(
          valuePlace(frequency),
          `rule ${id} fires on event ${wanted}, and its description says ${wanted + 2}`,
        );
    }
  },
};
