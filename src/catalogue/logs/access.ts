import { apache, apacheLogs } from "./apache.js";
import { nginx, nginxLogs } from "./nginx.js";
import { address, guessing, probing, type ServiceForm, type ServicePreset } from "./preset.js";

/**
 * A line of an access log, common or combined, with or without the virtual host before it: the address stands before
 * all that the client chose. Both servers escape a quote within the request.
 */
const client = String.raw`^(?:[\w.-]+(?::\d+)? )?${address} - [^\["]*\[[^\]]+\] `;
const request = String.raw`"(?:[^"\\]|\\.)*"`;

function answered(statuses: string, asked = request): ServiceForm {
  return { program: null, messages: [`${client}${asked} (?:${statuses}) `] };
}

const logs = ["/var/log/nginx/access.log", "/var/log/apache2/access.log", "/var/log/httpd/access_log"];

const line = (text: string, status: number): string =>
  `198.51.100.66 - - [14/Nov/2026:18:09:08 +0000] "${text}" ${status} 162 "-" "curl/8.0"`;

export const webRefused: ServicePreset = {
  service: "web-refused",
  title: "Answers 401 and 403",
  about: "Requests that a web server refused, in nginx' and Apache's access logs.",
  limits:
    "A browser's first request to a page behind a password is answered 401, too: that is one, and guessers cause many. Behind a proxy the address is the proxy's, unless the server was told to log the client's.",
  logs,
  forms: [answered("401|403")],
  samples: [[line("GET /admin HTTP/1.1", 401), "198.51.100.66"]],
  notSamples: [line("GET / HTTP/1.1", 200), line("GET /x HTTP/1.1", 404)],
  ...guessing,
  events: 12,
  source: "twelve in ten minutes: a browser causes one 401 for each page before it asks for the password",
  line: "web: a request was refused",
  description: "web: many refused requests",
  groups: ["web", "login_failed"],
};

export const webMissing: ServicePreset = {
  service: "web-missing",
  title: "Answers 404 and 405",
  about: "Requests for what is not there, in nginx' and Apache's access logs: scanners of paths.",
  limits: "A site with broken links, and a search engine that follows them, cause such answers.",
  logs,
  forms: [answered("404|405")],
  samples: [[line("GET /backup.zip HTTP/1.1", 404), "198.51.100.66"]],
  notSamples: [line("GET / HTTP/1.1", 200)],
  ...probing,
  events: 25,
  source: "as many as the Zeek preset http-paths",
  line: "web: a page is not there",
  description: "web: somebody searches for pages",
  groups: ["web", "recon"],
};

export const webBadRequest: ServicePreset = {
  service: "web-bad-request",
  title: "Answers 400",
  about:
    "Requests that are no HTTP, in nginx' and Apache's access logs: other protocols, broken TLS, exploits.",
  limits: "An application that answers 400 to a wrong form causes such lines.",
  logs,
  forms: [answered("400")],
  samples: [[line("\\x03\\x00\\x00/*\\xE0\\x00", 400), "198.51.100.66"]],
  notSamples: [line("GET / HTTP/1.1", 200)],
  ...probing,
  line: "web: a bad request",
  description: "web: many bad requests",
  groups: ["web", "attack"],
};

/** What scanners look for, as a part of a path in lower or upper case. */
const wanted = String.raw`(?:(?:php|my|mysql|sql|db|web|pg)[_-]?(?:my)?[_-]?admin[\w.-]*|\bpma[\w.-]*|v?-?webmail|ext-?mails?|\bmail\w*|roundcube|squirrelmail|horde|wp-login\.php|wp-admin|wp-config[\w.-]*|xmlrpc\.php|cgi-bin|setup\.php|\.env|\.git|\.aws|\.svn|vendor/phpunit|actuator|HNAP1|boaform|solr/admin|manager/html|jmx-console|shell\.php|eval-stdin\.php|phpinfo\.php)`;
const path = String.raw`(?:[A-Z]+) \S*?/${wanted}`;

export const webProbes: ServicePreset = {
  service: "web-probes",
  title: "Paths that only scanners ask for",
  about:
    "phpMyAdmin, webmail, WordPress' login, cgi-bin, .env, .git and the like where they are not there: 403 and 404 in the access logs, `File does not exist` and `No such file` in the error logs.",
  limits: "Where one of them is there, it is answered, and does not count.",
  logs: [...logs, ...nginxLogs, ...apacheLogs],
  forms: [
    answered("403|404|444", String.raw`"${path}(?:[^"\\]|\\.)*"`),
    ...nginx(
      String.raw`open\(\) "[^"]*/${wanted}[^"]*" failed \(2: No such file or directory\)`,
      String.raw`"[^"]*/${wanted}[^"]*" is not found \(2: No such file or directory\)`,
    ),
    ...apache(
      String.raw`(?:File does not exist|script not found or unable to stat): \S*?/${wanted}`,
      String.raw`script '/(?:var|srv|usr|home)/[^/']+/[^/']*/?wp-login\.php' not found or unable to stat`,
    ),
  ],
  samples: [
    [line("GET /phpMyAdmin/scripts/setup.php HTTP/1.1", 404), "198.51.100.66"],
    [
      '2026/11/14 18:09:08 [error] 2833#0: *16336 open() "/var/www/site/cgi-bin/php4" failed (2: No such file or directory), client: 198.51.100.66, server: localhost, request: "GET /cgi-bin/php4 HTTP/1.1", host: "192.0.2.1"',
      "198.51.100.66",
    ],
    [
      "[Mon Nov 23 09:49:10 2026] [error] [client 198.51.100.66] File does not exist: /var/www/pma",
      "198.51.100.66",
    ],
  ],
  notSamples: [line("GET /wp-login.php HTTP/1.1", 200), line("GET /robots.txt HTTP/1.1", 404)],
  ...probing,
  events: 3,
  source: "three: nobody but a scanner asks for the second one",
  line: "web: a path that scanners ask for",
  description: "web: scanner of known paths",
  groups: ["web", "recon"],
};

export const webScripts: ServicePreset = {
  service: "web-scripts",
  title: "Scripts that are not there",
  about:
    "PHP, CGI, ASP and Perl scripts that Apache did not find, in its error log: exploits that are tried blindly.",
  limits: "A site with broken links to scripts of its own causes such lines.",
  logs: apacheLogs,
  forms: apache(
    String.raw`script '\S*' not found or unable to stat`,
    String.raw`(?:stderr from \S+: )?script not found or unable to stat`,
    String.raw`File does not exist: \S+\.(?:php[3-7]?|asp|aspx|exe|pl|cgi|jsp)\b`,
    "Got error 'Primary script unknown",
  ),
  samples: [
    [
      "[Mon Nov 23 07:49:01.981912 2026] [:error] [pid 3790] [client 198.51.100.66:46301] script '/var/www/timthumb.php' not found or unable to stat",
      "198.51.100.66",
    ],
  ],
  notSamples: [
    "[Mon Nov 23 09:49:10 2026] [error] [client 198.51.100.66] File does not exist: /var/www/logo.png",
  ],
  ...probing,
  line: "web: a script is not there",
  description: "web: somebody tries scripts",
  groups: ["web", "recon"],
};

export const wordpress: ServicePreset = {
  service: "wordpress",
  title: "Logins to WordPress",
  about:
    "Forms sent to wp-login.php and xmlrpc.php that were not followed by a redirect, in the access logs; and the messages of the plug-ins that write to syslog (`Authentication failure for … from …`).",
  limits:
    "WordPress itself logs nothing. A login that succeeds is redirected (302), so that 200, 401 and 403 count; XML-RPC answers 200 to all, so that a client which uses it needs the never-block list.",
  logs,
  forms: [
    answered("200|401|403", String.raw`"POST \S*?/(?:wp-login|xmlrpc)\.php(?:[?/ ](?:[^"\\]|\\.)*)?"`),
    {
      program: { language: "pcre2", text: "^wordpress" },
      messages: [
        String.raw`^(?:Authentication (?:failure|attempt)|XML-RPC authentication (?:failure|attempt)|Blocked (?:authentication attempt|user enumeration attempt)|Pingback error .*|Spammed comment .*|Immediately block connections?|Empty username)(?: for .*)? from ${address}$`,
      ],
    },
  ],
  samples: [
    [line("POST /wp-login.php HTTP/1.1", 200), "198.51.100.66"],
    [
      "Nov 14 18:09:08 web wordpress(www.example.com)[1234]: Authentication failure for admin from 198.51.100.66",
      "198.51.100.66",
    ],
  ],
  notSamples: [line("POST /wp-login.php HTTP/1.1", 302), line("GET /wp-login.php HTTP/1.1", 200)],
  ...guessing,
  line: "WordPress: a login failed",
  description: "WordPress: password guessing",
  groups: ["web", "wordpress", "login_failed"],
};
