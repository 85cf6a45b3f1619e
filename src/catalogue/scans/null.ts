import { histories } from "../histories.js";
import { flips, lower, onConnections, ports, scanExample, towardsServer } from "../parts.js";
import type { Preset } from "../preset.js";

export const nullScan: Preset = {
  ...onConnections,
  scan: "null",
  title: "NULL scan",
  about:
    "Different ports of one source whose packets had none of SYN, FIN, RST and ACK: NULL, or PSH and URG alone.",
  protection: `${flips} ${lower}`,
  limits:
    "Ports that do not answer are noticed after five minutes, or at the end of a trace. A scanner that sends from a lower port than it probes is not counted, nor are ports from 32768 up.",
  defaults: { threshold: 5, window: "1 min", source: scanExample },
  per: "source",
  message: "{source} sent packets without flags to {count} ports",
  pairMessage: "{source} sent packets without flags to {count} ports of {target}",
  description: "Zeek: stealth scan (NULL)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.any(c.historyIs(""), c.history(histories.nothing)), towardsServer(c))),
  captures: { must: ["null"], may: [] },
};
