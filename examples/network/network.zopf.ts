import { defineBundle, get_port_transport_proto, nftables, pcre2, pf, Site } from "zopf";

// One bundle for four hosts, each with its own part: Zeek watches on the sensor, OSSEC's server decides, the web host
// has the logs of its application and of a VPN, and blocks who guesses there by itself; the OpenBSD gateway blocks who scans.
export default defineBundle({
  name: "network",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", decodersFirst: true, firstRuleId: 101200 },
  targets: {
    sensor: { roles: ["sensor"], agent: "001" },
    manager: { roles: ["ossec-server"] },
    web: { agent: "003", firewall: nftables({ table: "network_blocked" }) },
    gateway: {
      agent: "004",
      firewall: pf({ table: "network_blocked" }),
      ossec: { home: "/usr/local/ossec-hids" },
    },
  },
  neverBlock: [
    { network: "162.212.157.0/28", name: "our own network" },
    { network: "10.0.0.0/8", name: "inside" },
  ],
  ownAddresses: ["162.212.157.2", "162.212.157.3", "10.1.0.1", "10.1.0.2"],
  detections: [
    {
      kind: "zeek",
      name: "Port_Scan",
      event: "connection_state_remove",
      where: (c) =>
        c.conn?.conn_state === "S0" &&
        get_port_transport_proto(c.id.resp_p) === "tcp" &&
        !Site.local_nets.has(c.id.orig_h),
      per: (c) => c.id.orig_h,
      count: { distinct: (c) => c.id.resp_p },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: { message: (hit) => `${hit.key} tried ${hit.count} ports that do not answer within a minute` },
      rule: { level: 6, groups: ["zeek", "scan"], description: "Zeek: 5 TCP ports that do not answer" },
    },
    {
      kind: "log",
      name: "Shop_Login_Failed",
      log: "/var/log/shop/login.log",
      on: ["web"],
      program: "shop",
      regex: pcre2`^login failed: ([0-9a-f.:]+) `,
      order: ["srcip"],
      samples: [
        {
          line: "Nov 14 18:09:08 web shop[812]: login failed: 198.51.100.66 as admin",
          fields: { srcip: "198.51.100.66" },
        },
      ],
      notSamples: ["Nov 14 18:09:08 web shop[812]: login: 198.51.100.66 as admin"],
      rule: { level: 6, groups: ["shop"], description: "shop: a login failed" },
    },
    {
      kind: "burst",
      name: "Shop_Guessing",
      of: { detection: "Shop_Login_Failed" },
      events: 6,
      within: "2 min",
      per: "source",
      rule: { level: 10, groups: ["shop"], description: "shop: 6 failed logins within 2 minutes" },
    },
    {
      kind: "log",
      name: "Vpn_Refused",
      log: "/var/log/vpnd.log",
      on: ["web", "sensor"],
      program: "vpnd",
      regex: pcre2`^peer ([0-9a-f.:]+) has a wrong certificate$`,
      order: ["srcip"],
      samples: ["Nov 14 18:09:08 web vpnd[31]: peer 198.51.100.66 has a wrong certificate"],
      rule: { level: 5, groups: ["vpn"], description: "vpnd: a wrong certificate" },
    },
  ],
  responses: [
    { kind: "block", when: { detection: "Port_Scan" }, for: "10 min", on: ["gateway"] },
    { kind: "block", when: { detection: "Shop_Guessing" }, for: "1 hr", on: ["web"] },
    { kind: "notify", when: { detection: "Shop_Guessing" }, syslog: "auth.warning" },
  ],
});
