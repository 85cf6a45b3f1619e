import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { bracketClass } from "../text.js";

export const regexBrackets: LintRule = {
  code: "OSSEC-REGEX-BRACKETS",
  trap: "regex-brackets",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A character class in brackets in an OS_Regex pattern",
  why: "OS_Regex has no bracket classes: brackets, and what stands in them, are literal.",
  instead: String.raw`Use \d, \w, \S, \s or \p, or a PCRE2 element.`,
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    rules: `<rule id="100100" level="5"><regex>«port [0-9]+»</regex><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>port \d+</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      const found = pattern.language === "osregex" ? bracketClass(pattern.text) : null;
      if (found === null) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} looks for the text "${found.text}": OS_Regex has no bracket classes`,
      );
    }
  },
};
