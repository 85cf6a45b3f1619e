import { symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { diffDeployed } from "../../src/diff/diff.js";
import { scratchFolder } from "../scratch-folder.js";
import { compiled, deployTo, host } from "./host.js";

const toIpfw = {
  'firewall: pf({ table: "ossec_fwtable" }),': "firewall: ipfw({ table: 2 }),",
  "pf }": "ipfw }",
};

test("nobody else's bytes change, and deploying twice is deploying once", async () => {
  const there = host();
  const before = there.tree();
  const bundle = await compiled();
  const first = await deployTo(there.root, bundle);
  assert.is(first.outcome, "installed", JSON.stringify(first.diagnostics));
  const after = there.tree();
  for (const path of ["var/ossec/etc/ossec.conf", "var/ossec/rules/local_rules.xml"])
    assert.ok(after[path]?.startsWith(before[path] ?? "?"), `${path} keeps what it had in front`);
  assert.is((await deployTo(there.root, bundle)).outcome, "unchanged");
  assert.equal(there.tree(), after);
  assert.ok(first.reload.some((words) => words.join(" ") === "/var/ossec/bin/ossec-control restart"));
});

test("below an empty root there is no home to send lines through, the second time neither", async () => {
  const there = host({});
  const bundle = await compiled();
  const first = await deployTo(there.root, bundle);
  assert.is(first.outcome, "installed", JSON.stringify(first.diagnostics));
  const again = await deployTo(there.root, bundle);
  assert.is(again.outcome, "unchanged", JSON.stringify(again.diagnostics));
  const report = diffDeployed(bundle, there.root, showPath);
  assert.equal(report.changes, []);
  // An installation that grew around the block is one, and it has no rules.
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write("var/ossec/etc/ossec.conf", `<ossec_config></ossec_config>\n${conf}`);
  assert.is((await deployTo(there.root, bundle)).outcome, "refused");
});

test("the block of pf.conf stands before the first filter rule", async () => {
  const there = host();
  await deployTo(there.root, await compiled());
  const text = there.read("etc/pf.conf") ?? "";
  assert.ok(text.indexOf("block drop in") > text.indexOf("ext_if ="));
  assert.ok(text.indexOf("block drop in") < text.indexOf("pass out quick"));
});

test("a new version replaces the old one where it stands, and what it does not have goes", async () => {
  const there = host();
  await deployTo(there.root, await compiled());
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write("var/ossec/etc/ossec.conf", `${conf}<!-- added later -->\n`);
  const report = await deployTo(there.root, await compiled(toIpfw));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  assert.ok((there.read("var/ossec/etc/ossec.conf") ?? "").endsWith("<!-- added later -->\n"));
  assert.not.match(there.read("etc/pf.conf") ?? "", "ossec_fwtable");
  assert.match(there.read("etc/pf.conf") ?? "", "pass out quick");
  assert.ok(report.changes.some(({ target }) => target.endsWith("ipfw.sh")));
});

test("what was installed by hand, without markers, is not installed twice", async () => {
  const there = host();
  const bundle = await compiled();
  for (const file of bundle.files)
    if (file.merge === "append")
      there.write(file.target.slice(1), `${there.read(file.target.slice(1)) ?? ""}${file.content}`);
  const report = await deployTo(there.root, bundle);
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  for (const [path, word] of [
    ["var/ossec/etc/ossec.conf", "<name>perimeter-firewall-drop</name>"],
    ["var/ossec/etc/ossec.conf", "zopf_perimeter.log</location>"],
    ["var/ossec/etc/local_decoder.xml", '<decoder name="zopf-perimeter">'],
    ["var/ossec/rules/local_rules.xml", 'id="100500"'],
  ] as const)
    assert.is((there.read(path) ?? "").split(word).length, 2, `${word} once in ${path}`);
});

test("rollback restores the last state exactly, one deploy after the other", async () => {
  const there = host();
  const states = [there.tree(true)];
  const versions: readonly Readonly<Record<string, string>>[] = [
    {},
    toIpfw,
    { "threshold: 5": "threshold: 6" },
  ];
  for (const replace of versions) {
    assert.is((await deployTo(there.root, await compiled(replace))).outcome, "installed");
    states.push(there.tree(true));
  }
  states.pop();
  const bundle = await compiled();
  while (states.length > 0) {
    const report = await deployTo(there.root, bundle, { rollback: true });
    assert.is(report.outcome, "rolled-back", JSON.stringify(report.diagnostics));
    assert.equal(there.tree(true), states.pop());
  }
  assert.is((await deployTo(there.root, bundle, { rollback: true })).outcome, "failed");
});

test("rollback does not throw away what was changed since", async () => {
  const there = host();
  const bundle = await compiled();
  const before = there.tree(true);
  await deployTo(there.root, bundle);
  const conf = `${there.read("var/ossec/etc/ossec.conf")}<!-- later -->\n`;
  there.write("var/ossec/etc/ossec.conf", conf);
  assert.is((await deployTo(there.root, bundle, { rollback: true })).outcome, "refused");
  assert.is(there.read("var/ossec/etc/ossec.conf"), conf);
  assert.is((await deployTo(there.root, bundle, { rollback: true, force: true })).outcome, "rolled-back");
  assert.equal(there.tree(true), before);
});

test("--dry-run writes nothing", async () => {
  const there = host();
  const before = there.tree(true);
  const report = await deployTo(there.root, await compiled(), { dryRun: true });
  assert.is(report.outcome, "planned");
  assert.ok(report.changes.length > 5);
  assert.equal(there.tree(true), before);
});

const refusals: readonly (readonly [string, (there: ReturnType<typeof host>) => void, string])[] = [
  [
    "a rule of that id that zopf does not own",
    (there) =>
      there.write(
        "var/ossec/rules/local_rules.xml",
        '<group name="x,"><rule id="100500" level="3"><match>zz</match><description>other</description></rule></group>\n',
      ),
    "deploy/conflict",
  ],
  [
    "a rule of that id in another file",
    (there) =>
      there.write(
        "var/ossec/rules/sshd_rules.xml",
        '<group name="x,"><rule id="100500" level="3"><match>zz</match><description>other</description></rule></group>\n',
      ),
    "deploy/conflict",
  ],
  [
    "a command of that name with another script",
    (there) =>
      there.write(
        "var/ossec/etc/ossec.conf",
        `${there.read("var/ossec/etc/ossec.conf")}<ossec_config><command><name>perimeter-firewall-drop</name><executable>x.sh</executable><expect>srcip</expect></command></ossec_config>\n`,
      ),
    "deploy/conflict",
  ],
  ["an engine that refuses the whole", () => undefined, "test/engine"],
];

for (const [name, spoil, code] of refusals)
  test(`refused, and nothing changed: ${name}`, async () => {
    const there = host();
    spoil(there);
    const before = there.tree(true);
    const report = await deployTo(there.root, await compiled(), {
      askEngines: async () => [
        { code: "test/engine", severity: "error", message: "no", file: "x", line: 1, column: 1 },
      ],
    });
    assert.is(report.outcome, "refused", JSON.stringify(report));
    assert.ok(report.diagnostics.some((one) => one.code === code));
    assert.equal(there.tree(true), before);
  });

test("bad trees: broken XML, another bundle's manifest, a folder in the way, links that lead out", async () => {
  const bundle = await compiled();
  const cases: readonly ((there: ReturnType<typeof host>) => void)[] = [
    (there) => there.write("var/ossec/etc/ossec.conf", "<ossec_config><global>"),
    (there) => there.write("var/ossec/rules/local_rules.xml", '<group name="x,"><rule'),
    (there) =>
      there.write(
        "var/ossec/etc/zopf/perimeter.manifest.json",
        JSON.stringify({ bundle: "other", files: [], owns: {} }),
      ),
    (there) => there.write("var/ossec/etc/zopf/perimeter.manifest.json", "not JSON"),
    (there) => there.remove("etc/pf.conf").write("etc/pf.conf/file", ""),
    (there) => {
      there.remove("etc/pf.conf");
      symlinkSync("/etc/passwd", join(there.root, "etc/pf.conf"));
    },
    (there) => {
      there.remove("opt");
      symlinkSync(scratchFolder("outside"), join(there.root, "opt"));
    },
    (there) => {
      there.remove("var/ossec/rules");
      symlinkSync("nowhere", join(there.root, "var/ossec/rules"));
    },
  ];
  for (const [index, spoil] of cases.entries()) {
    const there = host();
    spoil(there);
    const before = there.tree(true);
    const report = await deployTo(there.root, bundle);
    assert.is(report.outcome, "failed", `case ${index}: ${JSON.stringify(report)}`);
    assert.ok(report.diagnostics.some(({ severity }) => severity === "error"));
    assert.equal(there.tree(true), before, `case ${index}`);
  }
});

test("links inside of the root are followed and stay", async () => {
  const there = host();
  there.write("usr/conf/pf.conf", there.read("etc/pf.conf") ?? "").remove("etc/pf.conf");
  symlinkSync("../usr/conf/pf.conf", join(there.root, "etc/pf.conf"));
  assert.is((await deployTo(there.root, await compiled())).outcome, "installed");
  assert.is(there.tree()["etc/pf.conf"], "link ../usr/conf/pf.conf");
  assert.match(there.read("usr/conf/pf.conf") ?? "", "ossec_fwtable");
});

test("a second run is kept out, a stale lock is not in the way", async () => {
  const there = host();
  const bundle = await compiled();
  await deployTo(there.root, bundle);
  const changed = await compiled({ "threshold: 5": "threshold: 6" });
  const lock = join(there.root, "var/ossec/etc/zopf/deploy.lock");
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: null }));
  const kept = await deployTo(there.root, changed);
  assert.is(kept.outcome, "failed");
  assert.is(kept.diagnostics[0]?.code, "deploy/locked");
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: "1" }));
  assert.is((await deployTo(there.root, changed)).outcome, "installed", "the process number was used again");
  writeFileSync(lock, JSON.stringify({ pid: 1, host: "elsewhere", started: null }));
  assert.is((await deployTo(there.root, bundle)).outcome, "failed", "nobody can know about another host");
  assert.not.match(Object.keys(there.tree(true)).join("\n"), /deploy\.lock\./);
});

test("modes, and shared files that others may write", async () => {
  const there = host();
  there.write("var/ossec/etc/ossec.conf", there.read("var/ossec/etc/ossec.conf") ?? "", 0o666);
  await deployTo(there.root, await compiled());
  const tree = there.tree();
  assert.match(tree["var/ossec/etc/ossec.conf"] ?? "", /^file 644 /);
  assert.match(tree["var/ossec/active-response/bin/perimeter-firewall-drop.sh"] ?? "", /^file 750 /);
  assert.match(tree["etc/pf.conf"] ?? "", /^file 644 /);
});

test.run();
