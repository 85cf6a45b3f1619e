import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadLooseWazuh, wazuhVerdict } from "../../../src/wazuh/load/index.js";
import { shared } from "../../conformance/ossec-oracle.js";
import { homeFiles, loadFiles } from "../engine/tree.js";

const rulesText = `<rule id="100" level="3"><decoded_as>p</decoded_as><match type="pcre2" negate="no">$(a)|b</match><group>scan,pci_dss_1.1,</group><description>$(srcip) d</description></rule>
<rule id="101" level="9" frequency="3" timeframe="60" ignore="5"><if_matched_sid>100</if_matched_sid><same_srcip /><different_field>k.v</different_field><global_frequency /><info type="link">u</info><description>d</description></rule>
<rule id="102" level="0"><if_group>scan</if_group><srcip negate="yes">10.0.0.0/8</srcip><time>6 pm - 8 am</time><weekday>weekends</weekday><description>d</description></rule>
<rule id="100" level="5" overwrite="yes"><regex>^a(\\d+)\\.$</regex><options>no_full_log</options><description>d</description></rule>
<rule id="103" level="1" noalert="1"><if_level>3</if_level><regex type="pcre2">a[b-d]++</regex><list field="k.v" lookup="match_key_value" check_value="^a">etc/lists/l</list><field name="k" type="osmatch">v</field><mitre><id>T1110</id></mitre><description>d</description></rule>
<rule id="104" level="4" maxsize="10"><if_sid>100,102</if_sid><action>deny</action><location>x</location><ignore>user,k</ignore><description>d</description></rule>`;

const decoderText = `<decoder name="p"><program_name type="pcre2">^x</program_name></decoder>
<decoder name="k"><parent>p</parent><prematch type="pcre2" offset="after_parent">^a</prematch><regex offset="after_prematch">(\\S+) (\\d+)</regex><order>srcip, id</order><fts>name,id</fts></decoder>
<decoder name="k"><parent>p</parent><regex type="pcre2" offset="after_regex">k=(\\w+)</regex><order>k</order></decoder>
<decoder name="j"><parent>p</parent><use_own_name>true</use_own_name><prematch>^{</prematch><plugin_decoder offset="after_parent">JSON_Decoder</plugin_decoder><json_null_field>discard</json_null_field><json_array_structure>csv</json_array_structure></decoder>`;

const snippet = fc.constantFrom(
  "<",
  ">",
  "</",
  "/>",
  '"',
  "=",
  "\\",
  "$",
  "!",
  ",",
  " ",
  "0",
  "99999999999",
  "(",
  ")",
  "*",
  "yes",
  "no",
  ' type="pcre2"',
  ' type="osmatch"',
  ' negate="yes"',
  ' offset="after_regex"',
  "<rule>",
  "</rule>",
  "</group>",
  "<!--",
  "-->",
  "\0",
  "\xff",
  "\n",
  "any",
  "::1/64",
  "100",
);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit = (length: number): fc.Arbitrary<Edit> =>
  fc.record({
    at: fc.nat(length),
    remove: fc.nat(12),
    insert: fc.oneof(snippet, fc.constant(""), fc.string({ maxLength: 4 })),
  });

function mutate(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { at, remove, insert } of edits) {
    const from = at % (result.length + 1);
    result = result.slice(0, from) + insert + result.slice(from + remove);
  }
  return result;
}

const lines = [
  'Dec 29 10:00:01 h x[1]: {"k":{"v":[1,null,"a"]},"srcip":"10.0.0.1"}',
  "Dec 29 10:00:01 h x[1]: a 10.1.2.3 17 k=v",
  "plain",
  "Dec 29 10:00:01 h x: a12.",
];

/** Places lie in their files; what starts runs. */
function check(loaded: LoadedOssec): void {
  for (const problem of loaded.problems) {
    assert.ok(problem.line >= 1 && problem.column >= 1 && problem.file !== "");
    assert.is(problem.outcome === "warning", problem.effect === undefined);
    assert.ok(problem.message.length > 0);
  }
  for (const rule of loaded.rules) assert.ok(loaded.written.rule(rule).elements.length >= 0);
  for (const decoder of loaded.decoders.all) assert.ok(loaded.written.decoder(decoder).elements.length >= 0);
  const verdict = wazuhVerdict(loaded.problems);
  if (verdict === "refused") return;
  const engine = createEngine(loaded, { ownHostname: "h", timeZone: "UTC", mode: "logtest" });
  if (engine.unrunnable.length > 0) return;
  for (const [index, line] of lines.entries()) engine.process(line, 1700000000 + index);
}

const fuzz = suite("mutated Wazuh files");

fuzz("of a home never throw, and what starts runs lines", () => {
  fc.assert(
    fc.property(
      fc.array(edit(1800), { maxLength: 5 }),
      fc.array(edit(900), { maxLength: 3 }),
      (inRules, inDecoders) => {
        const tree = { rules: mutate(rulesText, inRules), decoders: mutate(decoderText, inDecoders) };
        check(loadFiles(homeFiles({ ...tree, files: { "etc/lists/l": "a:b\n" } })));
      },
    ),
    { numRuns: 250 },
  );
});

fuzz("given alone never throw, whatever is missing", () => {
  fc.assert(
    fc.property(
      fc.array(edit(1800), { maxLength: 6 }),
      fc.array(edit(900), { maxLength: 3 }),
      (one, other) => {
        const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
        const files = {
          rules: [{ file: "r.xml", bytes: bytes(mutate(`<group name="t,">${rulesText}</group>`, one)) }],
          decoders: [{ file: "d.xml", bytes: bytes(mutate(decoderText, other)) }],
        };
        check(loadLooseWazuh(files, { order: "unknown", open: true }));
      },
    ),
    { numRuns: 150 },
  );
});

const stock = join(shared, "wazuh-ruleset");
if (!existsSync(stock))
  console.log("skipped: ../shared/wazuh-ruleset is not here, so its files are not mutated");
else {
  const texts = (folder: string): readonly string[] =>
    readdirSync(join(stock, folder))
      .filter((name) => name.endsWith(".xml"))
      .map((name) => readFileSync(join(stock, folder, name), "latin1"))
      .filter(({ length }) => length < 30_000);
  const [rules, decoders] = [texts("rules"), texts("decoders")];

  fuzz("of the stock set never throw", () => {
    const of = (all: readonly string[]): fc.Arbitrary<Buffer> =>
      fc
        .tuple(fc.constantFrom(...all), fc.array(edit(30_000), { minLength: 1, maxLength: 6 }))
        .map(([text, edits]) => Buffer.from(mutate(text, edits), "latin1"));
    fc.assert(
      fc.property(of(rules), of(decoders), (rule, decoder) => {
        const files = {
          rules: [{ file: "r.xml", bytes: rule }],
          decoders: [{ file: "d.xml", bytes: decoder }],
        };
        check(loadLooseWazuh(files, { open: true }));
      }),
      { numRuns: 60 },
    );
  });
}

const rule = (id: number, elements: string, level = 3): string =>
  `<rule id="${id}" level="${level}">${elements}<match>x</match><description>d</description></rule>\n`;

const loadRules = (rules: string): LoadedOssec => loadFiles(homeFiles({ rules }));
const many = 8_000;
const numbers = Array.from({ length: many }, (_, index) => index);

fuzz("a chain of many rules loads", () => {
  const chain = numbers.map((n) => rule(100 + n, n === 0 ? "" : `<if_sid>${99 + n}</if_sid>`));
  const loaded = loadRules(chain.join(""));
  assert.equal(loaded.problems, []);
  assert.is(loaded.ruleById.size, many + 7);
});

fuzz("many rules below one parent load, of any level, overwritten too", () => {
  const flat = numbers.map((n) => rule(100 + n, "", n % 16));
  const overwrites = numbers
    .slice(0, 500)
    .map((n) => rule(100 + n, "", n % 16).replace("<rule ", '<rule overwrite="yes" '));
  assert.equal(loadRules(flat.join("") + overwrites.join("")).problems, []);
});

fuzz("many groups and many that look for them load", () => {
  const groups = numbers.slice(0, many / 2).map((n) => rule(100 + n, `<group>g${n},</group>`));
  const seekers = numbers.slice(0, many / 2).map((n) => rule(500_000 + n, `<if_group>g${n},</if_group>`));
  assert.equal(loadRules(groups.join("") + seekers.join("")).problems, []);
});

fuzz("rules that multiply one another are reported as a load that does not end", () => {
  const multiplying = numbers.slice(0, 60).map((n) => rule(100 + n, n === 0 ? "" : "<if_group>t</if_group>"));
  assert.equal(
    loadRules(multiplying.join("")).problems.map(({ code, outcome }) => [code, outcome]),
    [["OSSEC-RULE-TREE-SIZE", "hang"]],
  );
});

fuzz.run();
