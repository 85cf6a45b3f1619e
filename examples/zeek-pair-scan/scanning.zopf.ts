import { defineBundle, pf } from "zopf";

// Twenty distinct ports of one originator on one responder within five minutes of the first,
// a notice, and a row in a log of its own (port_scan.log).
export default defineBundle({
  name: "scanning",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100510 },
  firewall: pf({ table: "scanners" }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.1", name: "gateway" },
    { network: "192.0.2.0/24", name: "administrators" },
  ],
  ownAddresses: ["162.212.157.188"],
  detections: [
    {
      kind: "zeek",
      name: "Port_Scan_Detected",
      // At the first packet of every connection, so closed, open and filtered ports count alike. It has to be a SYN:
      // what answers somebody else's invented packets, or the middle of a transfer, would name the innocent.
      event: "new_connection",
      where: (c) => c.history.startsWith("S"),
      per: (c) => [c.id.orig_h, c.id.resp_h],
      count: { distinct: (c) => c.id.resp_p },
      threshold: 20,
      window: { fixed: "5 min" },
      notice: { message: (hit) => `${hit.key[0]} scanned ${hit.count} ports on ${hit.key[1]}` },
      log: {
        path: "port_scan",
        columns: {
          ts: (hit) => hit.time,
          src: (hit) => hit.key[0],
          dst: (hit) => hit.key[1],
          port_count: (hit) => hit.count,
        },
      },
      rule: { level: 6, groups: ["zeek", "scan"], description: "Zeek: port scan of one host (20 ports)" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Port_Scan_Detected" }, for: "10 min" }],
});
