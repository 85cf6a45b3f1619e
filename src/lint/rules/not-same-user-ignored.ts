import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";
import { withoutNotSame } from "../not-same.js";

export const notSameUserIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-USER-IGNORED",
  trap: "not-same-user-ignored",
  effect: "misread",
  title: "not_same_user does nothing",
  why: "not_same_user only takes back a same_user that stands before it in the same rule. Alone, or before it, it does nothing.",
  instead: "There is no such test.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<not_same_user />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const names = written.elements.map(({ name }) => lowerCase(name));
      const at = names.indexOf("not_same_user");
      const element = written.elements[at];
      if (element !== undefined && !names.slice(0, at).includes("same_user"))
        report(
          element.content,
          `not_same_user of rule ${written.rule.id} is never tested: one user alone fires it`,
          withoutNotSame(written, element),
        );
    }
  },
};
