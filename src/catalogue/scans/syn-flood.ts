import { histories } from "../histories.js";
import { flips, onConnections, oneway } from "../parts.js";
import type { Preset } from "../preset.js";

export const synFlood: Preset = {
  ...onConnections,
  scan: "syn-flood",
  title: "SYN flood",
  about: "Connections of one source to one port of one host without a handshake.",
  protection: `${flips} ${oneway} A repeated SYN of one connection counts once.`,
  limits:
    "A flood from invented sources spreads over them and is not seen: none of them is the sender, and to block them is to help it.",
  defaults: {
    threshold: 100,
    window: "10 sec",
    source: "ten a second, beyond any client that tries again",
  },
  per: null,
  message: "{source} began {count} connections and finished none",
  description: "Zeek: SYN flood",
  level: 6,
  innocent: null,
  build: (c) => ({
    event: "connection_state_remove",
    where: c.all(c.tcp(), c.history(histories.unfinished)),
    key: [c.source, c.target, c.targetPort],
    count: { kind: "events" },
  }),
  captures: { must: ["synflood"], may: [] },
};
