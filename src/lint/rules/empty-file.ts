import type { LintRule } from "../model.js";

export const emptyFile: LintRule = {
  code: "OSSEC-EMPTY-FILE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A file without any element",
  why: "An empty file, or one of comments only, is an error for rules and for decoder.xml.",
  instead: "Take the file out of ossec.conf, or put a rule into it.",
  reference: "docs/reference/ossec.md#xml (Roots)",
  bad: { rules: `<!-- nothing yet -->` },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
