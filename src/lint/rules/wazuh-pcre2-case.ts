import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhPcre2Case: LintRule = {
  code: "WAZUH-PCRE2-CASE",
  trap: "pcre2-case-sensitive",
  effect: "style",
  note: true,
  dialects: ["wazuh"],
  title: "A PCRE2 pattern that minds letter case",
  why: 'Patterns with type="pcre2" mind the case of letters, those of the other languages do not.',
  instead: "Begin it with (?i) if letter case shall not count.",
  reference: "docs/reference/wazuh.md#patterns",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><match type="pcre2">«bad login»</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><match type="pcre2">(?i)bad login</match><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "pcre2" || /\(\?[a-z]*i/.test(pattern.text)) continue;
      if (/[A-Za-z]{2}/.test(pattern.text.replace(/\\./g, "")))
        report(pattern.place, `<${pattern.name}> of ${ownerOf(pattern)} minds the case of letters`);
    }
  },
};
