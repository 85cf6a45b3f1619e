import { defineBundle, list, osRegex, pcre2, raw } from "zopf";

const admins = list({ name: "admins", entries: ["alice", "bob", "root"] });

// The twelve rules and four decoders of by-hand/, as a bundle: the same verdict on every line.
export default defineBundle({
  name: "local",
  ossec: { home: "/var/ossec" },
  detections: [
    {
      kind: "rule",
      name: "Root_From_Outside",
      under: { rules: [5715] },
      where: { user: "root", srcip: "!10.0.0.0/8" },
      effect: { raise: 12 },
      samples: [
        "Nov 18 12:00:00 web sshd[812]: Accepted password for root from 198.51.100.66 port 50022 ssh2",
      ],
      rule: { id: 110001, groups: ["local", "sshd"], description: "sshd: root logged in from outside" },
    },
    {
      kind: "rule",
      name: "Root_Guessed",
      under: { rules: [5716] },
      where: { user: "root" },
      effect: { raise: 10 },
      samples: ["Nov 18 12:00:00 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2"],
      rule: { id: 110002, groups: ["local", "sshd"], description: "sshd: a password of root's was tried" },
    },
    {
      kind: "rule",
      name: "Monitoring",
      under: { rules: [5710] },
      where: { srcip: "192.0.2.60" },
      effect: { lower: 2 },
      samples: [
        "Nov 18 12:00:00 web sshd[812]: Failed password for invalid user check from 192.0.2.60 port 50022 ssh2",
      ],
      rule: {
        id: 110003,
        groups: ["local", "sshd"],
        description: "sshd: the monitoring logs in with a user that is none",
      },
    },
    {
      kind: "rule",
      name: "Login_At_Night",
      under: { rules: [5715] },
      time: "22:00-06:00",
      effect: { raise: 9 },
      rule: { id: 110004, groups: ["local", "sshd"], description: "sshd: login at night" },
    },
    {
      kind: "rule",
      name: "No_Administrator",
      under: { rules: [5715] },
      where: { user: { notIn: admins } },
      effect: { raise: 8 },
      rule: {
        id: 110005,
        groups: ["local", "sshd"],
        description: "sshd: login of somebody who is no administrator",
      },
    },
    {
      kind: "sequence",
      name: "Guessed_Then_Login",
      first: { rule: 5716 },
      times: 4,
      next: { rule: 5715 },
      within: "10 min",
      per: "source",
      rule: {
        id: 110006,
        level: 13,
        groups: ["local", "sshd"],
        description: "sshd: guessed, then logged in",
      },
    },
    {
      kind: "rule",
      name: "Our_Scanner",
      under: { rules: [31101] },
      where: { srcip: "192.0.2.50" },
      effect: { silence: true },
      rule: { id: 110007, groups: ["local", "web"], description: "our own scanner" },
    },
    {
      kind: "log",
      name: "Shop_Login_Failed",
      program: "shop",
      prematch: osRegex("^login failed: "),
      regex: osRegex`^(\S+) from (\S+)$`,
      order: ["user", "srcip"],
      samples: ["Nov 18 12:00:00 web shop[3]: login failed: carol from 198.51.100.66"],
      rule: { id: 110008, level: 6, groups: ["local", "shop"], description: "shop: login failed" },
    },
    {
      kind: "burst",
      name: "Shop_Guessing",
      of: { detection: "Shop_Login_Failed" },
      events: 6,
      within: "2 min",
      per: "source",
      rule: {
        id: 110009,
        level: 10,
        groups: ["local", "shop"],
        description: "shop: six failed logins of one source",
      },
    },
    {
      kind: "log",
      name: "Backup_Failed",
      program: "backup",
      regex: osRegex`^job (\S+) ended with status (\d+)$`,
      order: ["extra_data", "status"],
      where: { status: pcre2`^(?!0\z)` },
      samples: ["Nov 18 12:00:00 web backup[4]: job home ended with status 2"],
      notSamples: ["Nov 18 12:00:00 web backup[4]: job home ended with status 0"],
      rule: { id: 110010, level: 7, groups: ["local"], description: "backup: a job failed", mail: true },
    },
    {
      kind: "log",
      name: "Door_At_Weekend",
      log: "/var/log/door.log",
      prematch: osRegex`^door \d+: `,
      regex: osRegex`^(\w+) by (\S+)$`,
      order: ["action", "user"],
      where: { action: "opened" },
      weekdays: ["saturday", "sunday"],
      samples: ["door 3: opened by carol"],
      notSamples: ["door 3: closed by carol"],
      rule: { id: 110011, level: 6, groups: ["local"], description: "door: opened at the weekend" },
    },
  ],
  // The language has no condition on a line's length.
  raw: [
    raw({
      name: "Appfw",
      decoders: String.raw`
<decoder name="appfw">
  <program_name>^appfw$</program_name>
  <prematch>^\w+ src=\S+ dst=\S+ </prematch>
  <regex>^(\w+) src=(\S+) dst=(\S+) </regex>
  <order>action, srcip, dstip</order>
</decoder>`,
      rules: `
<group name="local,">
  <rule id="110012" level="8" maxsize="120">
    <decoded_as>appfw</decoded_as>
    <action>BLOCK</action>
    <description>appfw: a long request was blocked</description>
  </rule>
</group>`,
    }),
  ],
});
