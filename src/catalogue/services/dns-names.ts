import { answered, dnsOptions, dnsProtection, domainOf, tunnelLimits } from "../dns.js";
import type { Preset } from "../preset.js";

export const dnsNames: Preset = {
  scan: "dns-names",
  title: "DNS tunnelling by the number of names",
  about: "Different names below one domain that one source asked for; from dns.log.",
  protection: dnsProtection,
  limits: tunnelLimits,
  defaults: {
    threshold: 150,
    window: "10 min",
    source:
      "one new name in four seconds below one domain: a tunnel asks several a second, a browser a dozen in all",
  },
  per: null,
  message: "{source} asked for {count} names below {target}",
  description: "Zeek: DNS tunnelling (many names below one domain)",
  level: 6,
  innocent: null,
  from: "inside",
  groups: ["zeek", "dns_tunnel"],
  networks: null,
  options: dnsOptions,
  settings:
    "`allow`: further domains that do not count; `labels`: of a domain that somebody owns (2; 3 for .co.uk).",
  build: (c, { options }) => ({
    event: "dns.log",
    where: answered(c, options),
    key: [c.source, domainOf(c, options)],
    count: { kind: "distinct", of: [c.row.digest(c.row.lower("query"))] },
  }),
  captures: { must: [], may: [] },
};
