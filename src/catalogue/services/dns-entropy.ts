import { answered, beforeDomain, dnsOptions, dnsProtection, domainOf, tunnelLimits } from "../dns.js";
import type { Preset } from "../preset.js";

export const dnsEntropy: Preset = {
  scan: "dns-entropy",
  title: "DNS tunnelling by entropy",
  about:
    "Different names below one domain that one source asked for and that are long and without pattern before the domain: encoded data; from dns.log.",
  protection: dnsProtection,
  limits: `${tunnelLimits} A tunnel of words, or of short names, is found by \`dns-names\`; names of content networks and of virus scanners may be as long and as random: add their domains to \`allow\`.`,
  defaults: {
    threshold: 20,
    window: "10 min",
    source:
      "twenty names of 24 bytes at 3.5 bits: hexadecimal digits have 3.6 at that length, base32 4.1, words below 3.4",
  },
  per: null,
  message: "{source} asked for {count} random names below {target}",
  description: "Zeek: DNS tunnelling (random names below one domain)",
  level: 6,
  innocent: null,
  from: "inside",
  groups: ["zeek", "dns_tunnel"],
  networks: null,
  options: { ...dnsOptions, length: 24, bits: 3.5 },
  settings:
    "`length`: bytes before the domain, at least (24); `bits`: entropy a byte, at least (3.5; up to 8); `allow`, `labels`: as of `dns-names`.",
  build: (c, { options }) => ({
    event: "dns.log",
    where: c.all(
      c.row.has("query"),
      c.row.atLeast(c.row.bytes(c.row.lower("query")), options.length),
      answered(c, options),
      c.row.atLeast(c.row.bytes(beforeDomain(c, options)), options.length),
      c.row.bitsAtLeast(beforeDomain(c, options), options.bits),
    ),
    key: [c.source, domainOf(c, options)],
    count: { kind: "distinct", of: [c.row.digest(c.row.lower("query"))] },
  }),
  captures: { must: [], may: [] },
};
