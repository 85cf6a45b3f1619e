import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import { loadLoose, loadOssec, type OssecSource } from "../../../src/ossec/load/index.js";
import { minimalTree } from "./minimal-tree.js";

const engines = fc.constantFrom<EngineVersion>("4.3", "3.8", "3.7");

const rulesText = `<var name="A">x</var>
<group name="a,"><rule id="100" level="3"><decoded_as>p</decoded_as><match>$A|b</match><group>scan,</group><description>d</description></rule>
<rule id="101" level="9" frequency="2" timeframe="60"><if_matched_sid>100</if_matched_sid><same_source_ip /><info type="link">u</info></rule>
<rule id="102" level="0"><if_group>scan</if_group><srcip>!10.0.0.0/8</srcip><time>6 pm - 8 am</time><weekday>weekends</weekday></rule>
<rule id="100" level="5" overwrite="yes"><regex>^a(\\d+)\\.$</regex><options>no_log</options></rule>
<rule id="103" level="1"><if_level>3</if_level><pcre2>a[b-d]++</pcre2><list field="srcip" lookup="match_key">l</list><field name="k">v</field></rule></group>`;

const decoderText = `<decoder name="p"><program_name>^x</program_name></decoder>
<decoder name="k"><parent>p</parent><prematch offset="after_parent">^a</prematch><regex offset="after_prematch">(\\S+) (\\d+)</regex><order>srcip, id</order><fts>name,id</fts></decoder>
<decoder name="q"><prematch_pcre2>^\\w</prematch_pcre2><type>web-log</type><plugin_decoder>PF_Decoder</plugin_decoder></decoder>`;

const confText = `<ossec_config><global><white_list>192.0.2.1</white_list><memory_size>10</memory_size></global>
<rules><include>a.xml</include><decoder>etc/d.xml</decoder><list>l</list><rule_dir pattern=".xml$">rules</rule_dir></rules>
<alerts><log_alert_level>1</log_alert_level></alerts><localfile><location>/x/*</location><log_format>multi-line: 3</log_format></localfile>
<command><name>c</name><executable>c</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>c</command><location>local</location><level>6</level><rules_id>100,</rules_id><rules_group>a|b</rules_group><timeout>600</timeout></active-response></ossec_config>`;

const snippet = fc.constantFrom(
  "<",
  ">",
  "</",
  "/>",
  '"',
  "'",
  "=",
  "\\",
  "$",
  "!",
  ",",
  " ",
  "0",
  "99999999999",
  "abc",
  "(",
  ")",
  "*",
  "yes",
  "<rule>",
  "</rule>",
  "</group>",
  "<!--",
  "-->",
  "\0",
  "\xff",
  "\n",
  "any",
  "100",
  "id",
  "user",
);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(5000),
  remove: fc.nat(12),
  insert: fc.oneof(snippet, fc.constant(""), fc.string({ maxLength: 4 })),
});

function mutate(text: string, edits: readonly Edit[]): Buffer {
  let result = text;
  for (const { at, remove, insert } of edits) {
    const from = at % (result.length + 1);
    result = result.slice(0, from) + insert + result.slice(from + remove);
  }
  return Buffer.from(result, "latin1");
}

/** Places lie in their files, and a problem that stops the engine says so. */
function checkProblems(loaded: ReturnType<typeof loadOssec>): void {
  for (const problem of loaded.problems) {
    assert.ok(problem.line >= 1 && problem.column >= 1);
    assert.is(problem.outcome === "warning", problem.effect === undefined);
    assert.ok(problem.message.length > 0);
  }
  for (const rule of loaded.rules)
    assert.ok(loaded.written.rule(rule).elements.length >= 0 && rule.level >= 0);
}

const fuzz = suite("mutated files");

fuzz("of rules and decoders never throw", () => {
  fc.assert(
    fc.property(
      fc.array(edit, { maxLength: 6 }),
      fc.array(edit, { maxLength: 3 }),
      engines,
      (inRules, inDecoders, engine) => {
        const files = {
          rules: [{ file: "r.xml", bytes: mutate(rulesText, inRules) }],
          decoders: [{ file: "d.xml", bytes: mutate(decoderText, inDecoders) }],
        };
        checkProblems(loadLoose(files, { engine }));
        checkProblems(loadLoose(files, { engine, order: "unknown", open: true }));
      },
    ),
    { numRuns: 250 },
  );
});

fuzz("of ossec.conf never throw", () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), engines, (edits, engine) => {
      const tree = minimalTree({ "rules/a.xml": rulesText, "etc/d.xml": decoderText });
      const source: OssecSource = {
        ...tree,
        read: (path) => (path === "etc/ossec.conf" ? mutate(confText, edits) : tree.read(path)),
      };
      checkProblems(loadOssec(source, { engine }));
    }),
    { numRuns: 200 },
  );
});

fuzz("and plain bytes never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), engines, (bytes, engine) => {
      const files = [{ file: "f", bytes }];
      checkProblems(loadLoose({ rules: files, decoders: files, conf: files, lists: files }, { engine }));
    }),
  );
});

const rule = (id: number, elements: string, level = 3): string =>
  `<rule id="${id}" level="${level}">${elements}<description>d</description></rule>\n`;

function loadRules(rules: string) {
  return loadLoose(
    {
      decoders: [],
      rules: [{ file: "r.xml", bytes: Buffer.from(`<group name="t,">${rules}</group>`, "latin1") }],
    },
    { engine: "4.3" },
  );
}

const many = 8_000;
const numbers = Array.from({ length: many }, (_, index) => index);

fuzz("a chain of many rules loads", () => {
  const chain = numbers.map((n) => rule(100 + n, n === 0 ? "" : `<if_sid>${99 + n}</if_sid>`));
  const loaded = loadRules(chain.join(""));
  assert.equal(loaded.problems, []);
  assert.is(loaded.rules.length, many + 7);
});

fuzz("many rules below one parent load, of any levels, overwritten too", () => {
  const flat = numbers.map((n) => rule(100 + n, "", n % 16));
  assert.equal(loadRules(flat.join("")).problems, []);
  const overwrites = numbers
    .slice(0, 500)
    .map((n) => `<rule id="${100 + n}" level="${n % 16}" overwrite="yes"><match>x</match></rule>`);
  assert.equal(loadRules(flat.join("") + overwrites.join("")).problems, []);
});

fuzz("many groups and many that look for them load", () => {
  const groups = numbers.slice(0, many / 2).map((n) => rule(100 + n, `<group>g${n},</group>`));
  const seekers = numbers.slice(0, many / 2).map((n) => rule(500_000 + n, `<if_group>g${n},</if_group>`));
  assert.equal(loadRules(groups.join("") + seekers.join("")).problems, []);
});

fuzz("rules that multiply one another are told as a load that does not end", () => {
  const multiplying = numbers.slice(0, 60).map((n) => rule(100 + n, n === 0 ? "" : "<if_group>t</if_group>"));
  const { problems } = loadRules(multiplying.join(""));
  assert.equal(
    problems.map(({ code, outcome }) => [code, outcome]),
    [["OSSEC-RULE-TREE-SIZE", "hang"]],
  );
});

fuzz.run();
