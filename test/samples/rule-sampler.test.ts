import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose, loadLooseAs } from "../../src/ossec/load/index.js";
import { RuleSampler, type Sample } from "../../src/samples/rule-sampler.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";

const decoders = String.raw`<decoder name="door"><program_name>^doord</program_name></decoder>
<decoder name="door-open">
  <parent>door</parent>
  <prematch>^opened by </prematch>
  <regex offset="after_prematch">^(\S+) from (\S+) with key (\d+)$</regex>
  <order>user, srcip, id</order>
</decoder>
<decoder name="gate"><prematch>^gate: </prematch></decoder>`;

const rules = String.raw`<group name="door,">
<rule id="100100" level="0"><decoded_as>door</decoded_as><description>all</description></rule>
<rule id="100101" level="3"><if_sid>100100</if_sid><match>opened</match><description>opened</description></rule>
<rule id="100102" level="5"><if_sid>100101</if_sid><user>^root$</user><description>root</description></rule>
<rule id="100103" level="5"><if_sid>100101</if_sid><srcip>10.0.0.0/8</srcip><id>^77</id><description>inside</description><group>inside,</group></rule>
<rule id="100104" level="7"><if_sid>100101</if_sid><time>2 am - 4 am</time><weekday>sunday</weekday><description>night</description></rule>
<rule id="100105" level="10" frequency="4" timeframe="60"><if_matched_sid>100101</if_matched_sid><same_source_ip /><description>many</description></rule>
<rule id="100106" level="10" frequency="2" timeframe="60"><if_matched_group>inside</if_matched_group><match>key 7799</match><description>group</description></rule>
<rule id="100107" level="3"><if_sid>100100</if_sid><match>forced</match><regex>^\w+ forced \d\d\d times$</regex><description>both</description></rule>
<rule id="100108" level="3"><if_sid>100107</if_sid><match>forced 123</match><description>child</description></rule>
<rule id="100109" level="3"><if_sid>100107</if_sid><match>forced 123 times</match><description>dead: 100108 takes them</description></rule>
<rule id="100110" level="4"><decoded_as>gate</decoded_as><pcre2>(?i)gate: (?:left|right) \d{3}</pcre2><description>gate</description></rule>
</group>`;

const bytes = (file: string, text: string) => ({ file, bytes: Buffer.from(text) });
const loaded = loadLoose(
  { decoders: [bytes("decoder.xml", decoders)], rules: [bytes("rules.xml", rules)] },
  { engine: "4.3" },
);

const sampler = new RuleSampler(loaded);
const samples = [...sampler.all()];

function answers(ruleset: LoadedOssec, all: readonly Sample[]): ReadonlyMap<Sample, number | null> {
  const engine = createEngine(ruleset, { ownHostname: "host1", timeZone: "UTC0", mode: "logtest" });
  const found = new Map<Sample, number | null>();
  for (const sample of all)
    for (const { line, time, location } of sample.lines) {
      const event = engine.process(line, time, location);
      found.set(sample, event.kind === "event" ? (event.rule?.id ?? null) : null);
    }
  return found;
}

test("the engine answers each line with the rule that it was made for; rules that no line reaches are named with who takes it", () => {
  const said = answers(loaded, samples);
  for (const sample of samples)
    if (sample.kind === "answer") assert.is(said.get(sample), sample.rule, JSON.stringify(sample.lines));
  const answered = new Set(samples.filter(({ kind }) => kind === "answer").map(({ rule }) => rule));
  for (let id = 100100; id <= 100110; id += 1) assert.is(answered.has(id), id !== 100109, `${id}`);
  assert.ok(
    sampler.unproven.some(({ rule, reason }) => rule === 100109 && reason.includes("100108")),
    JSON.stringify(sampler.unproven),
  );
});

test("lines beside, one event fewer and too late: the rule is not what answers", () => {
  const said = answers(loaded, samples);
  const others = samples.filter(({ kind }) => kind !== "answer");
  for (const kind of ["beside", "fewer", "late"])
    assert.ok(
      others.some((one) => one.kind === kind),
      kind,
    );
  for (const sample of others) assert.is.not(said.get(sample), sample.rule, JSON.stringify(sample));
});

test("times ascend, and the same configuration gives the same samples", () => {
  const times = samples.flatMap(({ lines }) => lines.map(({ time }) => time));
  assert.equal(
    times,
    [...times].sort((one, other) => one - other),
  );
  assert.equal([...new RuleSampler(loaded).all()], samples);
});

test("Wazuh: JSON with fields, negated patterns, different fields", () => {
  const wazuh = loadLooseAs(
    {
      decoders: [
        bytes(
          "decoders.xml",
          String.raw`<decoder name="json"><prematch>^{\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>`,
        ),
      ],
      rules: [
        bytes(
          "rules.xml",
          String.raw`<group name="app,">
<rule id="100200" level="0"><decoded_as>json</decoded_as><field name="app.name">^door$</field><description>all</description></rule>
<rule id="100201" level="3"><if_sid>100200</if_sid><field name="app.result">refused|denied</field><match negate="yes">test</match><description>refused</description></rule>
<rule id="100202" level="3"><if_sid>100201</if_sid><field name="app.reason" type="pcre2">^\d{3}-[a-f]+$</field><srcip negate="yes">10.0.0.0/8</srcip><description>reason</description></rule>
<rule id="100203" level="3"><if_sid>100200</if_sid><match>"kind":"alarm"</match><description>alarm</description></rule>
<rule id="100204" level="9" frequency="3" timeframe="60"><if_matched_sid>100201</if_matched_sid><same_field>app.result</same_field><description>many</description></rule>
</group>`,
        ),
      ],
    },
    wazuh4,
    {},
  );
  const own = new RuleSampler(wazuh);
  const all = [...own.all()];
  const said = answers(wazuh, all);
  for (const sample of all) if (sample.kind === "answer") assert.is(said.get(sample), sample.rule);
  assert.equal(own.unproven, []);
});

test.run();
