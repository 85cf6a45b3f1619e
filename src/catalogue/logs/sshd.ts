import { address, guessing, named, probing, type ServicePreset } from "./preset.js";

/** A key as sshd shows it behind a refused one. */
const key = String.raw`[A-Z0-9-]+ (?:SHA256:[\w+/=\x24]+|(?:MD5:)?[0-9a-fx]{2}(?::[0-9a-fx]{2}){15})`;
/**
 * What the client sent as its user's name. Some versions write a text of the client's behind `ssh2:`, too: a name that
 * looks like the beginning of such a line has no certain address.
 */
const user = String.raw`(?:(?! ssh[12]: ).)*`;
/** Behind the address, to the line's end: what the client chose stands before it. */
const end = String.raw`(?: port \d+)?(?: ssh[12])?(?: \[preauth\])?\s*$`;
const programs = named("sshd", "sshd-session", "sshd-auth");

export const sshd: ServicePreset = {
  service: "sshd",
  title: "Logins that sshd refused",
  about:
    "Passwords, keys and users that sshd refused: OpenSSH, sshd-session of 9.8 and later, PAM's messages through sshd, disconnects before a login.",
  limits:
    "A line without the address (`Disconnecting: Too many authentication failures`) cannot name anybody, and what only several lines together say is not said here: sshd's own line for each attempt counts instead. A client that connects by a name (`UseDNS yes`) is found without an address. Keys that a known user offers and sshd refuses are left out: clients try all they have. PAM's own message is the preset `pam`.",
  logs: ["/var/log/auth.log", "/var/log/secure", "/var/log/authlog"],
  forms: [
    {
      program: programs,
      messages: [
        String.raw`^Failed (?!publickey|none|hostbased)[\w/-]+ for ${user} from ${address}${end}`,
        String.raw`^Failed publickey for (?:invalid|illegal) user ${user} from ${address} port \d+ ssh[12](?:: ${key})?$`,
        String.raw`^(?:Invalid|Illegal) user .* from ${address}${end}`,
        String.raw`^ROOT LOGIN REFUSED FROM ${address}${end}`,
        String.raw`^User .* from ${address} not allowed because (?:not )?(?:listed in (?:AllowUsers|DenyUsers)|in any group|a group is listed in DenyGroups|none of user's groups are listed in AllowGroups|shell \S+ does not exist|shell \S+ is not executable)$`,
        String.raw`^error: PAM: (?:Authentication (?:failure|error)|User not known to the underlying authentication module|Permission denied)[a-z ]* for .* from ${address}(?: via [0-9a-f.:]+)?\s*$`,
        String.raw`^(?:error: )?maximum authentication attempts exceeded for .* from ${address} port \d+ ssh2(?: \[preauth\])?$`,
        String.raw`^refused connect from \S+ \(${address}\)$`,
        String.raw`^(?:error: )?Received disconnect from ${address}(?: port \d{1,5})?: ?(?:3: [^\[\]]{0,200}Auth fail(?: \[preauth\])?|11: [^\[\]]{0,80}\[preauth\])$`,
        String.raw`^Disconnecting (?:authenticating|invalid) user .* ${address} port \d+: (?:Change of username or service not allowed: \([^()]*\) -> \([^()]*\)|Too many authentication failures)(?: \[preauth\])?$`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 web sshd[812]: Failed password for invalid user x from 192.0.2.7 port 22 ssh2 from 198.51.100.66 port 4711 ssh2",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 web sshd-session[812]: Invalid user admin from 2001:db8::66 port 50022",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 web sshd[812]: Accepted password for root from 198.51.100.66 port 50022 ssh2",
    "Nov 14 18:09:08 web sshd[812]: Failed publickey for git from 198.51.100.66 port 50022 ssh2: RSA SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
  ],
  ...guessing,
  line: "sshd: a login was refused",
  description: "sshd: password guessing",
  groups: ["sshd", "login_failed"],
};

/** Connections without a login: scanners, clients of other protocols. */
export const sshdProbes: ServicePreset = {
  service: "sshd-probes",
  title: "Connections to sshd that came to no login",
  about:
    "Who connects and says nothing, speaks another protocol, offers nothing that sshd takes, or goes before the login is over.",
  limits:
    "Messages without an address (`kex_exchange_identification: …`) are followed by one that has it, which counts. Bad networks and monitoring cause such lines, too: exempt your monitoring by the never-block list.",
  logs: ["/var/log/auth.log", "/var/log/secure", "/var/log/authlog"],
  forms: [
    {
      program: programs,
      messages: [
        String.raw`^Did not receive identification string from ${address}${end}`,
        String.raw`^Bad protocol version identification '.*' from ${address} port \d+$`,
        String.raw`^Connection (?:closed|reset) by (?:(?:authenticating|invalid) user .* )?${address}(?: port \d+)?(?: \[preauth\])?$`,
        String.raw`^Disconnected from (?:(?:authenticating|invalid) user .* )?${address}(?: port \d+)? \[preauth\]$`,
        String.raw`^(?:ssh_dispatch_run_fatal|banner exchange): Connection from ${address} port \d+: [A-Za-z ]+(?: \[preauth\])?$`,
        String.raw`^fatal: Timeout before authentication for ${address}(?: port \d+)?$`,
        String.raw`^Timeout before authentication for connection from ${address} to `,
        String.raw`^(?:error: )?Received disconnect from ${address}(?: port \d+)?: ?14: No(?: supported)? authentication methods available`,
        String.raw`^(?:fatal: )?Unable to negotiate with ${address} port \d+: no matching `,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 web sshd[812]: Did not receive identification string from 198.51.100.66 port 50022",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 web sshd[812]: Connection closed by invalid user x 192.0.2.7 198.51.100.66 port 50022 [preauth]",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 web sshd[812]: Connection from 198.51.100.66 port 50022 on 192.0.2.1 port 22",
  ],
  ...probing,
  line: "sshd: a connection came to no login",
  description: "sshd: probing",
  groups: ["sshd", "recon"],
};
