import type { LintRule } from "../model.js";
import { reportAlone, untestedExamples } from "../not-same.js";

export const notSameUserIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-USER-IGNORED",
  trap: "not-same-user-ignored",
  effect: "misread",
  title: "not_same_user does nothing",
  why: "not_same_user only takes back a same_user that stands before it in the same rule. Alone, or before it, it does nothing.",
  instead: "There is no such test.",
  reference: "docs/reference/ossec.md#correlation",
  ...untestedExamples("not_same_user"),
  check: (context, report) => reportAlone(context, report, "not_same_user", "user"),
};
