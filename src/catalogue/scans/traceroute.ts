import { flips, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const traceroute: Preset = {
  ...onConnections,
  scan: "traceroute",
  title: "Traceroute",
  about: "Different UDP ports within traceroute's range, of one source on one host, without an answer.",
  protection: `${flips} The ICMP errors, which go the other way, do not count.`,
  limits: "TCP and ICMP traceroutes look like one connection, one ping.",
  defaults: { threshold: 5, window: "1 min", source: "two hops: three probes each" },
  per: null,
  message: "{source} traced the route to {target} ({count} probes)",
  description: "Zeek: traceroute",
  level: 3,
  innocent: null,
  build: (c, { traceroutePorts }) => ({
    event: "connection_state_remove",
    where: c.all(c.udp(), c.historyIs("D"), c.targetPortWithin(...traceroutePorts)),
    key: [c.source, c.target],
    count: { kind: "distinct", of: [c.targetPort] },
  }),
  captures: { must: ["traceroute"], may: [] },
};
