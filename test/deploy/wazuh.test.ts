import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkHome } from "../../src/check/home.js";
import { showPath } from "../../src/cli/command.js";
import { diffDeployed } from "../../src/diff/diff.js";
import { replay } from "../../src/replay/replay.js";
import { compiled, deployTo, type Host, host } from "./host.js";

const wazuh = { 'version: "4.3", dialect: "ossec"': 'version: "4.14", dialect: "wazuh"' };

/** A small Wazuh installation with entries of its own. */
const stock = {
  "var/ossec/etc/ossec.conf": `<ossec_config>
  <global><white_list>127.0.0.1</white_list></global>
  <ruleset>
    <decoder_dir>ruleset/decoders</decoder_dir>
    <rule_dir>ruleset/rules</rule_dir>
    <decoder_dir>etc/decoders</decoder_dir>
    <rule_dir>etc/rules</rule_dir>
  </ruleset>
  <localfile><log_format>journald</log_format><location>journald</location></localfile>
</ossec_config>
`,
  "var/ossec/ruleset/decoders/0006-json_decoders.xml":
    '<decoder name="json"><prematch>^{\\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>\n',
  "var/ossec/ruleset/rules/0010-rules.xml":
    '<group name="a,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>\n',
  "var/ossec/etc/rules/local_rules.xml":
    '<group name="local,">\n<rule id="100001" level="5"><if_sid>1</if_sid><description>own</description></rule>\n</group>\n',
  "var/ossec/etc/decoders/local_decoder.xml":
    '<decoder name="mine"><program_name type="pcre2">^x</program_name></decoder>\n',
};

async function deployed(): Promise<Host> {
  const there = host(stock);
  const report = await deployTo(there.root, await compiled(wazuh));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  return there;
}

test("rules have a file of their own, nobody else's bytes change, twice is once", async () => {
  const there = host(stock);
  const before = there.tree();
  const bundle = await compiled(wazuh);
  const report = await deployTo(there.root, bundle);
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  assert.ok(report.reload.some((words) => words.join(" ") === "/var/ossec/bin/wazuh-control restart"));
  assert.match(there.read("var/ossec/etc/rules/zopf-perimeter_rules.xml") ?? "", 'id="100500"');
  // The names of the bundle's files stand in the host's own section, everything else behind it.
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  assert.is(conf.split("<ruleset>").length, 2);
  const named = /<!-- zopf:begin perimeter files -->\n(?:.*_include>\n)+<!-- zopf:end perimeter files -->\n/;
  assert.ok(conf.replace(named, "").startsWith(stock["var/ossec/etc/ossec.conf"]), conf);
  const after = there.tree();
  for (const [path, state] of Object.entries(before))
    if (!path.endsWith("ossec.conf")) assert.is(after[path], state, path);
  assert.is((await deployTo(there.root, bundle)).outcome, "unchanged");
  const back = await deployTo(there.root, bundle, { rollback: true });
  assert.is(back.outcome, "rolled-back", JSON.stringify(back.diagnostics));
  assert.is(there.read("var/ossec/etc/rules/zopf-perimeter_rules.xml"), null);
  assert.is(there.read("var/ossec/etc/ossec.conf"), stock["var/ossec/etc/ossec.conf"]);
});

test("a rule id or a decoder name of others is a conflict", async () => {
  for (const [path, text] of [
    [
      "etc/rules/others.xml",
      '<group name="x,"><rule id="100500" level="3"><description>x</description></rule></group>',
    ],
    [
      "ruleset/rules/0999-x.xml",
      '<group name="x,"><rule id="100500" level="3"><description>x</description></rule></group>',
    ],
  ] as const) {
    const there = host(stock).write(`var/ossec/${path}`, text);
    const report = await deployTo(there.root, await compiled(wazuh));
    assert.is(report.outcome, "refused");
    assert.match(report.diagnostics.map(({ message }) => message).join("\n"), "Wazuh leaves out the one");
    assert.is(there.read("var/ossec/etc/rules/zopf-perimeter_rules.xml"), null);
  }
  const tsv = { ...wazuh, 'noticeLog: "dedicated"': 'noticeLog: "notice.log"' };
  const there = host(stock).write(
    "var/ossec/etc/decoders/z.xml",
    '<decoder name="zopf-perimeter"><prematch>x</prematch></decoder>',
  );
  assert.is((await deployTo(there.root, await compiled(tsv))).outcome, "refused");
});

test("diff: nothing after a deploy; a changed level is told as a rule", async () => {
  const there = await deployed();
  assert.equal((await diffDeployed(await compiled(wazuh), there.root, showPath)).changes, []);
  const other = await compiled({ ...wazuh, "level: 6": "level: 9" });
  const { changes } = await diffDeployed(other, there.root, showPath);
  assert.equal(
    changes.map(({ kind, what, id }) => [kind, what, id]),
    [["change", "rule", "100500"]],
  );
  assert.match(changes[0]?.summary ?? "", "level 6 → 9");
  there.write("var/ossec/etc/ossec.conf", stock["var/ossec/etc/ossec.conf"]);
  const lost = (await diffDeployed(await compiled(wazuh), there.root, showPath)).changes;
  assert.ok(lost.some(({ kind, what }) => kind === "create" && what === "active-response"));
});

const noise: Readonly<Record<string, readonly [path: string, text: string, said: RegExp]>> = {
  "a rule of a higher level": [
    "etc/rules/local_rules.xml",
    '<group name="x,"><rule id="100001" level="12"><decoded_as>json</decoded_as><description>x</description></rule></group>',
    /rule 100001 \(.*local_rules\.xml:1, level 12\) takes the event/,
  ],
  "a rule of level 0 in a file that is read before all others": [
    "ruleset/rules/0011-quiet.xml",
    '<group name="x,"><rule id="90" level="0"><decoded_as>json</decoded_as><description>x</description></rule></group>',
    /rule 90 \(.*0011-quiet\.xml:1, level 0\) takes the event/,
  ],
  "a decoder before Wazuh's own": [
    "etc/decoders/0000-a.xml",
    '<decoder name="a"><prematch>^{"ts"</prematch></decoder>',
    /the decoder "a" \(.*0000-a\.xml:1\) stands before the bundle's and takes it/,
  ],
};

for (const [what, [path, text, said]] of Object.entries(noise))
  test(`${what} that takes the notices is found before anything is written`, async () => {
    const there = host({ ...stock, [`var/ossec/${path}`]: text });
    const bundle = await compiled(wazuh);
    const report = await deployTo(there.root, bundle);
    assert.is(report.outcome, "refused");
    assert.match(report.diagnostics.map(({ message }) => message).join("\n"), said);
    assert.is(there.read("var/ossec/etc/rules/zopf-perimeter_rules.xml"), null);
    const home = await checkHome([bundle], { with: join(there.root, "var/ossec"), show: showPath });
    assert.is(home.status, "failed");
    assert.match(home.diagnostics.map(({ message }) => message).join("\n"), said);
  });

test("a home that does not name etc/rules and etc/decoders reads the bundle's files", async () => {
  const conf = stock["var/ossec/etc/ossec.conf"]
    .replace("<decoder_dir>etc/decoders</decoder_dir>", "")
    .replace("<rule_dir>etc/rules</rule_dir>", "");
  // Somebody's own rule is not read there, so that it may have our id.
  const own = stock["var/ossec/etc/rules/local_rules.xml"].replace("100001", "100500");
  const base = '<decoder name="zz"><program_name>^zz$</program_name></decoder>';
  const there = host({
    ...stock,
    "var/ossec/etc/ossec.conf": conf,
    "var/ossec/etc/rules/local_rules.xml": own,
    "var/ossec/ruleset/decoders/0005-base.xml": base,
  });
  const report = await deployTo(there.root, await compiled(wazuh));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
});

test("check --with and replay read the home's own rules", async () => {
  const there = host(stock);
  const bundle = await compiled(wazuh);
  const home = join(there.root, "var/ossec");
  const outcome = await checkHome([bundle], { with: home, show: showPath });
  assert.is(outcome.status, "passed", JSON.stringify(outcome.diagnostics));
  const logs = fileURLToPath(new URL("../../examples/zeek-wazuh/cases/port-scan/conn.log", import.meta.url));
  const seen = async (ossec: string | null): Promise<readonly string[]> => {
    const kinds: string[] = [];
    const done = await replay(
      {
        model: bundle.model,
        files: bundle.files,
        zeek: [logs],
        syslog: [],
        ossec,
        engine: null,
        year: null,
        reorder: null,
        timeZone: "UTC",
        show: showPath,
      },
      ({ kind }) => {
        kinds.push(kind);
      },
    );
    assert.ok(done.ok, JSON.stringify(done.diagnostics));
    return kinds;
  };
  const alone = await seen(null);
  assert.ok(alone.includes("block"), alone.join());
  assert.equal(await seen(home), alone);
  there.write(...writing(noise["a rule of a higher level"]));
  assert.not.ok((await seen(home)).includes("block"));
});

function writing(entry: (typeof noise)[string] | undefined): readonly [string, string] {
  const [path = "", text = ""] = entry ?? [];
  return [`var/ossec/${path}`, text];
}

test("from OSSEC to Wazuh nothing of the old is left", async () => {
  const there = host();
  assert.is((await deployTo(there.root, await compiled())).outcome, "installed");
  // The installation of Wazuh brings its own; OSSEC's section of rules it would refuse.
  for (const [path, text] of Object.entries(stock)) if (!path.endsWith("ossec.conf")) there.write(path, text);
  const conf = there.read("var/ossec/etc/ossec.conf") ?? "";
  there.write("var/ossec/etc/ossec.conf", conf.replace(/<rules>.*?<\/rules>/s, ""));
  const report = await deployTo(there.root, await compiled(wazuh));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  assert.not.match(there.read("var/ossec/rules/local_rules.xml") ?? "", "100500");
  assert.not.match(there.read("var/ossec/etc/local_decoder.xml") ?? "", "zopf-perimeter");
  assert.match(there.read("var/ossec/rules/local_rules.xml") ?? "", "Somebody's own");
});

test.run();
