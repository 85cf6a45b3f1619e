import { reportTruncated } from "../helpers.js";
import type { LintRule } from "../model.js";

export const frequencyTruncated: LintRule = {
  code: "OSSEC-FREQUENCY-TRUNCATED",
  trap: "frequency-truncated",
  effect: "misread",
  title: "A frequency of more than four digits",
  why: "The engine reads the first four digits only.",
  instead: "Write at most 9999.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«10000»" timeframe="60"><if_matched_group>local</if_matched_group><description>many</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="1000" timeframe="60"><if_matched_group>local</if_matched_group><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="100" timeframe="60"><if_matched_group>local</if_matched_group><description>many</description></rule>`,
  },
  check(context, report) {
    reportTruncated(
      context,
      report,
      "frequency",
      4,
      (written, kept) => `frequency ${written} is read as ${kept}: four digits are kept`,
    );
  },
};
