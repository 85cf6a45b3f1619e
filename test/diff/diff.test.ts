import { chmodSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import type { Change, DiffReport } from "../../src/diff/change.js";
import { diffDeployed, diffTree, withBehaviour } from "../../src/diff/diff.js";
import { bundleTree } from "../../src/diff/since.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { diffGithub, diffJson, diffText } from "../../src/report/diff.js";
import { diffMarkdown } from "../../src/report/markdown/diff.js";
import { compiled, deployTo, type Host, host } from "../deploy/host.js";

async function deployed(replace: Readonly<Record<string, string>> = {}): Promise<Host> {
  const there = host();
  const report = await deployTo(there.root, await compiled(replace));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  return there;
}

async function changesTo(there: Host, replace: Readonly<Record<string, string>> = {}): Promise<DiffReport> {
  return diffDeployed(await compiled(replace), there.root, showPath);
}

function errors({ diagnostics }: DiffReport): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
}

function find(report: DiffReport, part: Partial<Change>): Change | undefined {
  return report.changes.find((one) =>
    Object.entries(part).every(([key, value]) =>
      Object.entries(one).some(([name, is]) => name === key && is === value),
    ),
  );
}

test("after a deploy there is no difference, and others' entries are counted", async () => {
  const report = await changesTo(await deployed());
  assert.equal(report.changes, []);
  assert.equal(errors(report), []);
  assert.ok(report.unmanaged.some(({ what, id }) => what === "rule" && id === "100001"));
  assert.ok(report.unmanaged.some(({ what, id }) => what === "command" && id === "host-deny"));
});

test("nothing is deployed: everything is created", async () => {
  const report = await changesTo(host());
  assert.ok(report.changes.every(({ kind }) => kind === "create"));
  for (const what of [
    "rule",
    "decoder",
    "command",
    "active-response",
    "never-block",
    "localfile",
    "zeek",
    "script",
    "table",
  ])
    assert.ok(find(report, { what, kind: "create" }), what);
  assert.ok(report.changes.every(({ weakens }) => !weakens));
  assert.equal(errors(report), []);
});

test("formatting and comments are no difference", async () => {
  const there = await deployed();
  const rules = there.read("var/ossec/rules/local_rules.xml") ?? "";
  there.write(
    "var/ossec/rules/local_rules.xml",
    rules.replace('<rule id="100500" level="6">', '<!-- x -->\n\n  <rule   level="6"\n id="100500"  >'),
  );
  const zeek = "opt/zeek/share/zeek/site/perimeter/port_scan_s0_detected.zeek";
  there.write(zeek, `# another comment\n${(there.read(zeek) ?? "").replaceAll("\t", "    ")}`);
  there.write(
    "etc/pf.conf",
    (there.read("etc/pf.conf") ?? "").replace("block drop in", "# x\nblock  drop   in"),
  );
  assert.equal((await changesTo(there)).changes, []);
});

const sentences: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  Readonly<Record<string, string>>,
  Partial<Change>,
  RegExp,
])[] = [
  [
    "a level below the active response's",
    {
      "level: 6": "level: 8",
      '{ detection: "Port_Scan_S0_Detected" }': "{ level: 7, alsoStockRules: true }",
    },
    {
      "level: 6": "level: 6",
      '{ detection: "Port_Scan_S0_Detected" }': "{ level: 7, alsoStockRules: true }",
    },
    { kind: "change", what: "rule", id: "100500", weakens: true },
    /rule 100500: level 8 → 6: no longer blocks \(active response starts at 7\)/,
  ],
  [
    "a network that is not protected any more",
    {},
    { '"10.0.0.0/8", ': "" },
    { kind: "delete", what: "never-block", id: "10.0.0.0/8", weakens: true },
    /the never-block list lost 10\.0\.0\.0\/8/,
  ],
  [
    "a shorter block",
    {},
    { '"10 min"': '"6 min"' },
    { kind: "change", what: "active-response", weakens: true },
    /timeout "600" → "360"/,
  ],
  [
    "a longer block",
    {},
    { '"10 min"': '"20 min"' },
    { kind: "change", what: "active-response", weakens: false },
    /timeout "600" → "1200"/,
  ],
  [
    "a higher threshold",
    {},
    { "threshold: 5": "threshold: 9" },
    { kind: "change", what: "zeek-option", weakens: true },
    /threshold 5 → 9: more is needed/,
  ],
  [
    "a lower threshold",
    { "threshold: 5": "threshold: 9" },
    {},
    { kind: "change", what: "zeek-option", weakens: false },
    /threshold 9 → 5/,
  ],
  [
    "a shorter window",
    {},
    { '"1 min"': '"20 sec"' },
    { kind: "change", what: "zeek-option", weakens: true },
    /window 1min → 20sec/,
  ],
  [
    "another description",
    {},
    { "stealth scan (5": "stealthy scan (5" },
    { kind: "change", what: "rule", weakens: false },
    /description/,
  ],
];

for (const [name, before, after, expected, words] of sentences)
  test(`a sentence for ${name}`, async () => {
    const report = await changesTo(await deployed(before), after);
    const found = find(report, expected);
    assert.ok(
      found,
      JSON.stringify(
        report.changes.map(({ patch, ...one }) => one),
        null,
        1,
      ),
    );
    assert.match(found.summary, words);
  });

test("a rule, a response, a table, a script that is gone", async () => {
  const there = await deployed();
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write("var/ossec/etc/ossec.conf", conf.replace(/<active-response>[\s\S]*?<\/active-response>/, ""));
  there.remove("var/ossec/active-response/bin/perimeter-firewall-drop.sh");
  there.write("etc/pf.conf", (there.read("etc/pf.conf") ?? "").replace(/^table <.*\n/m, ""));
  const report = await changesTo(there);
  assert.ok(find(report, { what: "active-response", kind: "create" }));
  assert.ok(find(report, { what: "script", kind: "create" }));
  assert.ok(find(report, { what: "table", kind: "create", id: "ossec_fwtable" }));
  assert.is(report.changes.length, 3, JSON.stringify(report.changes));
});

test("modes, and what an older version left", async () => {
  const there = await deployed();
  chmodSync(join(there.root, "var/ossec/active-response/bin/perimeter-firewall-drop.sh"), 0o644);
  chmodSync(join(there.root, "var/ossec/etc/ossec.conf"), 0o666);
  const report = await changesTo(there, {
    'name: "Port_Scan_S0_Detected"': 'name: "Other"',
    'detection: "Port_Scan_S0_Detected"': 'detection: "Other"',
  });
  assert.match(
    find(report, { what: "mode", id: "perimeter-firewall-drop.sh" })?.summary ?? "",
    /0644 → 0750: it cannot be run/,
  );
  assert.ok(find(report, { what: "mode", id: "ossec.conf" }));
  assert.ok(find(report, { kind: "delete", what: "zeek", id: "port_scan_s0_detected.zeek" }));
  assert.ok(find(report, { kind: "create", what: "zeek", id: "other.zeek" }));
});

test("conflicts with entries of others", async () => {
  const rule =
    '<group name="x,"><rule id="100500" level="2"><match>zz</match><description>x</description></rule></group>\n';
  const cases: readonly (readonly [(there: Host) => void, Partial<Change>])[] = [
    [(there) => there.write("var/ossec/rules/sshd_rules.xml", rule), { what: "rule", id: "100500" }],
    [
      (there) =>
        there.write(
          "var/ossec/rules/local_rules.xml",
          `${there.read("var/ossec/rules/local_rules.xml")}${rule}`,
        ),
      { what: "rule", id: "100500" },
    ],
    [
      (there) =>
        there.write(
          "var/ossec/etc/ossec.conf",
          `<ossec_config><command><name>perimeter-firewall-drop</name><executable>x.sh</executable><expect>srcip</expect></command></ossec_config>\n${there.read("var/ossec/etc/ossec.conf")}`,
        ),
      { what: "command", id: "perimeter-firewall-drop" },
    ],
    [
      (there) =>
        there.write(
          "var/ossec/etc/ossec.conf",
          (there.read("var/ossec/etc/ossec.conf") ?? "").replace(
            "    <include>local_rules.xml</include>\n",
            "",
          ),
        ),
      { what: "include" },
    ],
  ];
  for (const [spoil, expected] of cases) {
    const there = await deployed();
    spoil(there);
    const report = await changesTo(there);
    assert.ok(find(report, { kind: "conflict", ...expected }), JSON.stringify(report));
  }
  const narrow = host();
  narrow.write(
    "var/ossec/etc/ossec.conf",
    (narrow.read("var/ossec/etc/ossec.conf") ?? "").replace("127.0.0.1", "10.1.0.0/16"),
  );
  assert.ok(find(await changesTo(narrow), { kind: "conflict", what: "never-block", id: "10.0.0.0/8" }));
});

test("bad trees are told per file, and the rest is still compared", async () => {
  const cases: readonly (readonly [(there: Host) => void, string])[] = [
    [(there) => there.write("var/ossec/etc/ossec.conf", "<ossec_config><global>"), "deploy/broken"],
    [(there) => there.write("var/ossec/rules/local_rules.xml", '<group name="x,"><rule'), "deploy/broken"],
    [(there) => there.remove("var/ossec/rules/local_rules.xml"), "deploy/unreadable"],
    [
      (there) =>
        there.write(
          "var/ossec/etc/zopf/perimeter.manifest.json",
          JSON.stringify({ bundle: "other", files: [], owns: {} }),
        ),
      "deploy/manifest",
    ],
    [
      (there) => {
        there.remove("etc/pf.conf");
        symlinkSync("/etc/passwd", join(there.root, "etc/pf.conf"));
      },
      "deploy/outside",
    ],
    [(there) => there.remove("etc/pf.conf").write("etc/pf.conf/x", ""), "deploy/unreadable"],
  ];
  for (const [spoil, code] of cases) {
    const there = await deployed();
    spoil(there);
    there.remove("opt/zeek/share/zeek/site/perimeter/notice-log.zeek");
    const report = await changesTo(there);
    assert.ok(errors(report).includes(code), JSON.stringify(report.diagnostics));
    assert.ok(find(report, { kind: "create", id: "notice-log.zeek" }), "the rest is still compared");
  }
  assert.equal(errors(diffDeployed(await compiled(), "/nonexistent/folder", showPath)), ["deploy/root"]);
});

test("two versions of a bundle without a host", async () => {
  const tree = bundleTree(await compiled(), (path) => path);
  assert.equal(diffTree(await compiled(), tree).changes, []);
  const report = diffTree(await compiled({ "threshold: 5": "threshold: 6" }), tree);
  assert.is(report.changes.length, 1, JSON.stringify(report.changes));
  assert.ok(
    diffTree(
      await compiled(),
      bundleTree(null, (path) => path),
    ).changes.every(({ kind }) => kind === "create"),
  );
});

test("--replay: who is blocked now and was not before, and the reverse", async () => {
  const there = await deployed({ "threshold: 5": "threshold: 500" });
  const log = join("examples", "zeek-ossec-pf", "cases", "port-scan", "conn.log");
  const options = { logs: [log], timeZone: "UTC", show: showPath };
  const bundle = await compiled();
  const report = await withBehaviour(diffDeployed(bundle, there.root, showPath), bundle, there.root, options);
  assert.ok((report.behaviour?.nowBlocked.length ?? 0) > 0, JSON.stringify(report));
  assert.equal(report.behaviour?.noLongerBlocked, []);
  const deaf = await compiled({ "threshold: 5": "threshold: 500" });
  const strict = await deployed();
  const back = await withBehaviour(diffDeployed(deaf, strict.root, showPath), deaf, strict.root, options);
  assert.equal(back.behaviour?.noLongerBlocked, report.behaviour?.nowBlocked);
  assert.equal(back.behaviour?.nowBlocked, []);
});

test("every format", async () => {
  const report = await changesTo(await deployed(), { "threshold: 5": "threshold: 9", '"10.0.0.0/8", ': "" });
  const result = { reports: [report], diagnostics: [] };
  const document = JSON.parse(diffJson(result, true));
  assert.is(document.changes.length, report.changes.length);
  assert.is(document.unmanaged, report.unmanaged.length);
  assert.match(
    diffText(result, noPaint, { unmanaged: true, patches: true }),
    /~ port_scan_s0_detected_threshold 5 → 9/,
  );
  assert.match(
    diffText(result, noPaint, { unmanaged: false, patches: true }),
    /^\+.*threshold: count = 9;$/m,
  );
  assert.match(diffMarkdown(result), /\*\*weakens\*\*/);
  assert.match(diffGithub(result), /^::error file=/m);
});

test.run();
