import { attributeNamed, valuePlace } from "../elements.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhFrequencyTwo: LintRule = {
  code: "WAZUH-FREQUENCY-TWO",
  trap: "frequency-two-fires-always",
  effect: "misread",
  severity: "info",
  dialects: ["wazuh"],
  title: "A composite that fires on every event from the second on",
  why: "On firing the current event and the newest counted one are marked, and with frequency 2 (the default) nothing earlier is: it fires on 2, 3, 4 …, a composite of N on N, 2N, 3N.",
  instead: 'Write ignore="60" or so, or a frequency of 3 or more.',
  reference: "docs/reference/wazuh.md#correlation-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="«2»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>two</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>three</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { rule } = written;
      if (rule.frequency > 0 || rule.ignore > 0 || written.overwrite) continue;
      const frequency = attributeNamed(written, "frequency");
      report(
        frequency === undefined ? written.place : valuePlace(frequency),
        `rule ${rule.id} fires on the second event and on each one after it`,
      );
    }
  },
};
