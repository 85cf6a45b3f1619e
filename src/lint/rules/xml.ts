import type { LintRule } from "../model.js";

export const xml: LintRule = {
  code: "OSSEC-XML",
  effect: "refused",
  dialects: ["ossec", "wazuh"],
  title: "The reader of OSSEC gives up on the file",
  why: "OSSEC reads a dialect of its own, not XML: no CDATA, no DOCTYPE, no blank in a closing tag, no attribute without quotes, a < of the text written \\\\<, no value that ends in a backslash.",
  instead: "Write the file as the message says.",
  reference: "docs/reference/ossec.md#xml",
  bad: {
    rules: `<group name="local,">\n<rule id="100100" level="5"><regex>size <= «5<»/regex><description>a</description></rule>\n</group>`,
  },
  fixed: {
    rules:
      `<group name="local,">` +
      "\n" +
      String.raw`<rule id="100100" level="5"><regex>size \<= 5</regex><description>a</description></rule>` +
      "\n" +
      `</group>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
