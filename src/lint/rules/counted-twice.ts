import { elementNamed } from "../elements.js";
import { baseRulesOf, compositesOf, listed } from "../helpers.js";
import type { LintRule } from "../model.js";

export const countedTwice: LintRule = {
  code: "OSSEC-COUNTED-TWICE",
  effect: "misread",
  title: "A rule of several parents whose events a group composite counts several times",
  why: "An event is stored once for each place that its rule has in the tree. if_matched_group counts each of them: with two parents, half of the events are enough.",
  instead: "Hang the rule under one parent, or count it by if_matched_sid.",
  reference: "docs/reference/ossec.md#corner-cases-of-analysis (an event is stored once per parent)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>a</description></rule>\n<rule id="100101" level="3"><match>bad name</match><description>b</description></rule>\n<rule id="100102" level="5"><if_sid>«100100, 100101»</if_sid><match>root</match><group>bad_root,</group><description>c</description></rule>\n<rule id="100103" level="10" frequency="6" timeframe="60"><if_matched_group>bad_root</if_matched_group><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>a</description></rule>\n<rule id="100101" level="3"><match>bad name</match><description>b</description></rule>\n<rule id="100102" level="5"><if_sid>100100, 100101</if_sid><match>root</match><description>c</description></rule>\n<rule id="100103" level="10" frequency="6" timeframe="60"><if_matched_sid>100102</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    const twice = new Map<number, { readonly times: number; readonly by: number[] }>();
    for (const { rule: composite } of compositesOf(context)) {
      if (composite.search?.kind !== "group") continue;
      for (const base of baseRulesOf(context, composite)) {
        const times = base.feedsGroupListsOf.filter((id) => id === composite.id).length;
        if (times < 2 || base.feedsSidList) continue;
        const known = twice.get(base.id);
        if (known === undefined) twice.set(base.id, { times, by: [composite.id] });
        else known.by.push(composite.id);
      }
    }
    for (const written of context.rules) {
      const found = twice.get(written.rule.id);
      if (found === undefined || written.overwrite) continue;
      report(
        elementNamed(written, "if_sid", "if_group", "if_level")?.content ?? written.place,
        `an event of rule ${written.rule.id} counts ${found.times} times for composite ${listed(found.by)}: the rule is attached at ${found.times} places`,
      );
    }
  },
};
