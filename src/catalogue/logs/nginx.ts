import { address, guessing, named, probing, type ServicePreset } from "./preset.js";

/** How nginx begins a line of its error log, in a file and through syslog. */
const nginxError = String.raw`^(?!.*, client: .*, client: )(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d )?\[[a-z]+\] \d+#\d+: (?:\*\d+ )?`;
/**
 * What nginx writes behind its message: the client, and then what the client asked for. The message may hold a user's
 * name, and the request anything: where `, client: ` stands twice, no address is certain.
 */
const nginxClient = String.raw`, client: ${address}(?:,|\z)`;

/** In nginx's own file no program name stands before a line; pre-decoding takes none. */
export function nginx(...messages: readonly string[]): ServicePreset["forms"] {
  const whole = messages.map((message) => `${nginxError}${message}${nginxClient}`);
  return [
    { program: null, messages: whole },
    { program: named("nginx"), messages: whole },
  ];
}

export const nginxLogs = ["/var/log/nginx/error.log"];

export const nginxAuth: ServicePreset = {
  service: "nginx-auth",
  title: "Passwords that nginx refused",
  about: "`auth_basic` and PAM in nginx' error log: no such user, password mismatch, not authenticated.",
  limits:
    "A user's name that holds `, client: ` could choose the address: such a line is not taken. What an application behind nginx refuses stands in its own log, and as 401 or 403 in the access log: `web-refused`.",
  logs: nginxLogs,
  forms: nginx(
    String.raw`user ".*":? (?:was not found in "[^"]*"|password mismatch)`,
    String.raw`PAM: user '.*' - not authenticated: [A-Za-z ]+`,
  ),
  samples: [
    [
      '2026/11/14 18:09:08 [error] 2865#0: *66647 user "xyz": password mismatch, client: 198.51.100.66, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"',
      "198.51.100.66",
    ],
    [
      'Nov 14 18:09:08 web nginx: 2026/11/14 18:09:08 [error] 2865#0: *1 user "x y" was not found in "/etc/nginx/.htpasswd", client: 2001:db8::66, server: , request: "GET / HTTP/1.1", host: "localhost"',
      "2001:db8::66",
    ],
  ],
  notSamples: [
    '2026/11/14 18:09:08 [error] 2865#0: *3 user "x": password mismatch, client: 192.0.2.7, server: x, request: "GET / HTTP/1.1", host: "x"": was not found in "/etc/nginx/.htpasswd", client: 198.51.100.66, server: , request: "GET / HTTP/1.1", host: "x"',
    '2026/11/14 18:09:08 [error] 2865#0: *5 connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.66, server: x, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "x"',
  ],
  ...guessing,
  line: "nginx: a password was refused",
  description: "nginx: password guessing",
  groups: ["web", "nginx", "login_failed"],
};

export const nginxLimit: ServicePreset = {
  service: "nginx-limit",
  title: "Requests beyond nginx' limits",
  about:
    "`limiting requests` and `limiting connections` in nginx' error log: clients beyond `limit_req` and `limit_conn`.",
  limits:
    "Delayed requests (`delaying request`) are served, and do not count. Many people behind one address look like one that is in a hurry.",
  logs: nginxLogs,
  forms: nginx(
    String.raw`limiting requests, excess: [\d.]+ by zone "[^"]*"`,
    String.raw`limiting connections by zone "[^"]*"`,
  ),
  samples: [
    [
      '2026/11/14 18:09:08 [error] 4708#0: *22161 limiting requests, excess: 1.852 by zone "one", client: 198.51.100.66, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"',
      "198.51.100.66",
    ],
  ],
  notSamples: [
    '2026/11/14 18:09:08 [warn] 4708#0: *22161 delaying request, excess: 1.852, by zone "one", client: 198.51.100.66, server: www.example.com, request: "GET / HTTP/1.1", host: "www.example.com"',
  ],
  ...probing,
  line: "nginx: a request was beyond the limit",
  description: "nginx: too many requests",
  groups: ["web", "nginx", "flood"],
};

export const nginxForbidden: ServicePreset = {
  service: "nginx-forbidden",
  title: "What nginx forbids",
  about: "`access forbidden by rule` and forbidden directory indexes in nginx' error log.",
  limits: "Rules that answer 404 in the place of 403 leave no such line.",
  logs: nginxLogs,
  forms: nginx("access forbidden by rule", String.raw`directory index of ".*" is forbidden`),
  samples: [
    [
      '2026/11/14 18:09:08 [error] 4708#0: *22161 access forbidden by rule, client: 198.51.100.66, server: www.example.com, request: "GET /.git/config HTTP/1.1", host: "www.example.com"',
      "198.51.100.66",
    ],
  ],
  notSamples: [
    '2026/11/14 18:09:08 [error] 4708#0: *22161 open() "/var/www/favicon.ico" failed (2: No such file or directory), client: 198.51.100.66, server: localhost, request: "GET /favicon.ico HTTP/1.1", host: "localhost"',
  ],
  ...probing,
  line: "nginx: access was forbidden",
  description: "nginx: somebody tries what is forbidden",
  groups: ["web", "nginx", "recon"],
};

export const nginxTls: ServicePreset = {
  service: "nginx-tls",
  title: "TLS handshakes that nginx gave up",
  about:
    "`SSL_do_handshake() failed` and `SSL_read() failed` in nginx' error log: scanners, other protocols.",
  limits: "Old clients that have no cipher in common are among them.",
  logs: nginxLogs,
  forms: nginx(
    String.raw`SSL_(?:do_handshake|read)\(\) failed \(SSL: .*\) while (?:SSL handshaking|waiting for request)`,
  ),
  samples: [
    [
      "2026/11/14 18:09:08 [crit] 76952#76952: *2454307 SSL_do_handshake() failed (SSL: error:1408F0C6:SSL routines:ssl3_get_record:packet length too long) while SSL handshaking, client: 198.51.100.66, server: 0.0.0.0:443",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    '2026/11/14 18:09:08 [error] 76952#76952: *5645766 connect() failed (111: Connection refused) while connecting to upstream, client: 198.51.100.66, server: x, request: "GET / HTTP/2.0", upstream: "http://127.0.0.1:3000/", host: "x"',
  ],
  ...probing,
  line: "nginx: a TLS handshake failed",
  description: "nginx: many failed TLS handshakes",
  groups: ["web", "nginx", "recon"],
};
