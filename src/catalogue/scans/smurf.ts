import { flips, onConnections } from "../parts.js";
import type { Preset } from "../preset.js";

export const smurf: Preset = {
  ...onConnections,
  scan: "smurf",
  title: "Smurf",
  about:
    "Echo requests to a broadcast address: every host there answers to the sender's address, which is the victim's.",
  protection: `${flips} The address that it names is the victim's, so it cannot feed a block.`,
  limits: "Broadcast addresses that do not end in .255 have to be named (`broadcast`).",
  defaults: { threshold: 5, window: "1 min", source: "five packets: one may be an administrator's test" },
  per: null,
  message: "{count} echo requests to {target} in the name of {source}",
  description: "Zeek: smurf (echo requests to a broadcast address)",
  level: 6,
  innocent: "its source is the victim, in whose name somebody else sends",
  build: (c, { networks }) => ({
    event: "connection_state_remove",
    where: c.all(c.echoRequest(), networks.length > 0 ? c.targetIn(networks) : c.targetEndsWith(".255")),
    key: [c.source, c.target],
    count: { kind: "sum", of: c.packets },
  }),
  captures: { must: ["smurf"], may: [] },
  networks: "broadcast",
};
