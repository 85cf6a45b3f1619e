import type { LintRule } from "../model.js";

export const wazuhPatternAttribute: LintRule = {
  code: "WAZUH-PATTERN-ATTRIBUTE",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A type or negate with a value that says nothing",
  why: "type is osmatch, osregex or pcre2, negate is yes (or no): with anything else the pattern is read in the language of its element, and is not negated.",
  instead: 'Write type="osmatch", type="osregex" or type="pcre2", and negate="yes".',
  reference: "docs/reference/wazuh.md#in-short (pattern elements)",
  bad: {
    rules: `<rule id="100100" level="5"><match type="«regex»">bad|worse</match><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match type="osregex">bad|worse</match><description>a</description></rule>`,
  },
};
