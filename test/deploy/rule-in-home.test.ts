/** Rules about the host's rules, in that host's home: parents, levels, what is lost, and lines that show it. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkHome } from "../../src/check/home.js";
import { showPath } from "../../src/cli/command.js";
import { type CompiledBundle, compileBundles } from "../../src/compiler/compile.js";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.js";
import { workspace } from "../compiler/workspace.js";
import { deployTo, type Host, host } from "./host.js";
import { stockFiles, stockIsHere } from "./stock-home.js";

const failed = "Nov 14 18:09:08 web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2";

const root = `{ kind: "rule", name: "Root_Guessed", under: { rules: [5716] }, where: { user: "root" }, effect: { raise: 10 },
  samples: [${JSON.stringify(failed)}], rule: { description: "root guessed" } }`;

async function compiled(detection: string, suite = ""): Promise<CompiledBundle> {
  const here = workspace().write(
    "bundle.zopf.ts",
    `import { defineBundle, osMatch } from "zopf";
void osMatch;
export default defineBundle({
  name: "about", ossec: { ${suite}home: "/var/ossec", firstRuleId: 104900 },
  detections: [${detection}],
});
`,
  );
  const { bundles, diagnostics } = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  return bundle;
}

/** A small home with what OSSEC's own rules have for sshd. */
function small(): Host {
  const there = host();
  there.write(
    "var/ossec/etc/decoder.xml",
    `<decoder name="sshd"><program_name>^sshd</program_name></decoder>
<decoder name="ssh-failed"><parent>sshd</parent><prematch>^Failed \\S+ </prematch><regex offset="after_prematch">^for (\\S+) from (\\S+) port \\d+ \\w+$</regex><order>user, srcip</order></decoder>
<decoder name="other"><prematch>^other: </prematch></decoder>
`,
  );
  there.write(
    "var/ossec/rules/sshd_rules.xml",
    `<group name="syslog,sshd,">
  <rule id="5700" level="0" noalert="1"><decoded_as>sshd</decoded_as><description>SSHD</description></rule>
  <rule id="5716" level="5"><if_sid>5700</if_sid><match>^Failed</match><description>failed</description></rule>
  <rule id="5719" level="3"><if_sid>5716</if_sid><match>publickey</match><description>a key</description></rule>
  <rule id="5720" level="10" frequency="6"><if_matched_sid>5716</if_matched_sid><same_source_ip /><description>many</description></rule>
</group>
`,
  );
  return there;
}

/** What deploy and check say; the same of both. */
async function said(there: Host, bundle: CompiledBundle): Promise<readonly Diagnostic[]> {
  const report = await deployTo(there.root, bundle, { dryRun: true });
  const checked = await checkHome([bundle], { with: join(there.root, "var/ossec"), show: showPath });
  const own = (all: readonly Diagnostic[]): readonly Diagnostic[] =>
    all.filter(({ file }) => file.endsWith("bundle.zopf.ts"));
  assert.equal(
    own(checked.diagnostics).map(({ message }) => message),
    own(report.diagnostics).map(({ message }) => message),
  );
  return own(report.diagnostics);
}

test("a composite that loses its events: the line and the number that show it, and what counts them again", async () => {
  const [first, ...more] = await said(small(), await compiled(root));
  assert.equal(more, []);
  assert.is(first?.code, "deploy/starved");
  assert.is(first?.severity, "warning");
  assert.match(first?.message ?? "", /rule 5720 \(.*sshd_rules\.xml:5, level 10\) no longer counts/);
  assert.match(first?.message ?? "", /: 8 lines like ".*root from.*" fire it without that rule/);
  assert.match(
    first?.help ?? "",
    /of: \{ detection: "Root_Guessed" \}, events: 8, within: "360 sec", per: "source"/,
  );
});

test("without lines the composites are named, and the siblings that are tried before", async () => {
  const found = await said(
    small(),
    await compiled(root.replace(/samples: \[.*?\],/, "").replace("raise: 10", "lower: 2")),
  );
  assert.equal(found.map(({ code }) => code).sort(), ["deploy/starved", "deploy/untried"]);
  assert.match(
    found.find(({ code }) => code === "deploy/untried")?.message ?? "",
    /rule 5719 \(level 3\) is tried before/,
  );
});

test("a silence lists who no longer sees the events", async () => {
  const found = await said(small(), await compiled(root.replace("{ raise: 10 }", "{ silence: true }")));
  assert.match(
    found.find(({ code }) => code === "deploy/blinded")?.message ?? JSON.stringify(found),
    /not seen by rules 5720 \(level 10\), 5719 \(level 3\)/,
  );
});

test("a parent that a Wazuh home does not have does not stop Wazuh", async () => {
  const there = host();
  there.write("var/ossec/etc/ossec.conf", "<ossec_config></ossec_config>\n");
  there.write(
    "var/ossec/ruleset/decoders/d.xml",
    '<decoder name="p"><program_name>^p$</program_name></decoder><decoder name="n"><prematch>^n</prematch></decoder>\n',
  );
  there.write(
    "var/ossec/ruleset/rules/r.xml",
    '<group name="a,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>\n',
  );
  const bundle = await compiled(root, 'dialect: "wazuh", version: "4.14", ');
  const report = await deployTo(there.root, bundle, { dryRun: true });
  const said =
    report.diagnostics.find(({ code }) => code === "deploy/parent")?.message ?? JSON.stringify(report);
  assert.match(said, /rule 5716, which is not loaded there: Wazuh does without that parent/);
});

test("a parent that is not there, and one whose level makes raise a lowering", async () => {
  const missing = await said(small(), await compiled(root.replace("5716", "5799")));
  assert.match(missing[0]?.message ?? "", /stands below rule 5799, which is not loaded there/);
  const [contrary] = await said(small(), await compiled(root.replace("raise: 10", "raise: 4")));
  assert.is(contrary?.severity, "error");
  assert.match(contrary?.message ?? "", /raise the level to 4, and rule 5716 has level 5/);
});

test("a line that a sibling takes: an error that names the sibling", async () => {
  const key = failed.replace("Failed password", "Failed publickey");
  const [first] = await said(
    small(),
    await compiled(root.replace(failed, key).replace("raise: 10", "lower: 2")),
  );
  assert.is(first?.code, "deploy/chain");
  assert.match(first?.message ?? "", /rule 5719 \(.*level 3\) takes the event/);
});

if (stockIsHere)
  test("beside OSSEC's own rules the fourteenth failed password of root's fires no rule 5720", async () => {
    const there = host();
    for (const [path, content] of Object.entries(stockFiles("stock"))) there.write(path, content);
    const found = await said(there, await compiled(root));
    assert.match(found.map(({ message }) => message).join("\n"), /rule 5720 \(.*\) no longer counts/);
  });
else process.stdout.write("skipped: OSSEC's own rules are not at hand (../shared/ossec-ruleset)\n");

test.run();
