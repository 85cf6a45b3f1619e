import { removeElements } from "../edits.js";
import { elementNamed } from "../elements.js";
import type { LintRule } from "../model.js";
import { untestedExamples } from "../not-same.js";

export const differentSrcipIgnored: LintRule = {
  code: "OSSEC-DIFFERENT-SRCIP-IGNORED",
  trap: "different-srcip-ignored",
  effect: "misread",
  title: "different_srcip does nothing",
  why: "It is read and never tested: one source alone fires the rule.",
  instead: "There is no such test. Let the sensor count distinct sources.",
  reference: "docs/reference/ossec.md#correlation",
  ...untestedExamples("different_srcip"),
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
