import { histories } from "../histories.js";
import { flips, onConnections, ports } from "../parts.js";
import type { Preset } from "../preset.js";

export const synFin: Preset = {
  ...onConnections,
  scan: "syn-fin",
  title: "SYN with FIN",
  about:
    "Different ports of one source that got SYN and FIN in one packet (or SYN and RST: the same letter Q).",
  protection: `${flips} No program sends such packets; a RST that answers them is the other side's.`,
  limits: "With further flags it is `bogus-flags`.",
  defaults: { threshold: 3, window: "5 min", source: "three, so that a broken packet or two is no scan" },
  per: "source",
  message: "{source} sent SYN with FIN to {count} ports",
  pairMessage: "{source} sent SYN with FIN to {count} ports of {target}",
  description: "Zeek: scan with SYN and FIN",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.synFin))),
  captures: { must: ["synfin"], may: [] },
};
