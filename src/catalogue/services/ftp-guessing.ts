import type { Preset } from "../preset.js";

export const ftpGuessing: Preset = {
  scan: "ftp-guessing",
  title: "FTP password guessing",
  about: "Users and passwords of one source that FTP servers refused (replies 500 to 599); from ftp.log.",
  protection:
    "A refusal is an answer within a connection: neither an invented address, nor backscatter, nor one half of a transfer has one. Turned connections (`^`) are left out. A lost reply is no refusal.",
  limits:
    "Zeek leaves USER and PASS out of ftp.log, so that the script adds them (`redef FTP::logged_commands`): two more rows a login, with the password hidden unless the user is anonymous. Logs of a sensor without the script have nothing to replay. A row is written with the next command.",
  defaults: {
    threshold: 20,
    window: "15 min",
    source: "Zeek's policy/protocols/ftp/detect-bruteforcing: 20 in 15 minutes",
  },
  per: "source",
  message: "{source} was refused {count} FTP logins",
  pairMessage: "{source} was refused {count} FTP logins at {target}",
  description: "Zeek: FTP password guessing",
  level: 8,
  innocent: null,
  from: "outside",
  groups: ["zeek", "brute_force"],
  networks: null,
  build: (c, { pair }) => ({
    event: "ftp.log",
    where: c.all(c.row.textIn("command", ["PASS", "USER"]), c.row.countWithin("reply_code", 500, 599)),
    key: pair ? [c.source, c.target] : [c.source],
    count: { kind: "events" },
  }),
  captures: { must: [], may: [] },
};
