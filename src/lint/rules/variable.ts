import type { LintRule } from "../model.js";

export const variable: LintRule = {
  code: "OSSEC-VARIABLE",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A variable that is not defined",
  why: "In a file with variables every $ begins a name, which ends only at $ . | , a blank or the end of the value. What is not defined above is an error.",
  instead: "Define the variable above, or move the pattern with $ into a file without variables.",
  reference: "docs/reference/ossec.md#xml (Variables)",
  bad: {
    rules: `<var name="NET">192.0.2.</var>\n<group name="local,">\n<rule id="100100" level="5"><match>«$NETS»</match><description>a</description></rule>\n</group>`,
  },
  good: {
    rules: `<var name="NET">192.0.2.</var>\n<group name="local,">\n<rule id="100100" level="5"><match>$NET</match><description>a</description></rule>\n</group>`,
  },
};
