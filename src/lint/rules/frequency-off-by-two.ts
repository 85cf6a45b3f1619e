import { valuePlace } from "../elements.js";
import { compositesOf, positive } from "../helpers.js";
import type { LintRule } from "../model.js";

export const frequencyOffByTwo: LintRule = {
  code: "OSSEC-FREQUENCY-OFF-BY-TWO",
  trap: "frequency-off-by-two",
  effect: "misread",
  severity: "info",
  title: "frequency N fires on event N+2",
  why: "The current event is not counted and N+1 earlier ones are needed.",
  instead: "Write two less than the number of events that you mean.",
  reference: "spec/ossec.md 8",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«5»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>5 bad logins</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { rule } = written;
      const attribute = positive(written, "frequency", 4);
      if (attribute === null) continue;
      const promised = [...(rule.description ?? "").matchAll(/(?<![\d.])\d{1,4}(?![\d.])/g)].map(([number]) =>
        Number(number),
      );
      const told = promised.includes(rule.frequency) ? ", although its description says so" : "";
      report(
        valuePlace(attribute),
        `rule ${rule.id} fires on event ${rule.frequency + 2}, not on event ${rule.frequency}${told}`,
      );
    }
  },
};
