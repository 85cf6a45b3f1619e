import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";
import { takenBack, withoutNotSame } from "../not-same.js";

export const sameThenNotSame: LintRule = {
  code: "OSSEC-SAME-THEN-NOT-SAME",
  trap: "same-then-not-same",
  effect: "misread",
  title: "A not_same_* that takes back a same_*",
  why: "The later element wins: nothing is compared.",
  instead: "Keep the one that is meant; not_same_* alone does nothing.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_user />«<not_same_user />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const before = new Set<string>();
      for (const element of written.elements) {
        const name = lowerCase(element.name);
        const same = takenBack[name];
        if (same !== undefined && before.has(same))
          report(
            element.content,
            `${name} of rule ${written.rule.id} takes back its ${same}: nothing is compared`,
            withoutNotSame(written, element),
          );
        before.add(name);
      }
    }
  },
};
