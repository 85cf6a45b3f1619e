import { reportTruncated } from "../helpers.js";
import type { LintRule } from "../model.js";

export const idTruncated: LintRule = {
  code: "OSSEC-ID-TRUNCATED",
  trap: "id-truncated",
  effect: "misread",
  title: "A rule id of more than six digits",
  why: "The engine keeps six digits, so the rule gets another number, perhaps that of another rule.",
  instead: "Take an id of at most six digits; 100000 to 109999 are meant for local rules.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="«1001234»" level="5"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: { rules: `<rule id="100123" level="5"><match>bad login</match><description>a</description></rule>` },
  good: { rules: `<rule id="100123" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    reportTruncated(
      context,
      report,
      "id",
      6,
      (written, kept) => `id ${written} is read as ${kept}: six digits are kept`,
    );
  },
};
