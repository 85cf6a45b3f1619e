import { flips, keyOf, lower, onConnections, pairExample, probe } from "../parts.js";
import type { Preset } from "../preset.js";

export const anyState: Preset = {
  ...onConnections,
  scan: "any-state",
  title: "Port scan of one host, of any kind",
  about:
    "Different TCP and UDP ports of one source on one host, at the first packet, whatever becomes of it: the published script of the example zeek-pair-scan, without its false alarms.",
  protection: `${flips} First packets with SYN-ACK, RST or data (backscatter, the middle of a transfer) do not count. ${lower} Datagrams from ports below 1024 (answers) and to traceroute's ports do not count.`,
  limits: "A busy client of twenty services of one host is no scanner: exempt it with `where`.",
  defaults: { threshold: 20, window: "5 min", source: pairExample },
  per: "pair",
  message: "{source} probed {count} ports",
  pairMessage: "{source} probed {count} ports of {target}",
  description: "Zeek: port scan of any kind",
  level: 6,
  innocent: null,
  build: (c, settings) => ({
    event: "new_connection",
    where: probe(c, settings),
    key: keyOf(c, settings),
    count: { kind: "distinct", of: [c.targetPort] },
  }),
  captures: {
    must: [
      "ack",
      "connect",
      "fin",
      "frag",
      "maimon",
      "null",
      "syn-closed",
      "syn-filtered",
      "syn6",
      "udp",
      "window",
      "xmas",
    ],
    may: [],
  },
};
