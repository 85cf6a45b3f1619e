import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadWazuh, type WazuhVerdict, wazuhVerdict } from "../../../src/wazuh/load/index.js";
import { homeSource } from "../../conformance/wazuh-home.js";

const decoders =
  '<decoder name="p"><program_name>^p$</program_name></decoder><decoder name="n"><prematch>^n</prematch></decoder>';
const rules =
  '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>r</description></rule>' +
  '<rule id="100100" level="7"><match>bad</match><group>loud,</group><description>d</description></rule></group>';

function load(conf: string) {
  const files = { "etc/ossec.conf": conf, "ruleset/rules/r.xml": rules, "ruleset/decoders/d.xml": decoders };
  return loadWazuh(
    homeSource(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))),
  );
}

const inConf = (sections: string): string => `<ossec_config>${sections}</ossec_config>`;
const verdict = (conf: string): WazuhVerdict => wazuhVerdict(load(conf).problems);

const test = suite("ossec.conf of Wazuh");

const global: readonly (readonly [string, WazuhVerdict])[] = [
  ["<white_list>10.0.0.0/8</white_list>", "ok"],
  ["<white_list>!10.0.0.0/255.0.0.0</white_list>", "ok"],
  ["<white_list>10.0.0.0/33</white_list>", "refused"],
  ["<white_list>300.1.1.1</white_list>", "refused"],
  ["<white_list>2001:db8::/999</white_list>", "ok"],
  ["<white_list></white_list>", "ok"],
  ["<allow_list>10.0.0.1</allow_list>", "refused"],
  ["<jsonout_output>yes</jsonout_output>", "ok"],
  ["<alerts_log>Yes</alerts_log>", "refused"],
  ["<logall_json>no</logall_json>", "ok"],
  ["<memory_size></memory_size>", "ok"],
  ["<stats>x</stats>", "refused"],
  ["<picviz_output>yes</picviz_output>", "refused"],
  ["<max_output_size>10x</max_output_size>", "refused"],
  ["<queue_size>0</queue_size>", "refused"],
  ["<agents_disconnection_time>10m</agents_disconnection_time>", "ok"],
  ["<agents_disconnection_time>x</agents_disconnection_time>", "refused"],
  ["<nosuch>x</nosuch>", "refused"],
];

for (const [element, expected] of global) {
  test(`<global> with ${element} is ${expected}`, () => {
    assert.is(verdict(inConf(`<global>${element}</global>`)), expected);
  });
}

test("sections and roots", () => {
  assert.is(verdict(""), "ok");
  assert.is(verdict("<ossec_config></ossec_config>"), "ok");
  assert.is(verdict(`<agent_config><x>y</x></agent_config>${inConf("")}`), "ok");
  assert.is(verdict("<other></other>"), "refused");
  for (const name of ["localfile", "remote", "syscheck", "wodle", "cluster", "rule_test", "integration"])
    assert.is(verdict(inConf(`<${name}><nosuch>x</nosuch></${name}>`)), "ok", name);
  assert.is(verdict(inConf("<nosuch><x>y</x></nosuch>")), "refused");
  assert.is(verdict(inConf("<rules><include>x</include></rules>")), "refused");
  assert.is(verdict(inConf("<localfile></localfile>")), "refused");
  assert.is(verdict("<ossec_config>"), "refused");
});

test("levels are numbers without a limit", () => {
  assert.is(verdict(inConf("<alerts><log_alert_level>99</log_alert_level></alerts>")), "ok");
  assert.is(verdict(inConf("<alerts><log_alert_level></log_alert_level></alerts>")), "ok");
  assert.is(verdict(inConf("<alerts><log_alert_level>-1</log_alert_level></alerts>")), "refused");
  assert.is(verdict(inConf("<alerts><use_geoip>yes</use_geoip></alerts>")), "refused");
});

const command = "<command><name>c</name><executable>x</executable></command>";
const response = (elements: string): string =>
  inConf(`${command}<active-response>${elements}</active-response>`);

test("commands and responses", () => {
  assert.is(verdict(inConf("<command><name>!c</name><executable>x</executable></command>")), "refused");
  assert.is(verdict(inConf("<command><name></name><executable></executable></command>")), "ok");
  assert.is(verdict(inConf("<command><name>c</name></command>")), "refused");
  assert.is(verdict(inConf(command + command)), "ok");
  const local = "<command>c</command><location>local</location>";
  assert.is(verdict(response(local)), "ok");
  assert.is(verdict(response("<command>d</command><location>local</location>")), "refused");
  assert.is(verdict(response("<command>c</command><location>here</location>")), "refused");
  assert.is(verdict(response(`${local}<level>21</level>`)), "refused");
  assert.is(verdict(response(`${local}<timeout>60</timeout>`)), "ok");
  assert.is(verdict(response("<disabled>yes</disabled>")), "ok");
  assert.is(verdict(response("<repeated_offenders>1</repeated_offenders>")), "ok");
  const agent = (id: string): string =>
    response(`<command>c</command><location>defined-agent</location><agent_id>${id}</agent_id>`);
  assert.is(verdict(agent("001")), "ok");
  assert.is(verdict(agent("0")), "warned");
  assert.is(verdict(agent("x")), "warned");
  assert.is(load(agent("0")).conf.activeResponses.length, 0);
});

test("level and rules_group must both hold; rules_id is added", () => {
  const bound = (elements: string): number =>
    load(response(`<command>c</command><location>local</location>${elements}`)).ruleById.get(100100)
      ?.activeResponses.length ?? -1;
  assert.is(bound("<level>7</level>"), 1);
  assert.is(bound("<rules_group>loud</rules_group>"), 1);
  assert.is(bound("<level>7</level><rules_group>loud</rules_group>"), 1);
  assert.is(bound("<level>8</level><rules_group>loud</rules_group>"), 0);
  assert.is(bound("<level>7</level><rules_group>quiet</rules_group>"), 0);
  assert.is(bound("<level>8</level><rules_group>loud</rules_group><rules_id>100100</rules_id>"), 1);
});

test.run();
