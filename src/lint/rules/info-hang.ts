import type { LintRule } from "../model.js";

export const infoHang: LintRule = {
  code: "OSSEC-INFO-HANG",
  effect: "refused",
  title: "An <info> on which the loader hangs",
  why: "An info type other than text, link, cve and osvdb, or any other attribute, makes the loader loop for ever, in every version.",
  instead: "Use one of the four types.",
  reference: "docs/reference/ossec.md#rule-elements (info)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><info type="«url»">https://example.org/</info><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><info type="link">https://example.org/</info><description>a</description></rule>`,
  },
};
