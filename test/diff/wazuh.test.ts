import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compareNeverBlock, type EntryReader } from "../../src/diff/address-sets.js";
import { diffDeployed, withBehaviour } from "../../src/diff/diff.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";
import { compiled, deployTo, type Host, host } from "../deploy/host.js";

const wazuh = { 'version: "4.3", dialect: "ossec"': 'version: "4.14", dialect: "wazuh"' };

const conf = `<ossec_config>
  <global><white_list>127.0.0.1</white_list></global>
  <ruleset>
    <decoder_dir>ruleset/decoders</decoder_dir>
    <rule_dir>ruleset/rules</rule_dir>
    <decoder_dir>etc/decoders</decoder_dir>
    <rule_dir>etc/rules</rule_dir>
  </ruleset>
</ossec_config>
`;

/** A small Wazuh installation with entries of its own. */
const home: Readonly<Record<string, string>> = {
  "var/ossec/etc/ossec.conf": conf,
  "var/ossec/ruleset/decoders/0006-json_decoders.xml":
    '<decoder name="json"><prematch>^{\\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>\n',
  "var/ossec/ruleset/rules/0010-rules.xml":
    '<group name="a,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>x</description></rule></group>\n',
  "var/ossec/etc/decoders/local_decoder.xml":
    '<decoder name="mine"><program_name type="pcre2">^x</program_name></decoder>\n',
};

async function deployed(replace: Readonly<Record<string, string>> = {}): Promise<Host> {
  const there = host(home);
  const report = await deployTo(there.root, await compiled({ ...wazuh, ...replace }));
  assert.is(report.outcome, "installed", JSON.stringify(report.diagnostics));
  return there;
}

const log = join("examples", "zeek-wazuh", "cases", "port-scan", "conn.log");
const options = { logs: [log], timeZone: "UTC", show: showPath };

test("--replay on a Wazuh home: who is blocked now and was not before", async () => {
  const there = await deployed({ "threshold: 5": "threshold: 500" });
  const bundle = await compiled(wazuh);
  const report = await withBehaviour(
    await diffDeployed(bundle, there.root, showPath),
    bundle,
    there.root,
    options,
  );
  assert.ok((report.behaviour?.nowBlocked.length ?? 0) > 0, JSON.stringify(report));
  assert.equal(report.behaviour?.noLongerBlocked, []);
});

test("a rule that somebody overwrites weakens the defence, and the logs show it", async () => {
  const there = await deployed();
  there.write(
    "var/ossec/etc/rules/zz_rules.xml",
    '<group name="x,"><rule id="100500" level="0" overwrite="yes"><match>zzz</match><description>off</description></rule></group>',
  );
  const bundle = await compiled(wazuh);
  const report = await withBehaviour(
    await diffDeployed(bundle, there.root, showPath),
    bundle,
    there.root,
    options,
  );
  assert.equal(
    report.changes.map(({ kind, id, weakens }) => [kind, id, weakens]),
    [["conflict", "100500", true]],
  );
  assert.is(report.behaviour?.alertsAfter, 0);
});

test("what keeps both configurations from being replayed is said once", async () => {
  const there = await deployed();
  there.write(
    "var/ossec/etc/rules/zz_rules.xml",
    '<group name="x,"><rule id="100100" level="3"><decoded_as>nobody</decoded_as><description>x</description></rule></group>',
  );
  const bundle = await compiled(wazuh);
  const { diagnostics } = await withBehaviour(
    await diffDeployed(bundle, there.root, showPath),
    bundle,
    there.root,
    options,
  );
  assert.is(diagnostics.filter(({ message }) => message.includes("nobody")).length, 1);
});

test("an IPv6 network in Wazuh's white list is the name of a host: a wider one holds nothing of it", () => {
  const both = (read?: EntryReader): readonly string[] =>
    compareNeverBlock(
      ["2001:db8::/32", "10.0.0.0/8"],
      ["2001:db8::/32", "10.0.0.0/8", "2001:db8:1::/48", "10.1.0.0/16"],
      "ossec.conf",
      "the list",
      true,
      read,
    ).map(({ summary }) => summary);
  const held = (network: string): string => `the list gains ${network}, which other entries held already`;
  assert.equal(both(), [held("2001:db8:1::/48"), held("10.1.0.0/16")]);
  const wazuhs: EntryReader = (text) => {
    const entry = wazuh4.conf.whiteListEntry(text);
    return typeof entry === "string" ? null : entry;
  };
  assert.equal(both(wazuhs), ["the list gains 2001:db8:1::/48", held("10.1.0.0/16")]);
});

test("a rule file of the bundle that is named and not there is told", async () => {
  const there = await deployed();
  there.remove("var/ossec/etc/rules/zopf-perimeter_rules.xml");
  const { diagnostics } = await diffDeployed(await compiled(wazuh), there.root, showPath);
  assert.match(diagnostics.map(({ message }) => message).join("\n"), "ossec.conf names it");
});

test.run();
