import { removeAttribute } from "../edits.js";
import { attributeNamed, valuePlace } from "../elements.js";
import { searchPlace } from "../helpers.js";
import type { LintRule } from "../model.js";

export const frequencyZero: LintRule = {
  code: "OSSEC-FREQUENCY-ZERO",
  trap: "frequency-zero",
  effect: "misread",
  title: "A composite without a frequency fires on the second event",
  why: 'An absent frequency and frequency="0" both mean: one earlier event is enough. Outside of composites frequency="0" means nothing.',
  instead: "Write the frequency that you mean (two less than the number of events).",
  reference: "docs/reference/ossec.md#correlation (absent = 0 = the 2nd event)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«0»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>\n<rule id="100102" level="5" frequency="0"><if_sid>100100</if_sid><description>none is counted</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="0" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>\n<rule id="100102" level="5"><if_sid>100100</if_sid><description>none is counted</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const { rule } = written;
      const attribute = attributeNamed(written, "frequency");
      if (rule.search === null) {
        if (attribute !== undefined && /^0+$/.test(attribute.value)) {
          report(
            valuePlace(attribute),
            `frequency="0" does nothing: rule ${rule.id} counts no earlier events`,
            removeAttribute("Take the attribute away.", attribute),
          );
        }
      } else if (rule.frequency === 0) {
        report(
          attribute === undefined ? searchPlace(written) : valuePlace(attribute),
          `rule ${rule.id} fires on the second event`,
        );
      }
    }
  },
};
