import { flips, onConnections, probe } from "../parts.js";
import type { Preset } from "../preset.js";

export const darknet: Preset = {
  ...onConnections,
  scan: "darknet",
  title: "Touches of a darknet",
  about:
    "Different pairs of host and port in networks where nothing lives that one source probed; at the first packet.",
  protection: `${flips} First packets with SYN-ACK, RST or data, answers and ICMP errors (the backscatter that a darknet is full of) do not count.`,
  limits: "An invented source cannot be recognised: nobody answers.",
  defaults: { threshold: 3, window: "1 hr", source: "three, so that one mistyped address is no scan" },
  per: null,
  message: "{source} touched {count} addresses or ports of a darknet",
  description: "Zeek: touches of a darknet",
  level: 6,
  innocent: null,
  build: (c, settings) => ({
    event: "new_connection",
    where: c.all(c.targetIn(settings.networks), c.any(probe(c, settings), c.icmpRequest())),
    key: [c.source],
    count: { kind: "distinct", of: [c.target, c.targetPort] },
  }),
  captures: { must: [], may: [] },
  networks: "networks",
};
