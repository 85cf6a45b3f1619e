import { rewrite } from "../edits.js";
import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const regexBraces: LintRule = {
  code: "OSSEC-REGEX-BRACES",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A counted repetition in an OS_Regex pattern",
  why: "Braces are literal in OS_Regex.",
  instead: String.raw`Write the class as often as it is wanted: \d\d\d, or use a PCRE2 element.`,
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><regex>«code \d{3}»</regex><description>a</description></rule>`,
  },
  fixed: {
    rules: String.raw`<rule id="100100" level="5"><regex>code \d\{3\}</regex><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>code \d\d\d</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osregex") continue;
      // A brace behind a backslash is meant as it stands.
      const found = /(?<!\\)\{\d+(?:,\d*)?\}/.exec(pattern.text);
      if (found === null) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} looks for the text "${found[0]}": OS_Regex has no counted repetitions`,
        pattern.element.value === pattern.text
          ? rewrite(
              "Escape the braces, which are looked for as they stand.",
              pattern.place,
              pattern.text,
              // A quantifier behind an escape would count.
              pattern.text.replace(/(?<!\\)\{(\d+(?:,\d*)?)\}(?![+*])/g, "\\{$1\\}"),
            )
          : {},
      );
    }
  },
};
