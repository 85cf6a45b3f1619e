import { pcre2 } from "../../dsl/pattern.js";
import { pamMessage } from "./pam.js";
import { address, bracketed, guessing, named, probing, type ServicePreset } from "./preset.js";

/** `postfix/smtpd`, `postfix/submission/smtpd`, `postfix-incoming/smtpd`: the name as master.cf and syslog_name have it. */
const smtpd = pcre2(String.raw`^postfix[\w-]*(?:/[\w-]+)*/(?:smtpd|postscreen)\z`);
/** The client as Postfix writes it: the name that its address resolves to, then the address. */
const client = String.raw`[^\s\[]*${bracketed}(?::\d+)?`;

export const postfixSasl: ServicePreset = {
  service: "postfix-sasl",
  title: "Passwords that Postfix refused",
  about: "`SASL … authentication failed` of every Postfix service.",
  limits:
    "`Connection lost to authentication server` is the server's own trouble, and `Invalid authentication mechanism` a client that cannot: both are left out.",
  logs: ["/var/log/mail.log", "/var/log/maillog"],
  forms: [
    {
      program: smtpd,
      messages: [
        String.raw`^warning: ${client}: SASL (?:LOGIN|PLAIN|(?:CRAM|DIGEST)-MD5|XOAUTH2|OAUTHBEARER|SCRAM-[A-Z0-9-]+|NTLM) authentication failed:(?! Connection lost to authentication server| Invalid authentication mechanism)`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 mail postfix/submission/smtpd[7676]: warning: unknown[198.51.100.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 mail postfix/smtpd[7676]: warning: host.example[2001:db8::66]: SASL PLAIN authentication failed: authentication failure",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 mail postfix/smtpd[7676]: warning: unknown[198.51.100.66]: SASL LOGIN authentication failed: Connection lost to authentication server",
  ],
  ...guessing,
  line: "Postfix: a password was refused",
  description: "Postfix: password guessing",
  groups: ["mail", "postfix", "login_failed"],
};

export const postfixReject: ServicePreset = {
  service: "postfix-reject",
  title: "Mail that Postfix refused",
  about:
    "Rejected commands (relay, unknown recipients, HELO and sender that do not exist, milters, block lists), commands sent too soon, and too many errors.",
  limits:
    "A temporary refusal (450) of greylisting is one of them: the threshold is above what a mail server retries. Connections that are merely lost are left out.",
  logs: ["/var/log/mail.log", "/var/log/maillog"],
  forms: [
    {
      program: smtpd,
      messages: [
        String.raw`^(?:[0-9a-z]+: )?(?:milter-)?reject: (?:RCPT|EHLO|HELO|VRFY|MAIL|DATA|BDAT|CONNECT|END-OF-MESSAGE) from ${client}: [45]\d\d `,
        String.raw`^(?:[0-9a-z]+: )?improper command pipelining after [A-Z-]+ from ${client}`,
        String.raw`^(?:[0-9a-z]+: )?too many errors after [A-Z-]+ from ${client}`,
      ],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 mail postfix/smtpd[8738]: NOQUEUE: reject: RCPT from unknown[198.51.100.66]: 554 5.7.1 <x@example.com>: Relay access denied; from=<y@example.org> to=<x@example.com> proto=SMTP helo=<z>",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 mail postfix/smtpd[8738]: lost connection after DATA from good.example.com[198.51.100.66]",
  ],
  ...probing,
  line: "Postfix: a command was rejected",
  description: "Postfix: many rejected commands",
  groups: ["mail", "postfix", "spam"],
};

/** What Dovecot's processes write before the message where no syslog does. */
const info = "(?:Info: |Error: |Warning: )?";
const worker = String.raw`(?:conn unix:auth-worker \((?:pid=\d+,)?uid=\d+\): auth-worker<\d+>: )?`;
const database = "(?:pam|passwd-file|sql|ldap|passwd|shadow|bsdauth|oauth2|lua|static|dict|checkpassword)";
const wrong = String.raw`(?:unknown user|[Pp]assword mismatch|invalid credentials|pam_authenticate\(\) failed: (?:User not known to the underlying authentication module|Authentication failure|Permission denied))`;
/** The user's name holds neither a comma nor a bracket, or the address is not certain. */
const account = String.raw`\([^,()<>]*,${address}(?:,(?:<[\w+/=]*>|sasl:\w+)?)?\)`;
const logins = "(?:imap|pop3|managesieve|submission|lmtp)-login";
/** Names are in `<>`; one that holds `>` could end it. */
const session = String.raw`(?: \([\w ]+\))*:(?: user=<[^<>]*>,)?(?: method=[\w-]+,)? rip=${address}(?:, |\z)`;
/** Why it ended, before the reason in brackets; the client has no word in it. */
const ended = String.raw`(?:Aborted login|Login aborted|Disconnected|Client has quit the connection|Remote closed connection|Auth process broken)(?:: (?:[^()]|\(size=\d+\)|\(\))*?)?`;
const tried = String.raw`\((?:auth failed, \d+ attempts(?: in \d+ secs)?|tried to use (?:disabled|disallowed) [\w-]+ auth|proxy dest auth failed)\)`;

const dovecotMessages = [
  String.raw`^(?:dovecot: )?${logins}: ${info}${ended} ?${tried}${session}`,
  String.raw`^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(?:dovecot: )?auth(?:-worker)?(?:\([\w ]+\))?: ${info}${worker}${database}${account}: ${wrong}`,
  String.raw`^auth${account}(?:<[\w+/=]+>)?: ${info}${database}: [Pp]assword mismatch`,
] as const;

export const dovecot: ServicePreset = {
  service: "dovecot",
  title: "Logins that Dovecot refused",
  about:
    "IMAP, POP3, ManageSieve and submission logins that failed or tried a password in clear, and what Dovecot's databases say of a password (PAM, SQL, LDAP, files); Dovecot 1 to 2.4.",
  limits:
    "Connections without an attempt are left out (`no auth attempts`). A user's name with a comma or bracket in a database's line could choose the address: such a line is not taken; the login's own line is. Lines of multilog (`@4000…`) are not read by OSSEC.",
  logs: ["/var/log/mail.log", "/var/log/maillog", "/var/log/dovecot.log"],
  forms: [
    { program: named("dovecot"), messages: dovecotMessages },
    {
      program: pcre2(String.raw`^(?:${logins}|auth(?:-worker)?)\b`),
      messages: [
        String.raw`^${info}${ended} ?${tried}${session}`,
        String.raw`^${info}${worker}${database}${account}: ${wrong}`,
      ],
    },
    { program: null, messages: dovecotMessages },
    {
      program: pcre2("^(?:dovecot-auth|auth)"),
      messages: [pamMessage],
    },
  ],
  samples: [
    [
      "Nov 14 18:09:08 mail dovecot: imap-login: Disconnected (auth failed, 2 attempts in 9 secs): user=<bob>, method=PLAIN, rip=198.51.100.66, lip=192.0.2.1, TLS, session=<abc>",
      "198.51.100.66",
    ],
    [
      "Nov 14 18:09:08 mail dovecot: auth: sql(bob@example.com,2001:db8::66,<abc>): Password mismatch",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "Nov 14 18:09:08 mail dovecot: imap-login: Disconnected (no auth attempts in 10 secs): user=<>, rip=198.51.100.66, lip=192.0.2.1",
  ],
  ...guessing,
  line: "Dovecot: a login was refused",
  description: "Dovecot: password guessing",
  groups: ["mail", "dovecot", "login_failed"],
};

/** What exim writes before the message: its process in brackets, the message's id. */
const before = String.raw`^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(?:[\w.-]+ exim\[\d+\]: )?(?:\[\d+\] )?(?:[0-9a-z]{6}-[0-9a-z]{6,11}-[0-9a-z]{2,4} )?`;
/** The client: its name, what it calls itself in `( )`, its address; what it says of itself has no `[` but an address's. */
const host = String.raw`(?:[\w.-]+ )?(?:\((?:[^()\[\]]*|\[[0-9a-f.:]*\])\) )?${bracketed}(?::\d+)?`;
const inside = String.raw`(?: I=\[[0-9a-f.:]+\](?::\d+)?)?(?: (?:Ci|CV|SNI|X|DN|K|TFO|P|id|U)=\S*)*`;

export const exim: ServicePreset = {
  service: "exim",
  title: "Clients that Exim refused",
  about:
    "Passwords that Exim refused, recipients and senders that it rejected, commands out of turn, connections that its limits dropped.",
  limits:
    'A client that calls itself by something with brackets in it could choose the address: such a line is not taken. A command that the client sent stands before the address in `SMTP protocol error in "…"`: only AUTH commands without a quote in them are taken. Exim\'s lines begin with `2026-11-14 18:09:08 `, of which OSSEC makes no date.',
  logs: ["/var/log/exim4/mainlog", "/var/log/exim/main.log", "/var/log/exim4/rejectlog"],
  forms: [
    {
      program: null,
      messages: [
        String.raw`${before}[a-z0-9_-]+ authenticator failed for ${host}${inside}: 535 Incorrect authentication data`,
        String.raw`${before}H=${host}${inside} (?:F=\S+ )?(?:temporarily )?rejected (?:RCPT|MAIL|EHLO|HELO|AUTH|VRFY|EXPN|ETRN|DATA|connection)`,
        String.raw`${before}H=${host}${inside} sender verify fail for `,
        String.raw`${before}H=${host}${inside} dropped by '\w+' ACL`,
        String.raw`${before}SMTP call from ${host}${inside} dropped: too many (?:nonmail commands|syntax or protocol errors|unrecognized commands)`,
        String.raw`${before}SMTP protocol synchronization error \([^()]*\): rejected (?:connection from|"[^"\[\]]*") H=${host}${inside}`,
        String.raw`${before}SMTP protocol error in "AUTH [A-Z0-9+/= -]*" H=${host}${inside} (?:AUTH command used when not advertised|[A-Z0-9-]+ authentication mechanism not supported)`,
        String.raw`${before}(?:no MAIL in )?SMTP connection from ${host}${inside} (?:D=\d|closed by DROP in ACL)`,
      ],
    },
  ],
  samples: [
    [
      "2026-11-14 18:09:08 login authenticator failed for (ylmf-pc) [198.51.100.66]: 535 Incorrect authentication data (set_id=brian)",
      "198.51.100.66",
    ],
    [
      "2026-11-14 18:09:08 H=mx.example.com [2001:db8::66] F=<x@example.net> rejected RCPT <y@example.org>: relay not permitted",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "2026-11-14 18:09:08 no host name found for IP address 198.51.100.66",
    "2026-11-14 18:09:08 login authenticator failed for (x) [192.0.2.7]: 535 Incorrect) [198.51.100.66]: 435 Unable to authenticate at present",
  ],
  ...guessing,
  line: "Exim: a client was refused",
  description: "Exim: password guessing or probing",
  groups: ["mail", "exim", "login_failed"],
};
