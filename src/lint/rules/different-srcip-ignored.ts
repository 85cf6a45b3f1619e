import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const differentSrcipIgnored: LintRule = {
  code: "OSSEC-DIFFERENT-SRCIP-IGNORED",
  trap: "different-srcip-ignored",
  effect: "misread",
  title: "different_srcip does nothing",
  why: "It is read and never tested: one source alone fires the rule.",
  instead: "There is no such test. Let the sensor count distinct sources.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid>«<different_srcip />»<description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>a</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const element = elementNamed(written, "different_srcip");
      if (element !== undefined)
        report(
          element.content,
          `different_srcip of rule ${written.rule.id} is never tested`,
          removeElements("Take the element away.", element),
        );
    }
  },
};
