import { histories } from "../histories.js";
import { flips, formerScan, onConnections, oneway, ports } from "../parts.js";
import type { Preset } from "../preset.js";

export const rejected: Preset = {
  ...onConnections,
  scan: "rejected",
  title: "Scan of closed ports (REJ)",
  about: "Different TCP ports of one source whose SYN was answered by a RST.",
  protection: `${flips} ${oneway} A client that tries one closed port again and again stays at one.`,
  limits: "Filtered ports do not answer: see `half-open`.",
  defaults: { threshold: 15, window: "5 min", source: formerScan },
  per: "source",
  message: "{source} was refused on {count} ports",
  pairMessage: "{source} was refused on {count} ports of {target}",
  description: "Zeek: scan of closed ports (REJ)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.refused))),
  captures: { must: ["connect", "frag", "syn-closed", "syn6"], may: [] },
};
