import { histories } from "../histories.js";
import { flips, formerScan, onConnections, oneway, ports } from "../parts.js";
import type { Preset } from "../preset.js";

export const connect: Preset = {
  ...onConnections,
  scan: "connect",
  title: "Connect or SYN scan, whatever the ports answer",
  about:
    "Different TCP ports of one source to which it sent a SYN and not one byte: refused, silent, or opened and closed at once. " +
    "A connect scan differs from a SYN scan only at open ports, in one ACK.",
  protection: `${flips} ${oneway} Connections with data or with a gap in the capture do not count.`,
  limits: "A scan that sends data to open ports is counted at the others alone.",
  defaults: { threshold: 15, window: "5 min", source: formerScan },
  per: "source",
  message: "{source} tried {count} ports and sent nothing",
  pairMessage: "{source} tried {count} ports of {target} and sent nothing",
  description: "Zeek: port scan (SYN or connect)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.dataless))),
  captures: {
    must: ["connect", "frag", "random-scan", "syn-closed", "syn-filtered", "syn6"],
    may: [],
  },
};
