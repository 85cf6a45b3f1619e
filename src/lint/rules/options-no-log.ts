import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const optionsNoLog: LintRule = {
  code: "OSSEC-OPTIONS-NO-LOG",
  trap: "options-no-log",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "no_log hides an alert and nothing else",
  why: "The event is stored, counted by composites, and starts active responses as before; only nobody reads of it.",
  instead: "Use level 0 to silence a rule, no_ar to keep it from blocking.",
  reference: "docs/reference/ossec.md#matching-rules",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><options>«no_log»</options><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="0"><match>bad</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      for (const element of elementsNamed(written, "options")) {
        if (element.value === "no_log")
          report(element.content, `rule ${written.rule.id} still counts and still starts active responses`);
      }
    }
  },
};
