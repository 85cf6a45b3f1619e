import type { LintRule } from "../model.js";
import { starvedRules } from "../siblings.js";

export const siblingLevel0First: LintRule = {
  code: "OSSEC-SIBLING-LEVEL0-FIRST",
  trap: "sibling-level0-first",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A rule behind a sibling of level 0",
  why: "Siblings of level 0 are tried before all others. Whatever this rule matches the sibling silenced before.",
  instead: "Make the silencing rule more special, or attach it under this one.",
  reference: "docs/reference/ossec.md#place-in-the-tree (level 0 before all)",
  bad: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="«100101»" level="10"><if_sid>100100</if_sid><match>bad login</match><description>a</description></rule>\n<rule id="100102" level="0"><if_sid>100100</if_sid><match>bad</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>login</match><description>a</description></rule>\n<rule id="100101" level="10"><if_sid>100100</if_sid><match>bad login</match><description>a</description></rule>\n<rule id="100102" level="0"><if_sid>100100</if_sid><match>good</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const { rule, by } of starvedRules(context)) {
      if (by.level !== 0) continue;
      if (
        rule.level === 0 &&
        !context.ordered &&
        context.written.rule(by).place.source.file !== context.written.rule(rule).place.source.file
      )
        continue;
      report(
        context.written.rule(rule).idPlace,
        `rule ${rule.id} is never reached: its sibling ${by.id} of level 0 is tried before it and takes all its events`,
        { cause: context.written.rule(by).idPlace },
      );
    }
  },
};
