import { histories } from "../histories.js";
import { flips, idleClients, lower, onConnections, ports, towardsServer } from "../parts.js";
import type { Preset } from "../preset.js";

export const ack: Preset = {
  ...onConnections,
  scan: "ack",
  title: "ACK and window scans",
  about:
    "Different ports of one source that got nothing but pure ACKs, answered by a RST or not at all. conn.log does not tell the two apart.",
  protection: `${flips} ${lower} An answer other than a RST, as a living connection gives, is no scan. A client whose idle connections are gone (keep-alives) stays below the threshold.`,
  limits:
    "Ports that do not answer are noticed after five minutes, or at the end of a trace. A scanner that sends from a lower port than it probes is not counted, nor are ports from 32768 up.",
  defaults: { threshold: 15, window: "5 min", source: idleClients },
  per: "source",
  message: "{source} sent ACKs out of nowhere to {count} ports",
  pairMessage: "{source} sent ACKs out of nowhere to {count} ports of {target}",
  description: "Zeek: stealth scan (ACK or window)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.ack), towardsServer(c))),
  captures: { must: ["ack", "window"], may: [] },
};
