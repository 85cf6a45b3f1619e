import type { LintRule } from "../model.js";

export const wazuhFrequencyRange: LintRule = {
  code: "WAZUH-FREQUENCY-RANGE",
  effect: "refused",
  dialects: ["wazuh"],
  title: "A frequency outside 2 to 9999",
  why: "Wazuh's frequency is the number of the event on which the rule fires, from 2 to 9999; anything else stops the loader.",
  instead: "Write the number of events that are meant. OSSEC's frequency is two less.",
  reference: "docs/reference/wazuh.md#in-short (frequency)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«1»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
};
