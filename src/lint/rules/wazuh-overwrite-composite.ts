import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhOverwriteComposite: LintRule = {
  code: "WAZUH-OVERWRITE-COMPOSITE",
  trap: "overwrite-not-a-composite",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An overwrite that shall make a rule a composite",
  why: 'overwrite="yes" does not change what a rule searches: a plain rule stays one, its new frequency is ignored, and it fires at once.',
  instead: "Write a composite of its own with if_matched_sid.",
  reference: "docs/reference/wazuh.md#tree-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100101" level="5"><match>x</match><description>a</description></rule>
<rule id="100101" level="10" frequency="«5»" timeframe="60" overwrite="yes"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>
<rule id="100102" level="10" frequency="5" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      if (!written.overwrite || rule.search !== null) continue;
      const frequency = attributeNamed(written, "frequency");
      const matched = written.elements.find(({ name }) => /^if_matched_/i.test(name));
      if (matched === undefined) continue;
      report(
        frequency === undefined ? matched.content : valuePlace(frequency),
        `rule ${rule.id} fires on the first event: an overwrite makes it no composite`,
      );
    }
  },
};
