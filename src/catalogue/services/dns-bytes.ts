import { answered, dnsOptions, dnsProtection, domainOf, tunnelLimits } from "../dns.js";
import type { Preset } from "../preset.js";

export const dnsBytes: Preset = {
  scan: "dns-bytes",
  title: "DNS tunnelling by volume",
  about:
    "Bytes of the names below one domain that one source asked for, each time that it did; from dns.log.",
  protection: dnsProtection,
  limits: `${tunnelLimits} A name that is asked for again counts again.`,
  defaults: {
    threshold: 50_000,
    window: "10 min",
    source: "three hundred names of 160 bytes, as tunnels make them: 50 kB",
  },
  per: null,
  message: "{source} asked for {count} bytes of names below {target}",
  description: "Zeek: DNS tunnelling (bytes below one domain)",
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
    count: { kind: "sum", of: c.row.bytes(c.row.lower("query")) },
  }),
  captures: { must: [], may: [] },
};
