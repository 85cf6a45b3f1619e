import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";
import { withoutNotSame } from "../not-same.js";

export const notSameSourceIpIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-SOURCE-IP-IGNORED",
  trap: "not-same-source-ip-ignored",
  effect: "misread",
  title: "not_same_source_ip does nothing",
  why: "not_same_source_ip only takes back a same_source_ip that stands before it in the same rule. Alone, or before it, it does nothing.",
  instead: "There is no such test. Let the sensor count distinct sources.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<not_same_source_ip />»<description>a</description></rule>`,
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
      const at = names.indexOf("not_same_source_ip");
      const element = written.elements[at];
      if (element !== undefined && !names.slice(0, at).includes("same_source_ip"))
        report(
          element.content,
          `not_same_source_ip of rule ${written.rule.id} is never tested: one source alone fires it`,
          withoutNotSame(written, element),
        );
    }
  },
};
