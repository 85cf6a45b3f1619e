import { compositesOf, searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhCountsOneAgent: LintRule = {
  code: "WAZUH-COUNTS-ONE-AGENT",
  effect: "misread",
  severity: "info",
  note: true,
  dialects: ["wazuh"],
  title: "A composite that counts the events of one agent",
  why: "Earlier events count only if they are of the same agent: an attack that is spread over many agents never reaches the frequency.",
  instead: "Write <global_frequency /> if the events of all agents shall count.",
  reference: "docs/reference/wazuh.md#correlation-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>«100100»</if_matched_sid><same_srcip /><description>many</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_srcip /><global_frequency /><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { correlation, id } = written.rule;
      if (correlation.global || written.overwrite) continue;
      report(searchPlace(written), `rule ${id} counts the events of one agent`);
    }
  },
};
