import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";
import { withoutNotSame } from "../not-same.js";

export const notSameAgentIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-AGENT-IGNORED",
  effect: "misread",
  title: "not_same_agent does nothing",
  why: "not_same_agent only takes back a same_location that stands before it.",
  instead: "There is no such test.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<not_same_agent />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "not_same_agent");
      if (element !== undefined)
        report(
          element.content,
          `not_same_agent of rule ${written.rule.id} is never tested`,
          withoutNotSame(written, element),
        );
    }
  },
};
