import type { LintRule } from "../model.js";
import { reportAlone, untestedExamples } from "../not-same.js";

export const notSameSourceIpIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-SOURCE-IP-IGNORED",
  trap: "not-same-source-ip-ignored",
  effect: "misread",
  title: "not_same_source_ip does nothing",
  why: "not_same_source_ip only takes back a same_source_ip that stands before it in the same rule. Alone, or before it, it does nothing.",
  instead: "There is no such test. Let the sensor count distinct sources.",
  reference: "docs/reference/ossec.md#correlation",
  ...untestedExamples("not_same_source_ip"),
  check: (context, report) => reportAlone(context, report, "not_same_source_ip", "source"),
};
