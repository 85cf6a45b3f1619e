import type { LintRule } from "../model.js";

export const missingDescription: LintRule = {
  code: "OSSEC-MISSING-DESCRIPTION",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A rule without a description",
  why: "Its alerts say nothing of what was seen.",
  instead: "Add a <description>.",
  reference: "docs/reference/ossec.md#output-of-logtest (the description is the text of an alert)",
  bad: { rules: `«<rule id="100100" level="5">»<match>bad</match></rule>` },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a bad login</description></rule>`,
  },
  check(context, report) {
    for (const written of context.rules) {
      const { description, level, noalert, id } = written.rule;
      if (written.overwrite || level === 0 || noalert || (description !== null && description.trim() !== ""))
        continue;
      report(written.place, `rule ${id} has no description`);
    }
  },
};
