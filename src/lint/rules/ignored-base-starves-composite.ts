import { attributeNamed, valuePlace } from "../elements.js";
import { baseRulesOf, compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const ignoredBaseStarvesComposite: LintRule = {
  code: "OSSEC-IGNORED-BASE-STARVES-COMPOSITE",
  trap: "ignored-base-starves-composite",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "ignore= on the base rule starves the composite",
  why: "While a rule is silenced by ignore= its events are not stored. At most one event a window is counted, and so many windows do not fit into the timeframe.",
  instead: "Take ignore= from the base rule and put it on the composite.",
  reference:
    "docs/reference/ossec.md#life-of-an-event (an event silenced by ignore= feeds no composite), #matching-rules",
  bad: {
    rules:
      `<rule id="100100" level="3" «ignore="60"»><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`.replace(
        '«ignore="60"»',
        'ignore="«60»"',
      ),
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60" ignore="60"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    const writtenById = new Map(context.rules.map((written) => [written.rule, written]));
    for (const { rule } of compositesOf(context)) {
      const bases = baseRulesOf(context, rule);
      if (bases.length === 0 || rule.frequency === 0) continue;
      if (
        !bases.every(({ ignore }) => ignore > 0 && rule.frequency * ignore >= rule.timeframe * bases.length)
      )
        continue;
      for (const base of bases) {
        const at = writtenById.get(base);
        const attribute = at === undefined ? undefined : attributeNamed(at, "ignore");
        report(
          attribute === undefined ? context.written.rule(base).place : valuePlace(attribute),
          `composite ${rule.id} starves: rule ${base.id} is stored once in ${base.ignore} seconds, ${rule.frequency + 1} events within ${rule.timeframe} seconds are needed`,
        );
      }
    }
  },
};
