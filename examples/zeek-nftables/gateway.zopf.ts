import { defineBundle, get_port_transport_proto, nftables, Site } from "zopf";

// The chain of the example zeek-ossec-pf on a Linux gateway: Zeek sees five distinct TCP ports in state S0 from one
// outside source within a minute, OSSEC decides, nftables blocks the source for ten minutes.
export default defineBundle({
  name: "gateway",
  zeek: {
    logs: "/opt/zeek/logs/current",
    site: "/opt/zeek/share/zeek/site",
    noticeLog: "dedicated",
  },
  ossec: { home: "/var/ossec", version: "4.3", dialect: "ossec", firstRuleId: 100700 },
  firewall: nftables({ table: "ossec_blocked", log: true }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.1", name: "its gateway" },
    { network: "192.0.2.53", name: "its resolver" },
    "10.0.0.0/8",
    "2001:db8::/32",
  ],
  ownAddresses: ["162.212.157.188"],
  detections: [
    {
      kind: "zeek",
      name: "Port_Scan_S0_Detected",
      event: "connection_state_remove",
      where: (c) =>
        c.conn?.conn_state === "S0" &&
        get_port_transport_proto(c.id.resp_p) === "tcp" &&
        !Site.local_nets.has(c.id.orig_h),
      per: (c) => c.id.orig_h,
      count: { distinct: (c) => c.id.resp_p },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: {
        message: (hit) => `${hit.key} tried ${hit.count} ports that do not answer within a minute`,
        suppress: "5 min",
      },
      rule: {
        level: 6,
        groups: ["zeek", "scan"],
        description: "Zeek: stealth scan (5 TCP ports in state S0)",
      },
    },
  ],
  // This rule alone: a block by level would arm hundreds of OSSEC's stock rules too.
  responses: [{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }],
});
