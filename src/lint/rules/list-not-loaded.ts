import type { LintRule } from "../model.js";

export const listNotLoaded: LintRule = {
  code: "OSSEC-LIST",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  title: "A list that is not loaded",
  why: "The engine logs it and goes on; the condition is never true.",
  instead: "Name the list in <rules> of ossec.conf, and compile it.",
  reference: "docs/reference/ossec.md#rule-elements (list)",
  bad: {
    rules: `<rule id="100100" level="5"><list field="srcip">«lists/bad»</list><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><srcip>192.0.2.1</srcip><description>a</description></rule>` },
};
