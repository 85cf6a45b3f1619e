import { defineBundle, pf, Site } from "zopf";

// The whole chain in one file: Zeek sees five distinct ports in state S0 from one outside source within
// a minute, OSSEC decides, OpenBSD's pf blocks the source for ten minutes.
export default defineBundle({
  name: "perimeter",
  zeek: {
    logs: "/var/log/zeek/current",
    site: "/opt/zeek/share/zeek/site",
    noticeLog: "dedicated",
  },
  ossec: { home: "/var/ossec", version: "4.3", dialect: "ossec", firstRuleId: 100500 },
  firewall: pf({ table: "ossec_fwtable" }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.1", name: "gateway" },
    "10.0.0.0/8",
    "2001:db8::/32",
  ],
  ownAddresses: ["162.212.157.188"],
  detections: [
    {
      kind: "zeek",
      name: "Port_Scan_S0_Detected",
      event: "connection_state_remove",
      // As its author wrote it, every protocol counts: a traceroute from outside (UDP, no answer) fires too.
      where: (c) => c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h),
      per: (c) => c.id.orig_h,
      count: { distinct: (c) => c.id.resp_p },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: {
        message: (hit) =>
          `IP ${hit.key} suspected of scanning: ${hit.count} distinct ports in S0 state (no response) in less than a minute`,
        suppress: "5 min",
      },
      rule: {
        level: 6,
        groups: ["zeek", "scan"],
        description: "Zeek: stealth scan (5 ports in state S0)",
      },
    },
  ],
  // As it was published: every rule of level 6 or above starts the block, hundreds of the stock rules among them.
  // That has to be said. `when: { detection: "Port_Scan_S0_Detected" }` arms this rule alone.
  responses: [{ kind: "block", when: { level: 6, alsoStockRules: true }, for: "10 min" }],
});
