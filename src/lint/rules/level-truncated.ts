import { reportTruncated } from "../helpers.js";
import type { LintRule } from "../model.js";

export const levelTruncated: LintRule = {
  code: "OSSEC-LEVEL-TRUNCATED",
  trap: "level-truncated",
  effect: "misread",
  title: "A level of more than four digits",
  why: "The engine reads the first four digits only.",
  instead: "Write a level from 0 to 15.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="«10000»"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="1000"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="10"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    reportTruncated(
      context,
      report,
      "level",
      4,
      (written, kept) => `level ${written} is read as ${kept}: four digits are kept`,
    );
  },
};
