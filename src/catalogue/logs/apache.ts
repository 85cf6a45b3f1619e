import { pcre2 } from "../../dsl/pattern.js";
import { bracketed, guessing, probing, type ServicePreset } from "./preset.js";

/** Date where pre-decoding leaves it, severity, and processes: as 2.2 and 2.4 write them. */
const head = String.raw`^(?:\[[A-Za-z]{3} [A-Za-z]{3} +\d+ [\d:.]+ \d{4}\] )?\[(?!evasive)(?:[a-z0-9_-]*:)?(?:error|warn|info|crit|notice)\] (?:\[pid \d+(?::tid \d+)?\] )?`;

/**
 * Forms of a message in Apache's error log. 2.2 writes the address alone, 2.4 the port behind it, IPv6 with or
 * without brackets. All that the client chose stands behind the address.
 */
export function apache(...messages: readonly string[]): ServicePreset["forms"] {
  const text = String.raw`(?:\[client [0-9a-f.:]+\] )?(?:AH\d+: )?(?:Digest: )?(?:${messages.join("|")})`;
  const whole = [
    String.raw`${head}\[(?:client|remote) ((?:\d{1,3}\.){3}\d{1,3})(?::\d+)?\] ${text}`,
    String.raw`${head}\[(?:client|remote) ${bracketed}:\d+\] ${text}`,
    // 2.2 has neither process nor port.
    String.raw`^\[error\] \[client ([0-9a-f]*:[0-9a-f:.]+)\] ${text}`,
    String.raw`^\[[A-Za-z]{3} [A-Za-z]{3} +\d+ [\d:.]+ \d{4}\] \[[a-z0-9_-]*:[a-z]+\] \[pid [^\]]+\] \[(?:client|remote) ([0-9a-f]*:[0-9a-f:.]*[0-9a-f]):\d+\] ${text}`,
  ];
  return [
    { program: null, messages: whole },
    { program: pcre2("^(?:httpd|apache)"), messages: whole },
  ];
}

export const apacheLogs = ["/var/log/apache2/error.log", "/var/log/httpd/error_log"];

export const apacheAuth: ServicePreset = {
  service: "apache-auth",
  title: "Access that Apache refused",
  about:
    "Basic and digest authentication, authorization, `client denied by server configuration`, and TLS clients that name no host or two, in Apache's error log.",
  limits:
    "mod_evasive's denials follow its own limits and are left out. Nonces whose hash is wrong are left out: they come from a restart, too.",
  logs: apacheLogs,
  forms: apache(
    String.raw`client (?:denied by server configuration|used wrong authentication scheme)\b`,
    String.raw`user .*(?:authentication failure|authorization failure|password mismatch|not found)`,
    "Authorization of user .* to access .* failed",
    String.raw`user .* in realm .* not found`,
    "(?:invalid qop|realm mismatch|unknown algorithm) ",
    String.raw`invalid nonce \S+ received - (?:length is not|user attempted time travel)`,
    "(?:Hostname .* provided via SNI|No hostname was provided via SNI)",
  ),
  samples: [
    [
      '[Wed Nov 18 22:18:52 2026] [error] [client 198.51.100.66] user username: authentication failure for "/basic/file": Password Mismatch',
      "198.51.100.66",
    ],
    [
      "[Sat Nov 14 21:37:32.266605 2026] [auth_basic:error] [pid 17512:tid 140123079128832] [client [2001:db8::66]:51386] AH01618: user x not found: /basic/file",
      "2001:db8::66",
    ],
  ],
  notSamples: [
    "[Sat Nov 14 02:17:42 2026] [error] [client 198.51.100.66] File does not exist: /srv/http/site/[client 192.0.2.7] user root not found",
  ],
  ...guessing,
  line: "Apache: access was refused",
  description: "Apache: password guessing",
  groups: ["web", "apache", "login_failed"],
};

export const apacheAttacks: ServicePreset = {
  service: "apache-attacks",
  title: "Requests that no browser sends",
  about:
    "Invalid methods, URIs and protocol texts, overlong URIs, paths that climb out of the site, Shellshock, and what ModSecurity denies, in Apache's error log.",
  limits: "A client that speaks TLS to a port without it is among them: `Invalid method in request`.",
  logs: apacheLogs,
  forms: apache(
    "Invalid (?:method|URI) in request ",
    String.raw`invalid URI path \(`,
    "request failed: (?:URI too long|erroneous characters after protocol string)",
    String.raw`(?:/bin/(?:ba)?sh: )?(?:warning: HTTP_\w+: ignoring function definition attempt|error importing function definition for)`,
    String.raw`ModSecurity: +(?:\[(?:[^\]"]|"[^"]*")*\] ?)*Access denied with code [45]\d\d`,
  ),
  samples: [
    [
      "[Tue Nov 10 15:39:29 2026] [error] [client 198.51.100.66] Invalid URI in request \\xf9h\\xa9\\xf3",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "[Tue Nov 10 15:39:29 2026] [error] [client 198.51.100.66] File does not exist: /var/www/favicon.ico",
  ],
  ...probing,
  line: "Apache: a request that no browser sends",
  description: "Apache: attacks",
  groups: ["web", "apache", "attack"],
};
