import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const wazuhIpv6MatchesIpv4: LintRule = {
  code: "WAZUH-IPV6-MATCHES-IPV4",
  trap: "ipv6-entry-matches-ipv4",
  effect: "dangerous",
  dialects: ["wazuh"],
  title: "An IPv6 entry that holds every IPv4 address",
  why: "Addresses of the two families are compared as they lie in memory: an IPv6 entry whose first 64 bits are zero (::1) holds every IPv4 address.",
  instead: "Ask for it with <match> or a field.",
  reference: "docs/reference/wazuh.md#addresses-in-wazuh",
  bad: {
    rules: String.raw`<rule id="100100" level="5"><srcip>«::1»</srcip><description>a</description></rule>`,
  },
  good: {
    rules: String.raw`<rule id="100100" level="5"><srcip>2001:db8::1</srcip><description>a</description></rule>`,
  },
  check(context, report) {
    const { addressesHold } = context.loaded.dialect.engine;
    for (const written of context.rules) {
      for (const name of ["srcip", "dstip"] as const) {
        for (const { value, content } of elementsNamed(written, name)) {
          const entry = written.rule[name].find(({ text, kind }) => text === value && kind === "ipv6");
          if (entry === undefined || !addressesHold([{ ...entry, negated: false }], "198.51.100.7")) continue;
          report(content, `rule ${written.rule.id} takes ${value} for every IPv4 address`);
        }
      }
    }
  },
};
