import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";
import { untestedExamples, withoutNotSame } from "../not-same.js";

export const notSameAgentIgnored: LintRule = {
  code: "OSSEC-NOT-SAME-AGENT-IGNORED",
  effect: "misread",
  title: "not_same_agent does nothing",
  why: "not_same_agent only takes back a same_location that stands before it.",
  instead: "There is no such test.",
  reference: "docs/reference/ossec.md#correlation",
  ...untestedExamples("not_same_agent"),
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
