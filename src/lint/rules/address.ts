import type { LintRule } from "../model.js";

export const address: LintRule = {
  code: "OSSEC-ADDRESS",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "A text that is no address or prefix",
  why: "Dotted masks, 192.168.0., lists, surrounding blanks and names are no addresses.",
  instead: "Write one address or prefix an element.",
  reference: "docs/reference/ossec.md#addresses",
  bad: {
    rules: `<rule id="100100" level="5"><srcip>«192.168.0.»</srcip><description>a</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><srcip>192.168.0.0/24</srcip><description>a</description></rule>`,
  },
};
