import { datagram, flips, formerScan, onConnections, ports } from "../parts.js";
import type { Preset } from "../preset.js";

export const udp: Preset = {
  ...onConnections,
  scan: "udp",
  title: "UDP scan of one host",
  about: "Different UDP ports of one source on one host that gave no answer, or only an ICMP error.",
  protection: `${flips} Datagrams from ports below 1024 are taken for answers of a server; of servers on higher ports that are heard one way only, lower ports than their own have to be touched. Traceroute's ports do not count. The ICMP errors, which go the other way, do not count.`,
  limits:
    "It is noticed when the connections go: 60 s after the last datagram. A scanner that sends from a lower port than it probes is not counted.",
  defaults: { threshold: 15, window: "5 min", source: formerScan },
  per: "pair",
  message: "{source} sent datagrams to {count} ports without an answer",
  pairMessage: "{source} sent datagrams to {count} ports of {target} without an answer",
  description: "Zeek: UDP scan",
  level: 6,
  innocent: null,
  build: ports((c, settings) => c.all(...datagram(c, settings))),
  captures: { must: ["udp"], may: [] },
};
