import { histories } from "../histories.js";
import { flips, formerScan, onConnections, oneway } from "../parts.js";
import type { Preset } from "../preset.js";

export const random: Preset = {
  ...onConnections,
  scan: "random",
  title: "Random scan (hosts × ports)",
  about: "Different pairs of host and TCP port that one source probed: silent, refused, or half-open.",
  protection: `${flips} ${oneway} Finished handshakes do not count.`,
  limits: "Every scan of ports or hosts alone counts, too.",
  defaults: { threshold: 25, window: "5 min", source: formerScan },
  per: null,
  message: "{source} probed {count} ports and hosts",
  description: "Zeek: random scan (hosts and ports)",
  level: 6,
  innocent: null,
  build: (c) => ({
    event: "connection_state_remove",
    where: c.all(c.tcp(), c.history(histories.probed)),
    key: [c.source],
    count: { kind: "distinct", of: [c.target, c.targetPort] },
  }),
  captures: {
    must: ["random-scan"],
    may: ["addr-sweep", "addr-sweep-closed", "connect", "frag", "syn-closed", "syn-filtered", "syn6"],
  },
};
