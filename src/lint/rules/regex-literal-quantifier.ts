import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";
import { unescaped } from "../text.js";

export const regexLiteralQuantifier: LintRule = {
  code: "OSSEC-REGEX-LITERAL-QUANTIFIER",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A quantifier that is literal",
  why: "In OS_Regex + and * are quantifiers only directly behind an escape; behind a literal or a ) they are looked for as they stand.",
  instead: String.raw`Repeat a class: \w+, \.*, or use a PCRE2 element.`,
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    rules: `<rule id="100100" level="5"><regex>«(bad)+ login»</regex><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>bad\w* login</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osregex") continue;
      for (const { at, character } of unescaped(pattern.text)) {
        const before = pattern.text.charAt(at - 1);
        const escaped = pattern.text.charAt(at - 2) === "\\";
        if ((character !== "+" && character !== "*") || escaped || !/[A-Za-z0-9)]/.test(before)) continue;
        report(
          pattern.place,
          `<${pattern.name}> of ${ownerOf(pattern)} looks for the text "${before}${character}": ${character} repeats only an escape`,
        );
        break;
      }
    }
  },
};
