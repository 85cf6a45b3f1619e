import { histories } from "../histories.js";
import { flips, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const honeypot: Preset = {
  ...onConnections,
  scan: "honeypot",
  title: "Touches of a honeypot",
  about: "Connections with a finished handshake to hosts that nobody has a reason to visit.",
  protection: `${flips} Only finished handshakes count, so that an invented source cannot be named.`,
  limits: "Probes that do not connect are for `darknet`.",
  defaults: { threshold: 1, window: "1 hr", source: "the first one: nobody has a reason" },
  per: null,
  message: "{source} connected to a honeypot",
  description: "Zeek: connection to a honeypot",
  level: 6,
  innocent: null,
  build: (c, { networks }) => ({
    event: "connection_state_remove",
    where: c.all(c.tcp(), c.targetIn(networks), c.history(histories.handshake)),
    key: [c.source],
    count: { kind: "events" },
  }),
  captures: { must: [], may: [] },
  networks: "networks",
};
