import type { LintRule } from "../model.js";

export const patternUnsupported: LintRule = {
  code: "OSSEC-PATTERN-UNSUPPORTED",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A PCRE2 construct that zopf cannot run",
  why: "The engine knows it; zopf does not run it exactly, so nothing is said about what the pattern matches.",
  instead: "Write the pattern in simpler words if it is to be tested here.",
  reference: "docs/reference/ossec.md#pcre2",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><pcre2>«(*THEN)bad»</pcre2><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><pcre2>bad</pcre2><description>a</description></rule>` },
};
