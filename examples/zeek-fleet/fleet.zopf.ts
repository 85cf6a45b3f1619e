import { defineBundle, get_port_transport_proto, nftables, pf, Site } from "zopf";

// One bundle for four hosts: Zeek watches on the OpenBSD gateway, OSSEC's server decides, and the gateway and the
// web servers block. Each host gets a folder of its own with what runs there.
export default defineBundle({
  name: "fleet",
  zeek: { logs: "/var/log/zeek/current", site: "/usr/local/share/zeek/site" },
  ossec: { home: "/var/ossec", version: "4.3", firstRuleId: 101000 },
  targets: {
    gateway: {
      roles: ["sensor"],
      agent: "001",
      firewall: pf({ table: "fleet_blocked" }),
      neverBlock: [{ network: "162.212.157.1", name: "upstream router" }],
    },
    manager: { roles: ["ossec-server"] },
    "web-1": { agent: "003", firewall: nftables({ table: "fleet_blocked" }) },
    "web-2": { agent: "004", firewall: nftables({ table: "fleet_blocked" }) },
  },
  neverBlock: [
    { network: "162.212.157.0/28", name: "the gateway and what stands beside it" },
    { network: "10.0.0.0/8", name: "inside" },
    "2001:db8::/32",
  ],
  ownAddresses: ["162.212.157.2", "10.1.0.1"],
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
  responses: [{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }],
});
