import { histories } from "../histories.js";
import { flips, onConnections, oneway } from "../parts.js";
import type { Preset } from "../preset.js";

export const slow: Preset = {
  ...onConnections,
  scan: "slow",
  title: "Slow scan over hours",
  about: "Different pairs of host and TCP port that one source probed within hours.",
  protection: `${flips} ${oneway} Finished handshakes do not count. Memory: at most as many pairs a source as the threshold.`,
  limits: "Every fast scan counts, too; slower than the threshold in a window is not seen.",
  defaults: {
    threshold: 30,
    window: "6 hr",
    source: "one probe in twelve minutes, as nmap -T0 (one in five) stays above",
  },
  per: null,
  message: "{source} probed {count} ports and hosts over hours",
  description: "Zeek: slow scan",
  level: 6,
  innocent: null,
  build: (c) => ({
    event: "connection_state_remove",
    where: c.all(c.tcp(), c.history(histories.probed)),
    key: [c.source],
    count: { kind: "distinct", of: [c.target, c.targetPort] },
  }),
  captures: {
    must: ["addr-sweep", "addr-sweep-closed", "connect", "random-scan", "syn-closed", "syn-filtered", "syn6"],
    may: ["frag"],
  },
};
