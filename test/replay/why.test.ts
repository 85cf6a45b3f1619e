/** Mistakes that people make, each of which must be named: by the build, or by what `replay` says of the silence. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { type ReplayInput, replay, silences } from "../../src/replay/replay.js";
import type { CauseName, Why } from "../../src/replay/why.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { silenceText, whyJson, whyText } from "../../src/report/why.js";
import { bundleText, workspace } from "../compiler/workspace.js";

const fields =
  "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\thistory";
const header = (names = fields): string =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${names}\n` +
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tstring\tstring\n";

interface Probe {
  readonly source?: string;
  readonly ports?: readonly number[];
  readonly every?: number;
  readonly state?: string;
  readonly history?: string;
  readonly origPort?: (index: number) => number;
}

const start = 1_781_175_600;

function probes({
  source = "66.132.172.191",
  ports = [1, 2, 3, 4, 5, 6],
  every = 1,
  state = "S0",
  history = "S",
  origPort = () => 40000,
}: Probe = {}): string {
  return ports
    .map(
      (port, at) =>
        `${start + at * every}.000000\tC${at}\t${source}\t${origPort(at)}\t162.212.157.188\t${port}\ttcp\t-\t-\t${state}\t${history}\n`,
    )
    .join("");
}

const where = 'c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h)';
const state = 'c.conn?.conn_state === "S0"';

interface Mistake {
  readonly name: string;
  /** Changes of the standard bundle, or a bundle of its own. */
  readonly change?: Readonly<Record<string, string>>;
  readonly bundle?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly zeek?: readonly string[];
  readonly syslog?: readonly string[];
  readonly ossec?: string;
  /** The detection that is silent; default: the first. */
  readonly detection?: string;
  readonly cause: CauseName;
  readonly says: RegExp;
}

const conn = (probe?: Probe): Readonly<Record<string, string>> => ({ "conn.log": header() + probes(probe) });

const rows: readonly Mistake[] = [
  {
    name: "a condition that is never true",
    change: {
      [state]: `${state} && port_to_count(c.id.resp_p) > 100 && port_to_count(c.id.resp_p) < 50`,
      "import { Site": "import { port_to_count, Site",
    },
    files: conn({ ports: [200, 201, 202] }),
    cause: "condition",
    says: /all 3 rows fell at port_to_count\(c\.id\.resp_p\) < 50 \(.*conn\.log:8, c\.id\.resp_p = 200\/tcp\)/,
  },
  {
    name: "a value that the log does not have",
    change: { [state]: 'c.conn?.conn_state === "RSTO"' },
    files: conn(),
    cause: "condition",
    says: /all 6 rows fell at c\.conn\.conn_state === "RSTO" \(.*conn\.log:8, c\.conn\.conn_state = S0\)/,
  },
  {
    name: "the wrong log",
    change: {
      'event: "connection_state_remove"': 'event: "ssh.log"',
      [where]: "c.auth_success === false",
      "c.id.resp_p": "c.id.resp_h",
    },
    files: conn(),
    cause: "log-not-given",
    says: /none of the given logs is ssh\.log; given: conn\.log/,
  },
  {
    name: "a source in a network of documents, which Zeek takes for local",
    files: conn({ source: "198.51.100.7" }),
    cause: "local-source",
    says: /all 6 rows were left out: c\.id\.orig_h is in Site::local_nets \(.*c\.id\.orig_h = 198\.51\.100\.7\), in 198\.51\.100\.0\/24, a network of documents/,
  },
  {
    name: "a source at home",
    files: conn({ source: "192.168.3.4" }),
    cause: "local-source",
    says: /in 192\.168\.0\.0\/16, a private network/,
  },
  {
    name: "a source in the site's own networks",
    change: { 'noticeLog: "dedicated"': 'noticeLog: "dedicated", localNets: ["66.132.0.0/16"]' },
    files: conn(),
    cause: "local-source",
    says: /in 66\.132\.0\.0\/16, the site's own/,
  },
  {
    name: "only sources of the site's own networks",
    change: { "!Site.local_nets.has": "Site.local_nets.has" },
    files: conn(),
    cause: "not-local",
    says: /c\.id\.orig_h is not in Site::local_nets/,
  },
  {
    name: "a column that is spelt otherwise in the log",
    files: { "conn.log": header(fields.replace("conn_state", "conn_sate")) + probes() },
    cause: "column-missing",
    says: /conn\.log has no column conn_state/,
  },
  {
    name: "a column of a declared log that is spelt otherwise there",
    change: {
      "import { Site": "import { onLog, zeekLog, Site",
      'detections: [{\n    kind: "zeek",': "detections: [onLog(modbus, {",
      '    event: "connection_state_remove",\n': "",
      "  }],\n  responses": "  })],\n  responses",
      [where]: 'c.func === "READ"',
      "c.id.orig_h,": "c.src,",
      "c.id.resp_p": "c.dst",
      "export default":
        'const modbus = zeekLog({ path: "modbus", event: "Modbus::log_modbus", record: "Modbus::Info", columns: { ts: "time", src: "addr", dst: "addr", func: "string" } });\nexport default',
    },
    files: {
      "modbus.log":
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tmodbus\n#fields\tts\tsrc\tdst\tfnc\n#types\ttime\taddr\taddr\tstring\n1781175600.0\t66.132.172.191\t162.212.157.188\tREAD\n",
    },
    cause: "column-missing",
    says: /modbus\.log has no column func/,
  },
  {
    name: "a field that is never set",
    change: { [state]: 'c.conn?.service === "ssh"' },
    files: conn(),
    cause: "never-set",
    says: /c\.conn\.service is not set in any of them/,
  },
  {
    name: "connections whose ends Zeek has swapped",
    files: conn({ history: "^h" }),
    cause: "turned",
    says: /whose ends Zeek has swapped/,
  },
  {
    name: "an event that no log tells",
    change: { 'event: "connection_state_remove"': 'event: "connection_attempt"', [state]: "true" },
    files: conn(),
    cause: "not-replayable",
    says: /does not tell when the event connection_attempt came/,
  },
  {
    name: "a log without rows",
    files: { "conn.log": header() },
    cause: "no-rows",
    says: /conn\.log has no row/,
  },
  {
    name: "no log at all for a Zeek detection",
    files: { "x.log": "Jun 11 11:00:00 host prog: x\n" },
    syslog: ["x.log"],
    cause: "log-not-given",
    says: /none of the given logs is conn\.log; given: none/,
  },
  {
    name: "a key that every event has for itself",
    change: {
      "per: (c) => c.id.orig_h": "per: (c) => [c.id.orig_h, c.id.orig_p]",
      "hit.key}": "hit.key[0]}",
    },
    files: conn({ origPort: (at) => 40000 + at }),
    cause: "key-too-fine",
    says: /6 different keys \(c\.id\.orig_h, c\.id\.orig_p\), none of them with more than 1 event/,
  },
  {
    name: "a counted field that does not change",
    change: { "c.id.resp_p }": "c.id.resp_h }" },
    files: conn(),
    cause: "same-value",
    says: /66\.132\.172\.191 had 6 events with 1 different value of c\.id\.resp_h/,
  },
  {
    name: "a window shorter than the time between two events",
    change: { '"1 min"': '"10 sec"' },
    files: conn({ every: 20 }),
    cause: "window",
    says: /the most of one key was 1 of 5.*without the window of 10 sec it would have been 6 of 66\.132\.172\.191, within 100 s/,
  },
  {
    name: "a threshold that nobody reaches",
    change: { "threshold: 5": "threshold: 9" },
    files: conn(),
    cause: "below-threshold",
    says: /6 events counted; the most of one key was 6 of 9, 66\.132\.172\.191 at 2026-06-11T11:00:05/,
  },
  {
    name: "some rows below the threshold, the others of a local source",
    files: {
      "conn.log":
        header() + probes({ ports: [1, 2, 3] }) + probes({ source: "10.0.0.9", ports: [1, 2, 3, 4, 5, 6] }),
    },
    cause: "below-threshold",
    says: /the most of one key was 3 of 5.*6 rows more were left out, with c\.id\.orig_h in Site::local_nets/,
  },
  {
    name: "notices from a notice log that has none",
    files: {
      "zopf_perimeter.log": '{"ts":1781175852.7,"note":"Other::Thing","msg":"x","src":"66.132.172.191"}\n',
    },
    cause: "notices-taken",
    says: /notices are taken from .*zopf_perimeter\.log/,
  },
];

const logBundle = (more = "", change: Readonly<Record<string, string>> = {}): string => {
  let text = `import { defineBundle, nftables, osMatch, pcre2 } from "zopf";
export default defineBundle({
  name: "ssh-watch",
  ossec: { home: "/var/ossec", version: "4.3", firstRuleId: 104800 },
  firewall: nftables({ table: "watch" }),
  neverBlock: ["192.0.2.1"],
  ownAddresses: ["192.0.2.1"],
  detections: [
    {
      kind: "log",
      name: "Failed_Password",
      log: "/var/log/auth.log",
      program: osMatch("^sshd$"),
      regex: pcre2\`^Failed password for (\\S+) from ([0-9a-f.:]+) port (\\d+) ssh2$\`,
      order: ["user", "srcip", "srcport"],
      samples: ["Nov 14 18:09:08 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2"],
      rule: { level: 5, groups: ["sshd"], description: "a password was wrong" },
    },${more}
  ],
  responses: [],
});
`;
  for (const [from, to] of Object.entries(change)) text = text.replace(from, to);
  return text;
};

const burst = `
    {
      kind: "burst",
      name: "Guessing",
      of: { detection: "Failed_Password" },
      events: 4,
      within: "1 min",
      per: "source",
      rule: { level: 10, groups: ["sshd"], description: "guessing" },
    },`;

/** Failed logins, so many seconds apart. */
const auth = (every: number, sources: readonly string[], program = "sshd[812]"): string =>
  sources
    .map((source, at) => {
      const time = new Date((start + at * every) * 1000).toISOString().slice(11, 19);
      return `Jun 11 ${time} web ${program}: Failed password for root from ${source} port ${50_000 + at} ssh2\n`;
    })
    .join("");

const home = {
  "home/etc/ossec.conf":
    "<ossec_config><rules><include>rules_config.xml</include><include>sshd_rules.xml</include><include>local_rules.xml</include></rules></ossec_config>\n",
  "home/etc/decoder.xml":
    '<decoder name="zz"><program_name>^zz</program_name></decoder>\n<decoder name="y"><prematch>zz_never</prematch></decoder>\n',
  "home/rules/rules_config.xml":
    '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>\n',
  "home/rules/sshd_rules.xml":
    '<group name="local,"><rule id="5700" level="9"><match>Failed password</match><description>theirs</description></rule></group>\n',
};

const lines: Mistake[] = [
  {
    name: "lines of a program that the decoder does not ask for",
    bundle: logBundle(),
    files: { "auth.log": auth(5, ["198.51.100.66"], "sshd-session[812]") },
    syslog: ["auth.log"],
    cause: "no-decoder",
    says: /its decoder took none of 1 line: 1 was taken by none; zopf-ssh-watch_log_failed_password did not meet program_name: wanted \^sshd\$, found 'sshd-session' \(.*auth\.log:1\)/,
  },
  {
    name: "a condition of the rule that the lines do not meet",
    bundle: logBundle("", {
      "rule: { level: 5": 'match: osMatch("preauth"), rule: { level: 5',
      "samples: [":
        'samples: ["Nov 14 18:09:08 web sshd[812]: Failed password for preauth from 198.51.100.66 port 50022 ssh2"], notSamples: [',
    }),
    files: { "auth.log": auth(5, ["198.51.100.66", "198.51.100.67"]) },
    syslog: ["auth.log"],
    cause: "rule-condition",
    says: /2 of 2 lines reached rule 104800 and did not meet match: wanted preauth, found 'Failed password/,
  },
  {
    name: "a rule of the host that takes the lines first",
    bundle: logBundle(),
    files: { ...home, "auth.log": auth(5, ["198.51.100.66"]) },
    syslog: ["auth.log"],
    ossec: "home",
    cause: "other-rule",
    says: /rule 5700 took 1 of 1 line before rule 104800 was reached/,
  },
  {
    name: "a home whose ossec.conf does not load the bundle's rules",
    bundle: logBundle(),
    files: {
      ...home,
      "home/etc/ossec.conf": home["home/etc/ossec.conf"].replace("<include>local_rules.xml</include>", ""),
      "auth.log": auth(5, ["198.51.100.66"]),
    },
    syslog: ["auth.log"],
    ossec: "home",
    cause: "rule-not-loaded",
    says: /rule 104800 is not among the rules that are loaded/,
  },
  {
    name: "the same line again and again, which OSSEC drops, below a burst",
    bundle: logBundle(burst),
    files: { "auth.log": auth(0, ["198.51.100.66"]).repeat(5) },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "below-threshold",
    says: /fired once; the most within 1 min was 1 of 4/,
  },
  {
    name: "a burst of too few events",
    bundle: logBundle(burst),
    files: { "auth.log": auth(5, ["198.51.100.66", "198.51.100.66", "198.51.100.66"]) },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "below-threshold",
    says: /Failed_Password fired 3 times; the most within 1 min was 3 of 4, 198\.51\.100\.66 at 2026-06-11T11:00:10/,
  },
  {
    name: "a burst's time shorter than the time between two events",
    bundle: logBundle(burst),
    files: { "auth.log": auth(50, Array<string>(6).fill("198.51.100.66")) },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "window",
    says: /fired 6 times; the most within 1 min was 2 of 4.*too far apart/,
  },
  {
    name: "a burst of many sources that counts each for itself",
    bundle: logBundle(burst),
    files: {
      "auth.log": auth(
        2,
        [1, 2, 3, 4, 5, 6].map((host) => `198.51.100.${host}`),
      ),
    },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "burst-sources",
    says: /the most within 1 min was 1 of 4.*with 5 more of other sources/,
  },
  {
    name: "a burst whose detection is silent",
    bundle: logBundle(burst),
    files: { "auth.log": auth(2, ["198.51.100.66"], "other[1]") },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "base-silent",
    says: /Failed_Password, which it counts, never fired/,
  },
  {
    name: "a burst of a rule of the host, without the host's rules",
    bundle: logBundle(burst, { 'of: { detection: "Failed_Password" }': "of: { rule: 5716 }" }),
    files: { "auth.log": auth(2, ["198.51.100.66"]) },
    syslog: ["auth.log"],
    detection: "Guessing",
    cause: "base-not-loaded",
    says: /it stands behind rule 5716, which is not among the rules/,
  },
];

const sequence = `
    {
      kind: "log",
      name: "Accepted",
      log: "/var/log/auth.log",
      program: osMatch("^sshd$"),
      regex: pcre2\`^Accepted password for (\\S+) from ([0-9a-f.:]+) port (\\d+) ssh2$\`,
      order: ["user", "srcip", "srcport"],
      samples: ["Nov 14 18:09:08 web sshd[812]: Accepted password for root from 198.51.100.66 port 50022 ssh2"],
      rule: { level: 3, groups: ["sshd"], description: "a password was right" },
    },
    {
      kind: "sequence",
      name: "Guessed",
      first: { detection: "Failed_Password" },
      times: 3,
      next: { detection: "Accepted" },
      within: "1 min",
      per: "source",
      rule: { level: 12, groups: ["sshd"], description: "guessed" },
    },`;

/** The last login of a log is accepted. */
const lastAccepted = (log: string): string => log.replace(/Failed(?=[^\n]*\n$)/, "Accepted");

const ruleBelow = (under: string, effect: string): string => `
    {
      kind: "rule",
      name: "Root",
      under: ${under},
      where: { user: "admin" },
      effect: ${effect},
      samples: [],
      rule: { description: "root", groups: ["root"] },
    },`;

lines.push(
  {
    name: "a sequence whose first events are too far apart",
    bundle: logBundle(sequence),
    files: { "auth.log": lastAccepted(auth(40, Array<string>(5).fill("198.51.100.66"))) },
    syslog: ["auth.log"],
    detection: "Guessed",
    cause: "window",
    says: /Failed_Password fired 4 times; the most within 1 min was 2 of 4, 198\.51\.100\.66/,
  },
  {
    name: "a sequence of which nothing comes first",
    bundle: logBundle(sequence),
    files: { "auth.log": lastAccepted(auth(1, ["198.51.100.66"])) },
    syslog: ["auth.log"],
    detection: "Guessed",
    cause: "base-silent",
    says: /Failed_Password, which comes first, never fired/,
  },
  {
    name: "a sequence that nothing completes",
    bundle: logBundle(sequence),
    files: { "auth.log": auth(1, Array<string>(5).fill("198.51.100.66")) },
    syslog: ["auth.log"],
    detection: "Guessed",
    cause: "other-decoder",
    says: /failed_password took 5/,
  },
  {
    name: "a rule below one of the host, without the host's rules",
    bundle: logBundle(ruleBelow("{ rules: [5716] }", "{ raise: 12 }")),
    files: { "auth.log": auth(2, ["198.51.100.66"]) },
    syslog: ["auth.log"],
    detection: "Root",
    cause: "base-not-loaded",
    says: /it stands behind rule 5716, which is not among the rules/,
  },
  {
    name: "a rule about a user who does not come",
    bundle: logBundle(ruleBelow('{ detection: "Failed_Password" }', "{ raise: 12 }")),
    files: { "auth.log": auth(2, ["198.51.100.66"]) },
    syslog: ["auth.log"],
    detection: "Root",
    cause: "rule-condition",
    says: /1 of 1 line reached rule 104801 and did not meet user: wanted .*admin.*, found 'root'/,
  },
);

test("a rule that silences is no silent one", async () => {
  const { why } = await whyOf({
    name: "",
    bundle: logBundle(ruleBelow('{ detection: "Failed_Password" }', "{ silence: true }")),
    files: { "auth.log": auth(2, ["198.51.100.66"]).replace("for root", "for admin") },
    syslog: ["auth.log"],
    cause: "fired",
    says: /./,
  });
  const root = why.find(({ detection }) => detection === "Root");
  assert.is(root?.cause.message.replace(/ \(.*/, ""), "it silenced 1 of 1 line");
  assert.not.ok(root?.isSilent);
  // The detection above it has no alert, since the rule took its line.
  assert.is(why.find(({ detection }) => detection === "Failed_Password")?.cause.name, "child-rule");
});

async function whyOf(
  mistake: Mistake,
): Promise<{ readonly input: ReplayInput; readonly why: readonly Why[] }> {
  const { bundle, change, files } = mistake;
  const here = workspace().write("bundle.zopf.ts", bundle ?? bundleText(change));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(here.folder, name)), { recursive: true });
    writeFileSync(join(here.folder, name), content);
  }
  const compiled = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const made = compiled.bundles[0];
  if (made === undefined) throw new Error(JSON.stringify(compiled.diagnostics));
  const at = (names: readonly string[]): readonly string[] => names.map((name) => join(here.folder, name));
  const input: ReplayInput = {
    model: made.model,
    files: made.files,
    zeek: at(mistake.zeek ?? (mistake.syslog === undefined ? Object.keys(files) : [])),
    syslog: at(mistake.syslog ?? []),
    ossec: mistake.ossec === undefined ? null : join(here.folder, mistake.ossec),
    engine: null,
    year: 2026,
    reorder: null,
    timeZone: "UTC",
    show: showPath,
  };
  const { why } = await replay({ ...input, why: true }, () => undefined);
  return { input, why };
}

for (const mistake of [...rows, ...lines])
  test(`named: ${mistake.name}`, async () => {
    const { input, why } = await whyOf(mistake);
    const silent = mistake.detection ?? input.model.detections[0]?.name;
    const found = why.find(({ detection }) => detection === silent);
    assert.is(found?.cause.name, mistake.cause, found?.cause.message);
    assert.match(found?.cause.message ?? "", mistake.says, found?.cause.message);
    assert.ok(found?.cause.help !== null);
    assert.ok(found?.isSilent);
    // Each row stops at one place, and what passed is what the detection counted.
    for (const { rows: funnel } of why) {
      if (funnel === null) continue;
      const fell = funnel.steps.reduce((sum, step) => sum + step.fell, 0);
      assert.is(funnel.events, fell + funnel.passed);
      assert.is(funnel.passed, funnel.summary.counted);
    }
    for (const { lines: funnel } of why)
      assert.is(
        funnel?.steps.reduce((sum, step) => sum + step.lines, 0),
        funnel?.lines,
      );
    // The same without being asked.
    const outcome = await replay(input, () => undefined);
    const again = await silences(input, outcome);
    assert.equal(again.find(({ detection }) => detection === silent)?.cause, found?.cause);
    assert.ok(silenceText(again, noPaint).includes(`[${mistake.cause}]`));
    assert.ok(whyText(why, noPaint).includes(`[${mistake.cause}]`));
    assert.ok(whyJson(why).includes(`"cause":"${mistake.cause}"`));
  });

test("notices that are suppressed, and blocks that are refused, are named too", async () => {
  const many = await whyOf({
    name: "",
    files: conn({ ports: Array.from({ length: 30 }, (_, at) => at + 1) }),
    cause: "suppressed",
    says: /./,
  });
  assert.is(many.why[0]?.cause.name, "suppressed");
  assert.match(many.why[0]?.cause.message ?? "", /6 hits, of which 5 gave no notice of their own/);
  const protectedOne = await whyOf({
    name: "",
    change: { '"10.0.0.0/8"': '"10.0.0.0/8", "66.132.172.0/24"' },
    files: conn(),
    cause: "refused",
    says: /./,
  });
  assert.is(protectedOne.why[0]?.cause.name, "refused");
  assert.match(protectedOne.why[0]?.cause.message ?? "", /1 block was refused: .*66\.132\.172\.0\/24/);
});

for (const [name, change, code] of [
  ["a threshold above the cap", { "threshold: 5,": "threshold: 5, caps: { members: 3 }," }, "bundle/bound"],
  [
    "a field that is not set yet at the event",
    { '"connection_state_remove"': '"new_connection"' },
    "bundle/unset-field",
  ],
  ["a value that the field cannot have", { '=== "S0"': '=== "SO"' }, "TS2367"],
  ["a field that there is not", { "c.id.orig_h)": "c.id.orig_host)" }, "TS2551"],
] as const)
  test(`named by the build: ${name}`, async () => {
    const report = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
    assert.ok(
      report.diagnostics.some((one) => one.code === code && one.severity === "error"),
      JSON.stringify(report.diagnostics),
    );
  });

test.run();
