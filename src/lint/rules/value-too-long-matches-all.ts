import type { LintRule } from "../model.js";

export const valueTooLongMatchesAll: LintRule = {
  code: "OSSEC-VALUE-DROPPED",
  trap: "value-too-long-matches-all",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "A value that is too long is dropped",
  why: "A value of 2048 bytes or more is dropped with a logged message. What it asks for is not asked, so the rule matches more.",
  instead: "Split the value over several rules.",
  reference: "docs/reference/ossec.md#rule-elements",
  bad: {
    rules: `<rule id="100100" level="5"><decoded_as>rootcheck</decoded_as><match>«${"a".repeat(2048)}»</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
