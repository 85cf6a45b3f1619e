import type { Preset } from "../preset.js";

export const httpPaths: Preset = {
  scan: "http-paths",
  title: "HTTP path scanning",
  about: "Different paths that one source asked of one host and that were not there (404); from http.log.",
  protection:
    "Request and answer must both be there: neither an invented address, nor backscatter, nor one half of a transfer has both. Turned connections (`^`) are left out. What stands behind a `?` does not count, so that a page that asks again and again for one missing file stays at one.",
  limits: "HTTPS hides it; so does a server that answers all with 200.",
  defaults: {
    threshold: 25,
    window: "5 min",
    source: "as many pages as the address scan's hosts, in its time",
  },
  per: null,
  message: "{source} asked {target} for {count} pages that are not there",
  description: "Zeek: HTTP path scanning",
  level: 6,
  innocent: null,
  from: "outside",
  groups: ["zeek", "web_scan"],
  networks: null,
  options: { statuses: [404] },
  settings:
    "`statuses`: the answers that count (404); add 400, 403 and 405 for servers that hide what is there.",
  build: (c, { options }) => ({
    event: "http.log",
    where: c.all(c.row.countIn("status_code", options.statuses), c.row.has("uri")),
    key: [c.source, c.target],
    count: { kind: "distinct", of: [c.row.digest(c.row.path("uri"))] },
  }),
  captures: { must: [], may: [] },
};
