import { histories } from "../histories.js";
import { flips, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const honeypot: Preset = {
  ...onConnections,
  scan: "honeypot",
  title: "Touches of a honeypot",
  about: "Connections with a finished handshake to hosts that nobody has a reason to visit.",
  protection: `${flips} Only finished handshakes count. An ACK can be sent blindly in another's name, and is then answered by RST: so the honeypot must have sent data or FIN, or not have objected at all.`,
  limits:
    "Probes that do not connect are for `darknet`. A connection that the honeypot itself resets, or whose bytes it acknowledges without a word, is not told from a blind one: let it send a banner. A packet filter between sensor and honeypot that drops blind ACKs hides the objection: put the sensor behind it.",
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
