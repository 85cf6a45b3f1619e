import { elementsNamed } from "../elements.js";
import { compositesOf } from "../helpers.js";
import type { LintRule } from "../model.js";

export const ifMatchedSidMissing: LintRule = {
  code: "OSSEC-IF-MATCHED-SID-MISSING",
  trap: "if-matched-sid-missing",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A composite of a rule that is not loaded before it",
  why: "Alone a missing target is refused; with an if_sid beside it the file loads and the rule has nothing to count.",
  instead: "Name a rule that is loaded above this one.",
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_sid>100100</if_sid><if_matched_sid>«123456»</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_sid>100100</if_sid><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    const defined = new Map(context.loaded.rules.map((rule) => [rule.id, rule]));
    const order = new Map(context.loaded.rules.map((rule, index) => [rule, index]));
    for (const written of compositesOf(context)) {
      const { rule } = written;
      if (rule.search?.kind !== "sid" || rule.search.found || rule.refused) continue;
      const later = defined.get(rule.search.sid);
      // It is attached under a rule of a file that was not given.
      const isDetached = later !== undefined && !context.loaded.ruleById.has(later.id);
      if (isDetached && !context.complete && (order.get(later) ?? 0) < (order.get(rule) ?? 0)) continue;
      if (
        later === undefined
          ? !context.complete
          : !context.ordered &&
            context.written.rule(later).place.source.file !== context.written.rule(rule).place.source.file
      )
        continue;
      const target = elementsNamed(written, "if_matched_sid").at(-1);
      report(
        target?.content ?? written.place,
        `rule ${rule.id} can never fire: rule ${rule.search.sid} is not loaded before it`,
      );
    }
  },
};
