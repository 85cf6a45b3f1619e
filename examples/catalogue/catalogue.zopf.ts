import { defineBundle, pf } from "zopf";

// Every preset on connections with its own numbers; a real bundle takes those that it needs.
export default defineBundle({
  name: "catalogue",
  // The package also gets tests for `zkg test`.
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site", tests: true },
  ossec: { home: "/var/ossec", firstRuleId: 100800 },
  firewall: pf({ table: "scan_sources" }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.0/24", name: "administrators" },
  ],
  ownAddresses: ["162.212.157.188"],
  detections: [
    { kind: "scan", scan: "half-open", name: "Half_Open_Scan" },
    { kind: "scan", scan: "rejected", name: "Rejected_Scan" },
    { kind: "scan", scan: "connect", name: "Connect_Scan" },
    { kind: "scan", scan: "any-state", name: "Any_State_Scan" },
    { kind: "scan", scan: "udp", name: "Udp_Scan" },
    { kind: "scan", scan: "fin", name: "Fin_Scan" },
    { kind: "scan", scan: "null", name: "Null_Scan" },
    { kind: "scan", scan: "ack", name: "Ack_Scan" },
    { kind: "scan", scan: "syn-fin", name: "Syn_Fin_Scan" },
    { kind: "scan", scan: "bogus-flags", name: "Bogus_Flags" },
    { kind: "scan", scan: "address", name: "Address_Scan" },
    { kind: "scan", scan: "random", name: "Random_Scan" },
    { kind: "scan", scan: "icmp-sweep", name: "Icmp_Sweep" },
    { kind: "scan", scan: "slow", name: "Slow_Scan" },
    { kind: "scan", scan: "syn-flood", name: "Syn_Flood" },
    { kind: "scan", scan: "ping-flood", name: "Ping_Flood" },
    { kind: "scan", scan: "smurf", name: "Smurf_Attack" },
    { kind: "scan", scan: "traceroute", name: "Trace_Route" },
    { kind: "scan", scan: "darknet", name: "Darknet_Touch", networks: ["162.212.158.0/24"] },
    { kind: "scan", scan: "honeypot", name: "Honeypot_Touch", networks: ["162.212.157.250"] },
  ],
  responses: [
    { kind: "block", when: { detection: "Half_Open_Scan" }, for: "10 min" },
    { kind: "block", when: { detection: "Honeypot_Touch" }, for: "1 day" },
  ],
});
