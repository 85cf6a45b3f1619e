import type { Preset } from "../preset.js";

export const sshGuessing: Preset = {
  scan: "ssh-guessing",
  title: "SSH password guessing",
  about: "SSH connections of one source whose logins failed, wherever they went; from ssh.log.",
  protection:
    "A login that fails has exchanged packets both ways, so that neither an invented address, nor backscatter, nor one half of a transfer counts. Turned connections (`^`) are left out. Where packets were lost Zeek says nothing of the outcome, and the connection does not count.",
  limits:
    "Zeek tells failures by the sizes of encrypted packets, and only where it sees both directions; it does not with compression. See `ssh-hammering` for the others.",
  defaults: {
    threshold: 30,
    window: "30 min",
    source: "Zeek's policy/protocols/ssh/detect-bruteforcing: 30 in 30 minutes",
  },
  per: "source",
  message: "{source} failed {count} SSH logins",
  pairMessage: "{source} failed {count} SSH logins at {target}",
  description: "Zeek: SSH password guessing",
  level: 8,
  innocent: null,
  from: "outside",
  groups: ["zeek", "brute_force"],
  networks: null,
  build: (c, { pair }) => ({
    event: "ssh.log",
    where: c.row.isFalse("auth_success"),
    key: pair ? [c.source, c.target] : [c.source],
    count: { kind: "events" },
  }),
  captures: { must: [], may: [] },
};
