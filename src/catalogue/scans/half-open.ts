import { histories } from "../histories.js";
import { flips, onConnections, oneway, ports, scanExample } from "../parts.js";
import type { Preset } from "../preset.js";

export const halfOpen: Preset = {
  ...onConnections,
  scan: "half-open",
  title: "Half-open scan of filtered ports (S0)",
  about: "Different TCP ports of one source whose SYN stayed without any answer.",
  protection: `${flips} ${oneway} A repeated SYN is the same port. UDP (S0, too) does not count.`,
  limits:
    "Closed and open ports answer: see `rejected` and `connect`. An invented source cannot be recognised.",
  defaults: { threshold: 5, window: "1 min", source: scanExample },
  per: "source",
  message: "{source} sent SYNs to {count} ports without an answer",
  pairMessage: "{source} sent SYNs to {count} ports of {target} without an answer",
  description: "Zeek: half-open scan (ports in state S0)",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.silent))),
  captures: { must: ["connect", "frag", "random-scan", "syn-filtered", "syn6"], may: [] },
};
