import { rewrite } from "../edits.js";
import { attributeNamed, valuePlace } from "../elements.js";
import type { LintRule } from "../model.js";

export const noalertAnyValue: LintRule = {
  code: "OSSEC-NOALERT-ANY-VALUE",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "noalert is on whatever its value",
  why: 'noalert="0" and noalert="no" switch it on like noalert="1": the rule is never reported.',
  instead: "Take the attribute away.",
  reference: "docs/reference/ossec.md#rule-attributes",
  bad: {
    rules: `<rule id="100100" level="5" noalert="«0»"><match>bad login</match><description>a</description></rule>`,
  },
  fixed: {
    rules: `<rule id="100100" level="5" noalert="1"><match>bad login</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad login</match><description>a</description></rule>` },
  check(context, report) {
    for (const written of context.rules) {
      const noalert = attributeNamed(written, "noalert");
      if (noalert === undefined || !/^(?:0+|no|false|off|)$/i.test(noalert.value)) continue;
      report(
        valuePlace(noalert),
        `noalert="${noalert.value}" switches noalert on: rule ${written.rule.id} is never reported`,
        noalert.value === ""
          ? {}
          : rewrite("Write what the engine reads.", noalert.valuePlace, noalert.value, "1"),
      );
    }
  },
};
