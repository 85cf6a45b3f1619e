import { histories } from "../histories.js";
import { flips, idleClients, lower, onConnections, ports, towardsServer } from "../parts.js";
import type { Preset } from "../preset.js";

export const fin: Preset = {
  ...onConnections,
  scan: "fin",
  title: "FIN, Xmas and Maimon scans",
  about:
    "Different ports of one source whose first packet had FIN and no SYN: conn.log does not tell the three apart (history F).",
  protection: `${flips} ${lower} A connection that was seen to begin has other letters. A client whose idle connections are gone (late FINs, keep-alives) stays below the threshold.`,
  limits:
    "Telling the three apart needs the event tcp_packet, for each TCP packet: too dear for a busy link. A scanner that sends from a lower port than it probes is not counted, nor are ports from 32768 up.",
  defaults: { threshold: 15, window: "5 min", source: idleClients },
  per: "source",
  message: "{source} sent FINs out of nowhere to {count} ports",
  pairMessage: "{source} sent FINs out of nowhere to {count} ports of {target}",
  description: "Zeek: stealth scan (FIN, Xmas or Maimon)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.fin), towardsServer(c))),
  captures: { must: ["fin", "maimon", "xmas"], may: [] },
};
