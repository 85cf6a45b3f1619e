import { histories } from "../histories.js";
import { flips, formerScan, onConnections, oneway } from "../parts.js";
import type { Preset } from "../preset.js";

export const address: Preset = {
  ...onConnections,
  scan: "address",
  title: "Address scan (one port, many hosts)",
  about: "Different hosts on which one source probed the same TCP port: silent, refused, or half-open.",
  protection: `${flips} ${oneway} Finished handshakes do not count, so that a browser or a mail server with many peers is none.`,
  limits: "Hosts that let the source connect are not counted.",
  defaults: { threshold: 25, window: "5 min", source: formerScan },
  per: null,
  message: "{source} probed one port of {count} hosts",
  description: "Zeek: address scan (one port, many hosts)",
  level: 6,
  innocent: null,
  build: (c) => ({
    event: "connection_state_remove",
    where: c.all(c.tcp(), c.history(histories.probed)),
    key: [c.source, c.targetPort],
    count: { kind: "distinct", of: [c.target] },
  }),
  captures: { must: ["addr-sweep", "addr-sweep-closed"], may: [] },
};
