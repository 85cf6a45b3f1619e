import { rewrite } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const descriptionNewline: LintRule = {
  code: "OSSEC-DESCRIPTION-NEWLINE",
  trap: "description-newline",
  effect: "misread",
  title: "A line break in a description",
  why: "The first line break becomes a blank, the others stay, and so does the indentation: alerts are torn apart.",
  instead: "Write the description on one line.",
  reference: "docs/reference/ossec.md#rule-elements",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>«a bad login\nwas seen»</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a bad login was seen</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a bad login was seen</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "description")) {
        const breaks = element.value.split("\n").length - 1;
        if (breaks === 0) continue;
        const rest = breaks > 1 ? `, ${breaks - 1} more stay` : "";
        report(
          element.content,
          `the first line break in the description of rule ${written.rule.id} becomes a blank${rest}`,
          breaks > 1
            ? {}
            : {
                severity: "info",
                ...(element.value.includes("\r")
                  ? {}
                  : rewrite(
                      "Write the blank that the line break becomes.",
                      element.content,
                      element.value,
                      element.value.replace("\n", " "),
                    )),
              },
        );
      }
    }
  },
};
