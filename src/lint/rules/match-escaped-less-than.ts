import { ownerOf } from "../elements.js";
import type { LintRule } from "../model.js";

export const matchEscapedLessThan: LintRule = {
  code: "OSSEC-MATCH-ESCAPED-LESS-THAN",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "An escaped < in an OS_Match pattern",
  why: "The reader needs \\\\< and leaves the backslash in the value; OS_Match then wants a backslash in the text.",
  instead: "Write it in a <regex>, which takes \\\\<.",
  reference: "docs/reference/ossec.md#xml (`<` in content)",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><match>«a\<b»</match><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><regex>a\<b</regex><description>a</description></rule>`,
  },
  check(context, report) {
    for (const pattern of context.patterns) {
      if (pattern.language !== "osmatch" || !pattern.text.includes("\\<")) continue;
      report(
        pattern.place,
        String.raw`<${pattern.name}> of ${ownerOf(pattern)} wants a backslash before the < in the text`,
      );
    }
  },
};
