import type { LintRule } from "../model.js";

export const pattern: LintRule = {
  code: "OSSEC-PATTERN",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A pattern that the engine cannot compile",
  why: String.raw`OS_Regex knows \w \d \s \t \p \W \D \S \. and the escapes \$ \( \) \{ \} \[ \] \\ \| \<; every other escape is an error, as is an unbalanced parenthesis.`,
  instead: "Write the character without a backslash, or use a PCRE2 element.",
  reference: "docs/reference/ossec.md#os_regex, #pcre2",
  bad: {
    rules:
      String.raw`<rule id="100100" level="5"><regex>bad«\b»login</regex><description>a</description></rule>`.replace(
        "bad«\\b»login",
        "bad«\\blogin»",
      ),
  },
  good: { rules: `<rule id="100100" level="5"><regex>bad login</regex><description>a</description></rule>` },
};
