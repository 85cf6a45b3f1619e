import { pcre2 } from "../../dsl/pattern.js";
import { pamMessage } from "./pam.js";
import { address, guessing, named, probing, type ServicePreset } from "./preset.js";

export const vsftpd: ServicePreset = {
  service: "vsftpd",
  title: "Logins that vsftpd refused",
  about: "`FAIL LOGIN` in vsftpd's own log and in syslog, and PAM's message.",
  limits:
    "Where the client is logged by its name, there is no address. A user's name with `] FAIL LOGIN: Client \"` in it could choose the address: the line must end behind it.",
  logs: ["/var/log/vsftpd.log", "/var/log/auth.log"],
  forms: [
    {
      program: null,
      messages: [
        String.raw`^(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \[pid \d+\] \[[^\[\]]*\] FAIL LOGIN: Client "${address}"(?:, "[^"]*")?$`,
      ],
    },
    {
      program: pcre2(String.raw`^vsftpd(?:\(pam_unix\))?\z`),
      messages: [
        String.raw`^(?:\[pid \d+\] )?\[[^\[\]]*\] FAIL LOGIN: Client "${address}"(?:, "[^"]*")?$`,
        pamMessage,
      ],
    },
  ],
  samples: [
    ['Sat Nov 14 18:09:08 2026 [pid 27202] [anonymous] FAIL LOGIN: Client "198.51.100.66"', "198.51.100.66"],
    [
      "Nov 14 18:09:08 web vsftpd: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=test rhost=198.51.100.66",
      "198.51.100.66",
    ],
  ],
  notSamples: ['Sat Nov 14 18:09:08 2026 [pid 27202] [bob] OK LOGIN: Client "198.51.100.66"'],
  ...guessing,
  line: "vsftpd: a login was refused",
  description: "vsftpd: password guessing",
  groups: ["ftp", "vsftpd", "login_failed"],
};

/** The client's name and address, and why it was refused. */
const proftpdRefused = String.raw`\([^()\[\]]*\[${address}\]\)[: -]+(?:USER .*(?:: no such user found|\(Login failed\))|SECURITY VIOLATION:|Maximum login attempts \(\d+\) exceeded)`;

export const proftpd: ServicePreset = {
  service: "proftpd",
  title: "Logins that ProFTPD refused",
  about: "Wrong passwords, users that do not exist or may not log in, too many attempts.",
  limits: "The client's address stands in `name[address]` before all that it sent.",
  logs: ["/var/log/proftpd/proftpd.log", "/var/log/auth.log", "/var/log/secure"],
  forms: [
    {
      program: named("proftpd"),
      messages: [String.raw`^(?:pam_unix\(proftpd:auth\): )?(?:[^\s()\[\]]+ )?${proftpdRefused}`, pamMessage],
    },
    {
      program: null,
      messages: [
        String.raw`^(?:\d{4}-\d\d-\d\d [\d:,]+ )?[\w.-]+ proftpd\[\d+\]:? [^\s()\[\]]+ ${proftpdRefused}`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 web proftpd[31833]: web.example.com (unknown[198.51.100.66]) - USER bob (Login failed): Incorrect password.",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 web proftpd[31833]: web.example.com (unknown[198.51.100.66]) - USER x: no such user found from unknown [198.51.100.66] to 192.0.2.1:21",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 web proftpd[31833]: web.example.com (unknown[198.51.100.66]) - FTP session opened.",
  ],
  ...guessing,
  line: "ProFTPD: a login was refused",
  description: "ProFTPD: password guessing",
  groups: ["ftp", "proftpd", "login_failed"],
};

export const pureFtpd: ServicePreset = {
  service: "pure-ftpd",
  title: "Logins that Pure-FTPd refused",
  about: "`Authentication failed for user` in English and a dozen other languages of Pure-FTPd.",
  limits: "The address stands before all that the client sent; a client that is logged by its name has none.",
  logs: ["/var/log/messages", "/var/log/syslog"],
  forms: [
    {
      program: named("pure-ftpd"),
      messages: [String.raw`^\([^()]*@${address}\) \[(?:WARNING|NOTICE)\] .*\[.*\]`, pamMessage],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 web pure-ftpd[2165]: (?@198.51.100.66) [WARNING] Authentication failed for user [bob]",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 web pure-ftpd[2165]: (?@198.51.100.66) [INFO] New connection from 198.51.100.66",
  ],
  ...guessing,
  line: "Pure-FTPd: a login was refused",
  description: "Pure-FTPd: password guessing",
  groups: ["ftp", "pure-ftpd", "login_failed"],
};

/** The client's certificate where it has one, its address, and why it was refused. */
const openvpnRefused = String.raw`(?:[\w.-]+/)?${address}:\d+ (?:TLS Auth Error: Auth Username/Password verification failed for peer|VERIFY ERROR: depth=\d+, error=|TLS Error: TLS handshake failed|TLS_ERROR: BIO read tls_read_plaintext error|SENT CONTROL \[[^\]]*\]: 'AUTH_FAILED)`;

export const openvpn: ServicePreset = {
  service: "openvpn",
  title: "Clients that OpenVPN refused",
  about:
    "TLS handshakes that failed, certificates that were not accepted, wrong passwords, packets that no key fits; OpenVPN over UDP and TCP.",
  limits:
    "Over UDP the address of a first packet can be invented: `TLS key negotiation failed` is left out for that reason, since whoever sends one forged datagram causes it. Counted is what needs an answer.",
  logs: ["/var/log/openvpn.log", "/var/log/openvpn/openvpn.log", "/var/log/syslog"],
  forms: [
    {
      program: pcre2("^(?:ovpn|openvpn)"),
      messages: [String.raw`^${openvpnRefused}`],
    },
    {
      program: null,
      messages: [
        String.raw`^(?:(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )${openvpnRefused}`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 vpn ovpn-server[812]: 198.51.100.66:41194 TLS Auth Error: Auth Username/Password verification failed for peer",
      "198.51.100.66",
    ],
    ["2026-11-14 18:09:08 198.51.100.66:41194 TLS Error: TLS handshake failed", "198.51.100.66"],
  ],
  notSamples: [
    "Nov 14 18:09:08 vpn ovpn-server[812]: 198.51.100.66:41194 TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)",
    "Nov 14 18:09:08 vpn ovpn-server[812]: bob/198.51.100.66:41194 Data Channel: using negotiated cipher 'AES-256-GCM'",
  ],
  ...guessing,
  line: "OpenVPN: a client was refused",
  description: "OpenVPN: password guessing or probing",
  groups: ["vpn", "openvpn", "login_failed"],
};

/** BIND's client: an object's address since 9.11, then the client's and its port, then the name that was asked for. */
const asker = String.raw`client (?:@0x[0-9a-f]+ )?${address}#\d+(?: \([^()]*\))?: (?:view [\w.-]+: )?`;
const transfer = String.raw`(?:zone transfer '[^']*' denied|bad zone transfer request: '[^']*': non-authoritative zone)`;
const query = String.raw`query(?: \(cache\))? '[^']*' denied`;

function bind(message: string): ServicePreset["forms"] {
  return [
    { program: named("named"), messages: [`^(?:[a-z-]+: )?(?:[a-z]+: )?${asker}${message}`] },
    {
      program: null,
      messages: [
        String.raw`^(?:\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]+ )?(?:(?:update-)?security: )?(?:error: |info: |warning: )?${asker}${message}`,
      ],
    },
    // Where the category stands before the message, pre-decoding takes it for the program.
    { program: pcre2("^(?:update-)?security"), messages: [`^(?:[a-z]+: )?${asker}${message}`] },
  ];
}

const bindLogs = ["/var/log/named/security.log", "/var/log/syslog", "/var/log/messages"];

export const namedTransfers: ServicePreset = {
  service: "named",
  title: "Zone transfers that BIND denied",
  about: "Denied and impossible zone transfers of named, in its own log and in syslog. They come over TCP.",
  limits: "Denied queries are the preset `named-queries`: their source is whatever the sender chose.",
  logs: bindLogs,
  forms: bind(transfer),
  samples: [
    [
      "Nov 14 18:09:08 ns named[2954]: client @0x7f6450002ef0 198.51.100.66#23332 (example.com): zone transfer 'example.com/AXFR/IN' denied",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "14-Nov-2026 18:09:08.621 client 198.51.100.66#40278 (example.com): query (cache) 'example.com/A/IN' denied",
  ],
  ...probing,
  events: 3,
  source: "three: a secondary server of yours is in the never-block list",
  line: "named: a zone transfer was denied",
  description: "named: denied zone transfers",
  groups: ["dns", "named", "recon"],
};

export const namedQueries: ServicePreset = {
  service: "named-queries",
  title: "Queries that BIND denied",
  about: "Denied queries and queries of the cache, in named's own log and in syslog.",
  limits: "For an alert or a notification only.",
  forgeable:
    "a query over UDP has whatever source its sender chose: an attacker would have your users blocked",
  logs: bindLogs,
  forms: bind(query),
  samples: [
    [
      "14-Nov-2026 18:09:08.621 client 198.51.100.66#40278 (example.com): query (cache) 'example.com/A/IN' denied",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 ns named[2954]: client 198.51.100.66#23332 (example.com): query: example.com IN A +",
  ],
  ...probing,
  line: "named: a query was denied",
  description: "named: many denied queries",
  groups: ["dns", "named", "recon"],
};

const mysqlDenied = String.raw`Access denied for user '.*'@'${address}'(?: \(using password: (?:YES|NO)\))?\s*$`;
const mysqlHead = String.raw`^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d [\w.-]+ mysqld(?:\[\d+\])?: )?(?:\d{6} +\d{1,2}:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]+\d{1,2}:\d\d:\d\d(?:[.\d]+)?(?:Z|[+-]\d\d:\d\d)? )?(?:\d+ )?\[(?:Warning|Note|ERROR)\] (?:\[MY-\d+\] \[\w+\] )?`;

export const mysqld: ServicePreset = {
  service: "mysqld",
  title: "Passwords that MySQL and MariaDB refused",
  about: "`Access denied for user …`, in the error log and in syslog; MySQL 5 to 8, MariaDB.",
  limits:
    "MySQL writes them with `log_error_verbosity=3`, MariaDB with `log_warnings=2`. A client that is logged by its name (without `skip-name-resolve`) has no address.",
  logs: ["/var/log/mysql/error.log", "/var/log/mysqld.log"],
  forms: [
    { program: null, messages: [`${mysqlHead}${mysqlDenied}`] },
    { program: pcre2("^(?:mysqld|mariadbd)"), messages: [`${mysqlHead}${mysqlDenied}`] },
    { program: pcre2(String.raw`^\d{1,3}\z`), messages: [`${mysqlHead}${mysqlDenied}`] },
  ],
  samples: [
    [
      "2026-11-14T18:09:08.634875Z 113 [Note] [MY-010926] [Server] Access denied for user 'root'@'198.51.100.66' (using password: NO)",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 db mysqld: 2026-11-14 18:09:08 8756 [Warning] Access denied for user 'root'@'198.51.100.66' (using password: YES)",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "2026-11-14T18:09:08.634875Z 113 [Note] [MY-010926] [Server] Access denied for user 'root'@'192.0.2.7' (using password: NO)'@'localhost' (using password: YES)",
  ],
  ...guessing,
  line: "MySQL: a password was refused",
  description: "MySQL: password guessing",
  groups: ["database", "mysql", "login_failed"],
};

export const phpmyadmin: ServicePreset = {
  service: "phpmyadmin",
  title: "Logins that phpMyAdmin refused",
  about: "`user denied` of phpMyAdmin in syslog, and in Apache's error log as its `AuthLog` writes it.",
  limits: "Only with `$cfg['AuthLog']`; behind a proxy the address is the proxy's.",
  logs: ["/var/log/auth.log", "/var/log/syslog"],
  forms: [
    {
      program: named("phpMyAdmin"),
      messages: [
        String.raw`^user denied: .* \((?:mysql-denied|allow-denied|root-denied|empty-denied)\) from ${address}\s*$`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 web phpMyAdmin[16358]: user denied: root (mysql-denied) from 198.51.100.66",
      "198.51.100.66",
    ],
  ],
  notSamples: ["Nov 14 18:09:08 web phpMyAdmin[16358]: user ok: root from 198.51.100.66"],
  ...guessing,
  line: "phpMyAdmin: a login was refused",
  description: "phpMyAdmin: password guessing",
  groups: ["web", "phpmyadmin", "login_failed"],
};

/** What Roundcube writes between the user and the line's end where the server's answer is not in it. */
const roundcubeHead = String.raw`(?:<\w+> )?(?:\[[^\]]*\]: )?(?:<\w+> )?`;

export const roundcube: ServicePreset = {
  service: "roundcube",
  title: "Logins that Roundcube refused",
  about: "Failed logins in Roundcube's `errors` and `userlogins` and in syslog.",
  limits:
    "The user's name stands before the address, and the mail server's answer behind it, which may repeat the name: where ` from ` stands twice, no address is certain.",
  logs: ["/var/log/roundcube/userlogins.log", "/var/log/roundcube/errors.log", "/var/log/mail.log"],
  forms: [null, named("roundcube")].map((program) => ({
    program,
    messages: [
      // Without the server's answer the address ends the line; the answer ends with where it was met.
      String.raw`^${roundcubeHead}(?:IMAP Error: )?(?:FAILED login|Login failed) for .* from ${address}\s*$`,
      String.raw`^(?!.* from .* from )${roundcubeHead}(?:IMAP Error: )?(?:FAILED login|Login failed) for .* from ${address}(?:\(X-[^()]*\))?(?:\. | |\z)`,
    ],
  })),
  samples: [
    [
      "Nov 14 18:09:08 mail roundcube: IMAP Error: Login failed for bob from 198.51.100.66. AUTHENTICATE PLAIN: A0002 NO Login failed. in /usr/share/roundcube/rcube_imap.php on line 205",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 mail roundcube: IMAP Error: Login failed for bob from 192.0.2.7 from 198.51.100.66. AUTHENTICATE PLAIN: x",
  ],
  ...guessing,
  line: "Roundcube: a login was refused",
  description: "Roundcube: password guessing",
  groups: ["web", "roundcube", "login_failed"],
};

export const recidive: ServicePreset = {
  service: "recidive",
  title: "Who fail2ban bans again and again",
  about: "`Ban` of fail2ban's jails but of its own `recidive`, in fail2ban.log and in syslog.",
  limits: "For hosts that run fail2ban beside OSSEC. zopf's own blocks grow longer by `escalate`.",
  logs: ["/var/log/fail2ban.log"],
  forms: [
    {
      program: null,
      messages: [
        String.raw`^(?:\d{4}-\d\d-\d\d [\d:,]+ )?(?:fail2ban\.actions)?\s*(?:\[\d+\])?: (?:NOTICE|WARNING|INFO)\s+\[(?!recidive\])[^\[\]]+\] Ban ${address}\s*$`,
      ],
    },
    {
      program: pcre2("^fail2ban"),
      messages: [
        String.raw`^(?:fail2ban\.actions\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[(?!recidive\])[^\[\]]+\] Ban ${address}\s*$`,
      ],
    },
  ],
  samples: [
    [
      "2026-11-14 18:09:08,388 fail2ban.actions        [123]: NOTICE  [sshd] Ban 198.51.100.66",
      "198.51.100.66",
    ],
  ],
  notSamples: ["2026-11-14 18:09:08,388 fail2ban.actions        [123]: NOTICE  [recidive] Ban 198.51.100.66"],
  events: 5,
  within: "1 day",
  source: "as fail2ban's jail of that name",
  line: "fail2ban: a source was banned",
  description: "fail2ban: banned again and again",
  level: 10,
  groups: ["fail2ban", "recidive"],
};
