/** Problems of Wazuh's loader that have a page of their own: what people bring along from OSSEC. */
const pages: readonly { readonly from: readonly string[]; readonly message: RegExp; readonly to: string }[] =
  [
    { from: ["OSSEC-RULE-ATTRIBUTE"], message: /^frequency is 2 to 9999/, to: "WAZUH-FREQUENCY-RANGE" },
    { from: ["OSSEC-RULE-ATTRIBUTE"], message: /^a level is 0 to 16/, to: "WAZUH-LEVEL-RANGE" },
    {
      from: ["OSSEC-RULE-ELEMENT", "OSSEC-DECODER-ELEMENT"],
      message: /element <(?:\w+_)?pcre2>/i,
      to: "WAZUH-PCRE2-ELEMENT",
    },
    {
      from: ["OSSEC-RULE-VALUE", "OSSEC-DECODER-VALUE"],
      message: /^(?:type is osregex|negate is yes or no)/,
      to: "WAZUH-PATTERN-ATTRIBUTE",
    },
  ];

/** The code under which lint shows a problem of Wazuh's loader. */
export function wazuhCode(code: string, message: string): string {
  return pages.find((page) => page.from.includes(code) && page.message.test(message))?.to ?? code;
}
