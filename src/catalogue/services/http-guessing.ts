import type { Preset } from "../preset.js";

export const httpGuessing: Preset = {
  scan: "http-guessing",
  title: "HTTP password guessing",
  about:
    "Refused passwords of one source: forms sent to a page that asks for one, and basic authentication that got 401; from http.log.",
  protection:
    "Request and answer must both be there: neither an invented address, nor backscatter, nor one half of a transfer has both. Turned connections (`^`) are left out. A redirect (302, 303), which most forms give after the right password, does not count.",
  limits:
    "HTTPS hides it. Many forms answer a wrong password with 200, so that this counts; where the right one gives 200, too, set `statuses`. Pages behind the login are no `paths`: whoever works there sends forms all day (WordPress' `/wp-admin/admin-ajax.php` every minute).",
  defaults: {
    threshold: 20,
    window: "15 min",
    source: "as Zeek's detect-bruteforcing of FTP: 20 in 15 minutes",
  },
  per: "source",
  message: "{source} sent {count} passwords to web pages in vain",
  pairMessage: "{source} sent {count} passwords to web pages of {target} in vain",
  description: "Zeek: HTTP password guessing",
  level: 8,
  innocent: null,
  from: "outside",
  groups: ["zeek", "brute_force"],
  networks: null,
  options: {
    paths: ["login", "logon", "signin", "sign-in"],
    statuses: [200, 401, 403],
  },
  settings:
    "`paths`: one of these is in the path, in whatever case (`login`, `logon`, `signin`, `sign-in`); `statuses`: the answers to a form that count (200, 401, 403).",
  build: (c, { pair, options }) => ({
    event: "http.log",
    where: c.any(
      c.all(
        c.row.textIs("method", "POST"),
        c.row.countIn("status_code", options.statuses),
        c.row.has("uri"),
        c.row.holdsOne(c.row.lowerPath("uri"), options.paths),
      ),
      c.all(c.row.has("username"), c.row.countIn("status_code", [401])),
    ),
    key: pair ? [c.source, c.target] : [c.source],
    count: { kind: "events" },
  }),
  captures: { must: [], may: [] },
};
