import type { LintRule } from "../model.js";
import { starvedRules } from "../siblings.js";

export const siblingTakesAll: LintRule = {
  code: "OSSEC-SIBLING-TAKES-ALL",
  trap: "sibling-takes-all",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A rule behind a sibling that takes all its events",
  why: "Siblings of one level are tried in load order and the first that matches wins. Whatever this rule matches the sibling matched before.",
  instead: "Put the more special rule first, give it a higher level, or attach it under the other one.",
  reference: "docs/reference/ossec.md#place-in-the-tree (Order among siblings), #matching-rules",
  bad: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>\n<rule id="«100102»" level="5"><if_sid>100100</if_sid><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="100102" level="5"><if_sid>100100</if_sid><match>bad</match><description>a</description></rule>\n<rule id="100101" level="5"><if_sid>100100</if_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const { rule, by } of starvedRules(context)) {
      if (by.level === 0 || by.level !== rule.level) continue;
      if (
        !context.ordered &&
        context.written.rule(by).place.source.file !== context.written.rule(rule).place.source.file
      )
        continue;
      report(
        context.written.rule(rule).idPlace,
        `rule ${rule.id} is never reached: its sibling ${by.id}, of the same level and loaded before it, takes all its events`,
        { cause: context.written.rule(by).idPlace },
      );
    }
  },
};
