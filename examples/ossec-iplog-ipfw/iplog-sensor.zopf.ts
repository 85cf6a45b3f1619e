import { defineBundle, ipfw } from "zopf";

// iplog watches the wire, OSSEC reads its log, FreeBSD's ipfw blocks.
// The published rule 99990 lies in the range of stock rules; here it has the local id 100600.
export default defineBundle({
  name: "iplog-sensor",
  ossec: { home: "/var/ossec" },
  firewall: ipfw({ table: 2, rule: 1 }),
  neverBlock: [
    { network: "10.10.160.2", name: "this host" },
    { network: "10.10.160.1", name: "gateway" },
  ],
  ownAddresses: ["10.10.160.2"],
  detections: [
    {
      kind: "iplog",
      name: "Iplog_Scan",
      log: "/var/log/iplog",
      scans: [
        "port_scan",
        "syn_scan",
        "fin_scan",
        "null_scan",
        "xmas_scan",
        "udp_scan",
        "smurf",
        "ping_flood",
        "bogus",
        "frag",
      ],
      // Too many of them to be worth a line: web, NetBIOS, SMB, the RPC locator, VNC.
      ignore: [
        { protocol: "tcp", destinationPort: 80 },
        { protocol: "tcp", destinationPort: "netbios-ssn" },
        { protocol: "tcp", destinationPort: "microsoft-ds" },
        { protocol: "tcp", destinationPort: "loc-srv" },
        { protocol: "tcp", destinationPort: 5900 },
      ],
      rule: { id: 100600, level: 6, groups: ["iplog", "scan"], description: "iplog scan detect" },
    },
    {
      // The line that a scan is over, with what was counted. It starts no block.
      kind: "iplog",
      name: "Iplog_Scan_Over",
      log: "/var/log/iplog",
      expired: true,
      scans: [
        "port_scan",
        "syn_scan",
        "fin_scan",
        "null_scan",
        "xmas_scan",
        "udp_scan",
        "smurf",
        "ping_flood",
      ],
      rule: { id: 100601, level: 3, groups: ["iplog"], description: "iplog: a scan is over" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Iplog_Scan" }, for: "1 day" }],
});
