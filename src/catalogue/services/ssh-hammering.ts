import { flips } from "../parts.js";
import type { Preset } from "../preset.js";

export const sshHammering: Preset = {
  scan: "ssh-hammering",
  title: "SSH connections, one after the other",
  about:
    "Connections of one source to the SSH port of one host, with a finished handshake and data both ways, from conn.log alone: for sensors that cannot tell whether logins succeed.",
  protection: `${flips} Only connections that were seen to begin and carried data both ways count: no backscatter, no half of a transfer, no scan.`,
  limits:
    "Programs that log in all the time (Ansible, git, monitoring) look the same: leave their addresses out with `where`.",
  defaults: {
    threshold: 30,
    window: "5 min",
    source: "thirty as Zeek's detect-bruteforcing, in a sixth of its time, since successes count, too",
  },
  per: null,
  message: "{source} connected {count} times to SSH at {target}",
  description: "Zeek: SSH connections, one after the other",
  level: 6,
  innocent: null,
  from: "outside",
  groups: ["zeek", "brute_force"],
  networks: null,
  options: { port: "22/tcp" },
  settings: "`port`: the port of SSH (`22/tcp`).",
  build: (c, { options }) => ({
    event: "connection_state_remove",
    where: c.all(c.targetPortIs(options.port), c.history("S.*h.*(D.*d|d.*D).*")),
    key: [c.source, c.target],
    count: { kind: "events" },
  }),
  captures: { must: [], may: [] },
};
