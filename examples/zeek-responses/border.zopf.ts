import { defineBundle, nftables, Site } from "zopf";

// A scanner that comes back stays away longer, an IPv6 scanner cannot hop through its /64, somebody is told,
// and a second detection is tried out before it may block.
export default defineBundle({
  name: "border",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100970 },
  firewall: nftables({ table: "border_blocked" }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.1", name: "gateway" },
    "10.0.0.0/8",
    "2001:db8::/32",
  ],
  // The build fails where one of them is not on the list above.
  ownAddresses: ["162.212.157.188", "10.0.0.1", "2001:db8::1"],
  detections: [
    {
      kind: "zeek",
      name: "Probes",
      event: "connection_state_remove",
      where: (c) => c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h),
      per: (c) => c.id.orig_h,
      count: { distinct: (c) => c.id.resp_p },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: { message: (hit) => `${hit.key} tried ${hit.count} ports that do not answer` },
      rule: { level: 7, groups: ["zeek", "scan"], description: "Zeek: ports that do not answer" },
    },
    {
      kind: "scan",
      scan: "rejected",
      name: "Closed_Ports",
      threshold: 10,
      rule: { level: 6, groups: ["zeek", "scan"], description: "Zeek: closed ports" },
    },
  ],
  responses: [
    {
      kind: "block",
      when: { detection: "Probes" },
      for: "10 min",
      // The second block of a source lasts half an hour, the third two hours, every further one a day.
      escalate: ["30 min", "2 hr", "1 day"],
      prefix: { v4: 32, v6: 64 },
    },
    { kind: "notify", when: { detection: "Probes" }, syslog: "auth.notice" },
    // Not armed yet: its script logs what it would do.
    { kind: "log", when: { detection: "Closed_Ports" }, for: "10 min" },
  ],
});
