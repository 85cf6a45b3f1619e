import { reportTruncated } from "../helpers.js";
import type { LintRule } from "../model.js";

export const timeframeTruncated: LintRule = {
  code: "OSSEC-TIMEFRAME-TRUNCATED",
  trap: "timeframe-truncated",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A timeframe of more than five digits",
  why: "The engine reads the first five digits only: 100000 seconds become 10000.",
  instead: "Write at most 99999 seconds.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="«100000»"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="10000"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="4" timeframe="86400"><if_matched_sid>100100</if_matched_sid><description>many</description></rule>`,
  },
  check(context, report) {
    reportTruncated(
      context,
      report,
      "timeframe",
      5,
      (written, kept) => `timeframe ${written} is read as ${kept} seconds: five digits are kept`,
    );
  },
};
