import type { LintRule } from "../model.js";

export const patternCrash: LintRule = {
  code: "OSSEC-PATTERN-CRASH",
  effect: "refused",
  title: "A broken port pattern kills the loader",
  why: "An empty or broken srcport_pcre2 or dstport_pcre2 makes the loader die while it writes its message.",
  instead: "Write a pattern that compiles.",
  reference: "docs/reference/ossec.md#pcre2",
  bad: {
    rules: `<rule id="100100" level="5"><srcport_pcre2>«a(b»</srcport_pcre2><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><srcport_pcre2>^22$</srcport_pcre2><description>a</description></rule>`,
  },
};
