import { flips, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const pingFlood: Preset = {
  ...onConnections,
  scan: "ping-flood",
  title: "Ping flood",
  about: "Echo requests of one source to one host, faster than `rate` a second (default 10).",
  protection: `${flips} Answers and errors are no requests. An ordinary ping (one a second) may run for days.`,
  limits: "It is noticed when the exchange goes: 60 s after its last packet.",
  defaults: {
    threshold: 100,
    window: "1 min",
    source:
      "iputils lets ordinary users send five a second at most; 100 packets are ten seconds of the default rate",
  },
  per: null,
  message: "{source} flooded {target} with {count} echo requests",
  description: "Zeek: ping flood",
  level: 6,
  innocent: null,
  build: (c, { rate }) => ({
    event: "connection_state_remove",
    where: c.all(c.echoRequest(), c.fasterThan(rate)),
    key: [c.source, c.target],
    count: { kind: "sum", of: c.packets },
  }),
  captures: { must: ["ping-flood"], may: [] },
};
