import { defineBundle, nftables } from "zopf";

// What guessers and probers leave in the logs of a mail and web server, each preset with its own count and time
// (docs/services.md). Guessers are blocked for an hour, probers for ten minutes.
//
// OSSEC has decoders of its own for most of these programs: `decodersFirst` says that ossec.conf names
// etc/local_decoder.xml before etc/decoder.xml.
export default defineBundle({
  name: "service-logs",
  ossec: { home: "/var/ossec", decodersFirst: true },
  firewall: nftables({ table: "service_logs" }),
  neverBlock: [
    { network: "192.0.2.1", name: "this host" },
    { network: "192.0.2.0/28", name: "where we administer it from" },
  ],
  ownAddresses: ["192.0.2.1"],
  detections: [
    { kind: "service", service: "sshd", name: "Ssh_Guessing", log: "/var/log/auth.log" },
    { kind: "service", service: "sshd-probes", name: "Ssh_Probing" },
    { kind: "service", service: "postfix-sasl", name: "Smtp_Guessing", log: "/var/log/mail.log" },
    { kind: "service", service: "dovecot", name: "Imap_Guessing" },
    { kind: "service", service: "nginx-auth", name: "Web_Guessing", log: "/var/log/nginx/error.log" },
    { kind: "service", service: "web-probes", name: "Web_Probing", log: "/var/log/nginx/access.log" },
    // Ten refused pages within five minutes are enough on this host.
    {
      kind: "service",
      service: "web-refused",
      name: "Web_Refused",
      events: 10,
      within: "5 min",
      rule: { level: 8 },
    },
    // A query over UDP has whatever source its sender chose: it is shown, and nobody is blocked.
    { kind: "service", service: "named-queries", name: "Dns_Probing", log: "/var/log/named/security.log" },
  ],
  responses: [
    { kind: "block", when: { detection: "Ssh_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Smtp_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Imap_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Web_Guessing" }, for: "1 hr" },
    { kind: "block", when: { detection: "Ssh_Probing" }, for: "10 min" },
    { kind: "block", when: { detection: "Web_Probing" }, for: "10 min" },
    { kind: "block", when: { detection: "Web_Refused" }, for: "10 min" },
  ],
});
