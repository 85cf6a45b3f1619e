import { flips, formerScan, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const icmpSweep: Preset = {
  ...onConnections,
  scan: "icmp-sweep",
  title: "ICMP sweep",
  about:
    "Different hosts that one source sent an echo, timestamp or address mask request to; at the first packet.",
  protection: `${flips} Answers, errors (backscatter of scans and floods) and IPv6's neighbour discovery are no requests.`,
  limits: "A monitoring host is none of the outside, or exempt with `where`.",
  defaults: { threshold: 25, window: "5 min", source: formerScan },
  per: null,
  message: "{source} pinged {count} hosts",
  description: "Zeek: ICMP sweep",
  level: 6,
  innocent: null,
  build: (c) => ({
    event: "new_connection",
    where: c.icmpRequest(),
    key: [c.source],
    count: { kind: "distinct", of: [c.target] },
  }),
  captures: { must: ["ping-sweep"], may: [] },
};
