import { defineBundle, nftables, osMatch, pcre2 } from "zopf";

/** OpenSSH 9.8 and later logs from a program of its own for each connection. */
const sshd = osMatch("^sshd$|^sshd-session$");

// Eight failed passwords of one source within two minutes: an hour's block.
//
// The client sends the user name, and sshd logs it as it is, blanks and all: for the name
// `x from 192.0.2.7 port 22 ssh2` it writes
//   Failed password for invalid user x from 192.0.2.7 port 22 ssh2 from 198.51.100.66 port 4711 ssh2
// A pattern that takes the first address behind `from` would have 192.0.2.7 blocked. This one reaches from
// the address to the line's end: what stands last was written by sshd.
export default defineBundle({
  name: "sshd-burst",
  ossec: { home: "/var/ossec", decodersFirst: true },
  firewall: nftables({ table: "sshd_burst" }),
  neverBlock: [
    { network: "192.0.2.1", name: "this host" },
    { network: "192.0.2.0/28", name: "where we administer it from" },
  ],
  ownAddresses: ["192.0.2.1"],
  detections: [
    {
      kind: "log",
      name: "Failed_Password",
      log: "/var/log/auth.log",
      program: sshd,
      regex: pcre2`^Failed password for (?:invalid user )?(.*) from ([0-9a-f.:]+) port (\d+) ssh2$`,
      order: ["user", "srcip", "srcport"],
      samples: [
        {
          line: "Nov 14 18:09:08 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2",
          fields: { user: "root", srcip: "198.51.100.66", srcport: "50022" },
        },
        {
          line: "Nov 14 18:09:08 web sshd-session[812]: Failed password for invalid user admin from 2001:db8::66 port 50022 ssh2",
          fields: { user: "admin", srcip: "2001:db8::66" },
        },
        {
          line: "Nov 14 18:09:08 web sshd[812]: Failed password for invalid user x from 192.0.2.7 port 22 ssh2 from 198.51.100.66 port 4711 ssh2",
          fields: { srcip: "198.51.100.66" },
        },
      ],
      notSamples: [
        "Nov 14 18:09:08 web sshd[812]: Accepted password for root from 198.51.100.66 port 50022 ssh2",
        "Nov 14 18:09:08 web other[812]: Failed password for root from 198.51.100.66 port 50022 ssh2",
      ],
      rule: { level: 5, groups: ["sshd", "login_failed"], description: "sshd: a password was wrong" },
    },
    {
      kind: "burst",
      name: "Password_Guessing",
      of: { detection: "Failed_Password" },
      events: 8,
      within: "2 min",
      per: "source",
      rule: {
        level: 10,
        groups: ["sshd", "brute_force"],
        description: "sshd: 8 wrong passwords within 2 minutes",
      },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Password_Guessing" }, for: "1 hr" }],
});
