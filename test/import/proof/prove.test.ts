import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Proof, prove } from "../../../src/import/proof/prove.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { loadLoose } from "../../../src/ossec/load/index.js";
import { scratchFolder } from "../../scratch-folder.js";

const decoders = String.raw`<decoder name="door"><program_name>^doord</program_name></decoder>
<decoder name="door-open">
  <parent>door</parent>
  <regex>^opened by (\S+) from (\S+)$</regex>
  <order>user, srcip</order>
</decoder>
<decoder name="last"><prematch>^never seen$</prematch></decoder>`;

const rules = `<group name="door,">
<rule id="100100" level="0"><decoded_as>door</decoded_as><description>all</description></rule>
<rule id="100101" level="3"><if_sid>100100</if_sid><match>opened</match><description>opened</description></rule>
<rule id="100102" level="10" frequency="4" timeframe="60"><if_matched_sid>100101</if_matched_sid><same_source_ip /><description>many</description></rule>
</group>`;

const conf = `<ossec_config>
<global><white_list>192.0.2.77</white_list></global>
<command><name>drop</name><executable>drop.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><rules_id>100102</rules_id><timeout>600</timeout></active-response>
</ossec_config>`;

function load(change: (text: string) => string = (text) => text): LoadedOssec {
  const file = (name: string, text: string) => ({ file: name, bytes: Buffer.from(change(text)) });
  return loadLoose(
    {
      decoders: [file("decoder.xml", decoders)],
      rules: [file("rules.xml", rules)],
      conf: [file("ossec.conf", conf)],
    },
    { engine: "4.3" },
  );
}

function proofOf(after: LoadedOssec, logs: readonly string[] = []): Promise<Proof> {
  return prove({
    before: load(),
    after,
    rules: null,
    logs,
    year: null,
    timeZone: "UTC0",
    show: (path) => path,
  });
}

test("the same configuration: every line is answered alike", async () => {
  const proof = await proofOf(load());
  assert.is(proof.same, proof.lines);
  assert.equal(proof.unproven, []);
  assert.is(proof.answered, 3);
  assert.equal(proof.behaviour.nowBlocked, []);
});

for (const [what, change, rule] of [
  ["another level", (text: string) => text.replace('level="3"', 'level="4"'), 100101],
  ["a frequency one more", (text: string) => text.replace('frequency="4"', 'frequency="5"'), 100102],
  ["a shorter time", (text: string) => text.replace('timeframe="60"', 'timeframe="3"'), 100102],
  ["a field that is not taken", (text: string) => text.replace("user, srcip", "srcip"), 100101],
  [
    "a pattern that takes less",
    (text: string) => text.replace("<match>opened<", "<match>^opened by<"),
    100101,
  ],
  ["a pattern that takes more", (text: string) => text.replace("<match>opened<", "<match>opene<"), 100101],
  ["a response for another time", (text: string) => text.replace("600", "60"), 100102],
] as const)
  test(`${what} is a difference`, async () => {
    const { differences } = await proofOf(load(change));
    assert.ok(
      differences.some(({ from }) => from.kind === "sample" && from.rule === rule),
      JSON.stringify(differences.map(({ from }) => from)),
    );
  });

test("a block that is gone, and lines of a log", async () => {
  const folder = scratchFolder("prove");
  const log = join(folder, "door.log");
  const line = (at: number) =>
    `Nov 14 22:13:${20 + at} gate doord[7]: opened by eve from 203.0.113.${at < 8 ? 9 : 10}\n`;
  writeFileSync(log, Array.from({ length: 9 }, (_, at) => line(at)).join(""));
  const after = load((text) => text.replace("<rules_id>100102</rules_id>", "<rules_id>100100</rules_id>"));
  const { behaviour, differences, diagnostics } = await proofOf(after, [log]);
  assert.equal(diagnostics, []);
  assert.equal(behaviour.noLongerBlocked, [
    "192.0.2.10",
    // The sources that are tried where a response looks at them.
    "192.0.2.99",
    "2001:db8::7",
    "203.0.113.9",
    "nowhere",
  ]);
  assert.ok(differences.some(({ from }) => from.kind === "log" && from.line === 6));
});

test.run();
