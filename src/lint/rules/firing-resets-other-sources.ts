import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const firingResetsOtherSources: LintRule = {
  code: "OSSEC-FIRING-RESETS-OTHER-SOURCES",
  trap: "firing-resets-other-sources",
  effect: "misread",
  severity: "info",
  note: true,
  title: "Firing hides everything earlier, of every source",
  why: "When a composite fires it marks events, and its next search stops at the mark: what other sources did before is forgotten. Whoever fires the rule resets the count of everybody else.",
  instead: "Do not take the absence of an alert for the absence of a second attacker.",
  reference: "docs/reference/ossec.md#correlation (on firing …)",
  bad: {
    decoders: String.raw`<decoder name="app"><prematch>^app </prematch><regex offset="after_prematch">^from (\S+)</regex><order>srcip</order></decoder>`,
    rules: `<rule id="100100" level="3"><decoded_as>app</decoded_as><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<same_source_ip />»<description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      if (written.rule.correlation.same.length === 0) continue;
      const same = written.elements.find(({ name }) => /^same_/i.test(name));
      report(
        same?.content ?? written.place,
        `when rule ${written.rule.id} fires, what all other sources did before is no longer counted`,
      );
    }
  },
};
