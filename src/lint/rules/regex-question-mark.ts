import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const regexQuestionMark: LintRule = {
  code: "OSSEC-REGEX-QUESTION-MARK",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A ? that means nothing in an OS_Regex pattern",
  why: "A question mark is literal, also behind an escape, a quantifier or an opening parenthesis: there are no optional parts, lazy quantifiers, (?:…) or (?i).",
  instead: "Write alternatives: (a|b). OS_Regex ignores letter case and is lazy by itself.",
  reference: "docs/reference/ossec.md#os_regex",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><regex>«from (?:host )\S+»</regex><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>from host \S+</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osregex") continue;
      const found = /\(\?[:i!=<]|\\[wdsS.][+*]?\?/.exec(pattern.text);
      if (found === null) continue;
      report(
        pattern.place,
        `<${pattern.name}> of ${ownerOf(pattern)} looks for a question mark at "${found[0]}"`,
      );
    }
  },
};
