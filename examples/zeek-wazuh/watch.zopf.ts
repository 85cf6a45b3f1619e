import { defineBundle, nftables } from "zopf";

// The chain of the example zeek-ossec-pf for Wazuh: Zeek sees a port scan, Wazuh decides, nftables blocks the source for
// ten minutes. Manager, Zeek and packet filter are one host here.
export default defineBundle({
  name: "watch",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { dialect: "wazuh", version: "4.14", home: "/var/ossec", firstRuleId: 100950 },
  firewall: nftables({ table: "wazuh_blocked" }),
  ownAddresses: ["162.212.157.188"],
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.1", name: "its gateway" },
    { network: "192.0.2.53", name: "its resolver" },
    "10.0.0.0/8",
    "2001:db8::/32",
  ],
  detections: [
    {
      kind: "scan",
      scan: "half-open",
      name: "Port_Scan_S0_Detected",
      threshold: 5,
      window: "1 min",
    },
  ],
  responses: [{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }],
});
