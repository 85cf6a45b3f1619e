import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ImportOptions, runImport } from "../../../src/import/import.js";
import { scratchFolder } from "../../scratch-folder.js";

const decoders = String.raw`<decoder name="door"><program_name>^doord</program_name></decoder>
<decoder name="door-open">
  <parent>door</parent>
  <regex>^opened by (\S+) from (\S+)$</regex>
  <order>user, srcip</order>
</decoder>
<decoder name="last"><prematch>^never seen$</prematch></decoder>
`;

/** What others wrote, and what came first. */
const theirs = `<group name="door,">
<rule id="5000" level="0"><decoded_as>door</decoded_as><description>all of the door</description></rule>
<rule id="5001" level="3"><if_sid>5000</if_sid><match>opened</match><description>opened</description></rule>
</group>
`;

const local = `<group name="local,">
<rule id="100101" level="7"><if_sid>5001</if_sid><user>^root$</user><description>door: root</description></rule>
<rule id="100102" level="10" frequency="4" timeframe="60"><if_matched_sid>5001</if_matched_sid><same_source_ip /><description>door: many</description></rule>
</group>
`;

const conf = `<ossec_config>
<global><white_list>192.0.2.77</white_list></global>
<rules><include>rules_config.xml</include><include>door_rules.xml</include><include>local_rules.xml</include></rules>
<command><name>drop</name><executable>firewall-drop.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>drop</command><location>local</location><rules_id>100102</rules_id><timeout>600</timeout></active-response>
</ossec_config>
`;

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, at) =>
      `<group name="${category},"><rule id="${at + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>\n`,
  )
  .join("");

function home(withLocal: boolean): string {
  const folder = realpathSync(scratchFolder("import-home"));
  for (const name of ["etc", "rules"]) mkdirSync(join(folder, name));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write("etc/decoder.xml", decoders);
  write("etc/ossec.conf", conf);
  write("rules/rules_config.xml", roots);
  write("rules/door_rules.xml", theirs);
  const none =
    '<group name="none,"><rule id="199999" level="0"><match>zz_never_zz</match><description>x</description></rule></group>';
  write("rules/local_rules.xml", withLocal ? local : none);
  return folder;
}

const options = (more: Partial<ImportOptions>): ImportOptions => ({
  paths: [],
  from: "ossec",
  into: realpathSync(scratchFolder("import-into")),
  home: null,
  name: "doors",
  order: null,
  fix: false,
  force: false,
  check: false,
  logs: [],
  timeZone: "UTC0",
  show: (path) => path,
  ...more,
});

const errors = ({ diagnostics }: Awaited<ReturnType<typeof runImport>>): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

test("a home: its local rules in the bundle's form, beside the rest of the home, answer and block as before", async () => {
  const result = await runImport(options({ paths: [home(true)] }));
  assert.equal(errors(result), []);
  assert.equal(result.proof?.differences, []);
  assert.ok((result.proof?.lines ?? 0) > 10);
  assert.equal(result.proof?.behaviour.noLongerBlocked, []);
});

test("a rule file over a home that has none of it, and over one that has it", async () => {
  const file = join(scratchFolder("import-file"), "local_rules.xml");
  writeFileSync(file, local);
  for (const has of [false, true]) {
    const result = await runImport(options({ paths: [file], home: home(has) }));
    assert.equal(errors(result), []);
    assert.equal(result.proof?.differences, []);
    assert.equal(result.proof?.unproven, []);
  }
});

test("a rule file alone: stand-ins for what it names, so that its rules are reached", async () => {
  const file = join(scratchFolder("import-file"), "local_rules.xml");
  writeFileSync(file, local);
  const { proof } = await runImport(options({ paths: [file] }));
  assert.equal(proof?.differences, []);
  assert.equal(proof?.unproven, []);
  assert.is(proof?.answered, 2);
});

test("--check writes nothing and sees what was changed in the bundle since", async () => {
  const first = options({ paths: [home(true)] });
  assert.equal(errors(await runImport(first)), []);
  const file = join(first.into, "doors.zopf.ts");
  const again = await runImport({ ...first, check: true });
  assert.equal(errors(again), []);
  assert.equal(again.written, []);
  assert.equal(again.proof?.differences, []);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/raise: 7/, "raise: 8"));
  assert.is.not(readFileSync(file, "utf8"), text);
  const changed = await runImport({ ...first, check: true });
  assert.equal(errors(changed), []);
  const [difference] = changed.proof?.differences ?? [];
  assert.equal([difference?.before.level, difference?.after.level], [7, 8]);
});

test.run();
