import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { hasRegexSyntax } from "../text.js";

export const matchIsNotRegex: LintRule = {
  code: "OSSEC-MATCH-IS-NOT-REGEX",
  trap: "match-is-not-regex",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A regular expression in an OS_Match element",
  why: "OS_Match knows words, |, ^ first and $ last. Everything else, backslashes included, is looked for as it stands.",
  instead: "Use <regex> (OS_Regex) or the element's _pcre2 form.",
  reference: "docs/reference/ossec.md#pattern-languages, #os_match",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><match>«port \d+»</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>port \d+</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osmatch") continue;
      const found = hasRegexSyntax(pattern.text);
      if (found === null) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} is no regular expression: "${found}" is looked for as it stands`,
      );
    }
  },
};
