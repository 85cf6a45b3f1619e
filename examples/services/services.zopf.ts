import { defineBundle, pf } from "zopf";

// Every preset on Zeek's other logs with its own numbers; a real bundle takes those that it needs.
export default defineBundle({
  name: "services",
  zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" },
  ossec: { home: "/var/ossec", firstRuleId: 100900 },
  firewall: pf({ table: "guessers" }),
  neverBlock: [
    { network: "162.212.157.188", name: "this host" },
    { network: "192.0.2.0/24", name: "administrators" },
  ],
  ownAddresses: ["162.212.157.188"],
  detections: [
    { kind: "scan", scan: "ssh-guessing", name: "Ssh_Guessing" },
    { kind: "scan", scan: "ssh-hammering", name: "Ssh_Hammering" },
    { kind: "scan", scan: "ftp-guessing", name: "Ftp_Guessing" },
    { kind: "scan", scan: "http-guessing", name: "Http_Guessing" },
    { kind: "scan", scan: "http-paths", name: "Http_Paths" },
    { kind: "scan", scan: "dns-names", name: "Dns_Names" },
    { kind: "scan", scan: "dns-bytes", name: "Dns_Bytes" },
    { kind: "scan", scan: "dns-entropy", name: "Dns_Entropy" },
    { kind: "scan", scan: "small-fragments", name: "Small_Fragments" },
  ],
  responses: [
    { kind: "block", when: { detection: "Ssh_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Ftp_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Http_Guessing" }, for: "1 hr" },
  ],
});
