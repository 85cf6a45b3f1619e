import type { LintRule } from "../model.js";
import { starvedRules } from "../siblings.js";

export const siblingHigherLevelFirst: LintRule = {
  code: "OSSEC-SIBLING-HIGHER-LEVEL-FIRST",
  trap: "sibling-higher-level-first",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A rule behind a sibling of a higher level",
  why: "Siblings of a higher level are tried first, wherever they stand in the file. Whatever this rule matches the sibling matched before.",
  instead: "Give the more special rule the higher level, or attach it under the other one.",
  reference: "docs/reference/ossec.md#place-in-the-tree (Order among siblings), #matching-rules",
  bad: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="«100102»" level="5"><if_sid>100100</if_sid><match>bad login</match><description>a</description></rule>\n<rule id="100101" level="7"><if_sid>100100</if_sid><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="100101" level="7"><if_sid>100100</if_sid><match>bad</match><description>a</description></rule>\n<rule id="100102" level="5"><if_sid>100101</if_sid><match>bad login</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const { rule, by } of starvedRules(context)) {
      if (by.level === 0 || by.level === rule.level) continue;
      report(
        context.written.rule(rule).idPlace,
        `rule ${rule.id} (level ${rule.level}) is never reached: its sibling ${by.id} (level ${by.level}) is tried before it and takes all its events`,
        { cause: context.written.rule(by).idPlace },
      );
    }
  },
};
