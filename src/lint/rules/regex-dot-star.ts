import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { unescaped } from "../text.js";

export const regexDotStar: LintRule = {
  code: "OSSEC-REGEX-DOT-STAR",
  trap: "regex-dot-star",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: ".* in an OS_Regex pattern",
  why: "An unescaped dot is a dot, and a quantifier behind it is literal too.",
  instead: String.raw`Write \.* for anything, \.+ for at least one byte.`,
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    rules: `<rule id="100100" level="5"><regex>«bad .* login»</regex><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>bad \.* login</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osregex") continue;
      for (const { at, character } of unescaped(pattern.text)) {
        const next = pattern.text.charAt(at + 1);
        if (character !== "." || (next !== "*" && next !== "+")) continue;
        report(
          pattern.place,
          `<${pattern.name}> of ${ownerOf(pattern)} looks for the text ".${next}": a dot is literal in OS_Regex`,
        );
        break;
      }
    }
  },
};
