import { histories } from "../histories.js";
import { flips, onConnections, ports } from "../parts.js";
import type { Preset } from "../preset.js";

export const bogusFlags: Preset = {
  ...onConnections,
  scan: "bogus-flags",
  title: "Bogus flags",
  about: "Different ports of one source that got a first packet whose flags contradict each other.",
  protection: `${flips} Only the first letter (Q, I) counts, not an oddity in the middle of a connection.`,
  limits: "ECE and CWR leave no trace in conn.log.",
  defaults: { threshold: 3, window: "5 min", source: "three, so that a broken packet or two is no scan" },
  per: "source",
  message: "{source} sent bogus flags to {count} ports",
  pairMessage: "{source} sent bogus flags to {count} ports of {target}",
  description: "Zeek: scan with bogus TCP flags",
  level: 6,
  innocent: null,
  build: ports((c) => c.all(c.tcp(), c.history(histories.bogus))),
  captures: { must: ["bogus", "synfin"], may: [] },
};
