import type { LintRule } from "../model.js";

export const wazuhPcre2Element: LintRule = {
  code: "WAZUH-PCRE2-ELEMENT",
  effect: "refused",
  dialects: ["wazuh"],
  title: "An element of OSSEC's for PCRE2",
  why: "Wazuh has no elements whose name says pcre2: the language is an attribute.",
  instead:
    'Write <match type="pcre2">…</match>, <regex type="pcre2">…</regex>, <prematch type="pcre2">…</prematch>.',
  reference: "docs/reference/wazuh.md#in-short (pattern elements)",
  bad: {
    rules: `<rule id="100100" level="5">«<match_pcre2>»log[io]n</match_pcre2><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match type="pcre2">log[io]n</match><description>a</description></rule>`,
  },
};
