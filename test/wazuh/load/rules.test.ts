import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec, RuleNode } from "../../../src/ossec/definitions.js";
import { type WazuhVerdict, wazuhVerdict } from "../../../src/wazuh/load/index.js";
import { homeFiles, loadFiles } from "../engine/tree.js";

const description = "<description>d</description>";
const loadRules = (rules: string, files: Readonly<Record<string, string>> = {}): LoadedOssec =>
  loadFiles(homeFiles({ rules, files }));
const rule = (id: number, elements: string, attributes = 'level="5"'): string =>
  `<rule id="${id}" ${attributes}>${elements}${description}</rule>`;

/** A tree in one line: `1(100(101))`, without roots that have no children. */
function shape(nodes: readonly RuleNode[]): string {
  return nodes
    .filter((node) => node.rule.id >= 10 || node.children.length > 0)
    .map(({ rule: { id }, children }) => (children.length === 0 ? `${id}` : `${id}(${shape(children)})`))
    .join(" ");
}

// What the real engine said (a sample of config_verdicts.json).
const attributes: readonly (readonly [string, WazuhVerdict])[] = [
  ['id="1" level="5"', "left-out"],
  ['id="0100001" level="5"', "refused"],
  ['id="100001"', "refused"],
  ['id="100001" level=""', "ok"],
  ['id="100001" level="17"', "refused"],
  ['id="100001" level="x"', "refused"],
  ['id="100001" level="5" maxsize=""', "ok"],
  ['id="100001" level="5" frequency="9999"', "refused"],
  ['id="100001" level="5" frequency=""', "refused"],
  ['id="100001" level="5" noalert="yes"', "warned"],
  ['id="100001" level="5" noalert="1"', "ok"],
  ['id="100001" level="5" overwrite="yes"', "warned"],
  ['id="100001" level="5" overwrite="YES"', "refused"],
  ['id="100001" level="5" foo="1"', "refused"],
];

for (const [written, verdict] of attributes) {
  test(`<rule ${written}> is ${verdict}`, () => {
    const loaded = loadRules(`<rule ${written}><match>x</match>${description}</rule>`);
    assert.is(wazuhVerdict(loaded.problems), verdict);
  });
}

const elements: readonly (readonly [string, WazuhVerdict])[] = [
  ["<srcuser>x</srcuser>", "refused"],
  ["<match_pcre2>x</match_pcre2>", "refused"],
  ['<match type="x">a</match>', "warned"],
  ['<match TYPE="x">a</match>', "ok"],
  ['<match negate="maybe">a</match>', "warned"],
  ["<regex>(a|b)</regex>", "refused"],
  ['<regex type="pcre2">(a|b)</regex>', "ok"],
  ['<user type="pcre2">(</user>', "refused"],
  ["<srcip>!10.0.0.0/8</srcip>", "ok"],
  ["<srcip>localhost</srcip>", "refused"],
  ['<srcip type="x">10.0.0.1</srcip>', "ok"],
  ['<field name="SrcIP">a</field>', "refused"],
  ['<field NAME="a">a</field>', "refused"],
  ['<field name="hostname">a</field>', "ok"],
  ["<decoded_as>nobody</decoded_as>", "refused"],
  ["<decoded_as>syscheck_new_entry</decoded_as>", "ok"],
  ["<if_sid>x</if_sid>", "left-out"],
  ["<if_sid>99</if_sid>", "left-out"],
  ["<if_sid>1,99</if_sid>", "warned"],
  ["<if_level>0</if_level>", "left-out"],
  ["<if_level>17</if_level>", "ok"],
  ["<if_group>nobody</if_group>", "left-out"],
  ["<if_matched_sid>x</if_matched_sid>", "left-out"],
  ['<list field="user">etc/lists/none</list>', "left-out"],
  ['<list field="user" lookup="x">etc/lists/none</list>', "refused"],
  ["<options>no_full_log</options>", "ok"],
  ["<options>No_log</options>", "refused"],
  ["<ignore>user,</ignore>", "refused"],
  ["<ignore>user,any.name</ignore>", "ok"],
  ['<info type="foo">x</info>', "warned"],
  ["<cve>CVE-1</cve>", "ok"],
  ["<mitre><id>T1110</id></mitre>", "ok"],
  ["<mitre><tacticID>TA1</tacticID></mitre>", "warned"],
  ["<same_id />", "refused"],
  ["<if_matched_sid>1</if_matched_sid><same_id />", "ok"],
  ["<if_matched_sid>1</if_matched_sid><Same_Id />", "refused"],
  ["<if_matched_sid>1</if_matched_sid><SAME_USER />", "ok"],
  ["<same_agent />", "warned"],
  ["<time>22:00</time>", "refused"],
  ["<time>1:60-2</time>", "ok"],
  ["<weekday>mon-fri</weekday>", "refused"],
  [`<regex>${"q".repeat(3000)}</regex>`, "warned"],
];

for (const [written, verdict] of elements) {
  test(`${written.slice(0, 70)} is ${verdict}`, () => {
    const loaded = loadRules(rule(100001, `<match>x</match>${written}`));
    assert.is(wazuhVerdict(loaded.problems), verdict);
    assert.is(loaded.ruleById.has(100001), verdict === "ok" || verdict === "warned" || verdict === "refused");
  });
}

test("a rule without a description is refused, and one whose description is too long", () => {
  const bare = `<rule id="100001" level="5"><match>x</match></rule>`;
  assert.is(wazuhVerdict(loadRules(bare).problems), "refused");
  const long = bare.replace("</rule>", `<description>${"d".repeat(2048)}</description></rule>`);
  assert.is(wazuhVerdict(loadRules(long).problems), "refused");
});

test("a pattern is of the language and the sense of its last element", () => {
  const loaded = loadRules(
    rule(100001, '<match negate="yes">a</match><match type="PCRE2">b</match><action>drop</action>') +
      rule(
        100002,
        '<match type="pcre2">a</match><match negate="YES">b</match><action type="osmatch">^d</action>',
      ),
  );
  const [one, other] = [100001, 100002].map((id) => loaded.ruleById.get(id));
  assert.equal(one?.match, { language: "pcre2", text: "ab" });
  assert.equal(one?.action, { language: "text", text: "drop" });
  assert.equal(other?.match, { language: "osmatch", text: "ab", negated: true });
  assert.equal(other?.action, { language: "osmatch", text: "^d" });
});

test("negate of the last address counts for all, and a ! is dropped", () => {
  const entries = (written: string) =>
    loadRules(rule(100001, written))
      .ruleById.get(100001)
      ?.srcip.map(({ text, negated }) => [text, negated]);
  assert.equal(entries('<srcip negate="yes">10.0.0.1</srcip><srcip>!10.0.0.2</srcip>'), [
    ["10.0.0.1", false],
    ["!10.0.0.2", false],
  ]);
  assert.equal(entries('<srcip>10.0.0.1</srcip><srcip negate="yes">10.0.0.2</srcip>'), [
    ["10.0.0.1", true],
    ["10.0.0.2", true],
  ]);
});

test("a composite's comparisons are lists, and its frequency is kept as two less", () => {
  const loaded = loadRules(
    rule(100001, "<match>x</match>") +
      rule(
        100002,
        "<if_matched_sid>100001</if_matched_sid><same_source_ip /><same_dst_port /><not_same_id /><different_url /><same_field>a.b</same_field><not_same_field>c</not_same_field><global_frequency />",
        'level="9" frequency="4"',
      ),
  );
  assert.is(loaded.ruleById.get(100002)?.frequency, 2);
  assert.equal(loaded.ruleById.get(100002)?.correlation, {
    same: ["srcip", "dstport"],
    different: ["id", "url"],
    sameFields: ["a.b"],
    differentFields: ["c"],
    global: true,
  });
});

test("places: a trailing separator reaches the root, if_level those of level 0, what has no place is left out", () => {
  const loaded = loadRules(
    rule(100001, "<match>x</match>", 'level="3"') +
      rule(100002, "<if_sid>100001,</if_sid>", 'level="4"') +
      rule(100003, "<if_sid>100009</if_sid>") +
      rule(100004, "<if_sid>100003</if_sid>") +
      rule(100005, "<if_matched_sid>100009</if_matched_sid>"),
  );
  assert.is(shape(loaded.roots), "1(100002 100001(100002))");
  assert.equal(
    loaded.problems.filter(({ outcome }) => outcome === "left-out").map(({ line }) => line),
    [1, 1, 1],
  );
  const level = loadRules(rule(100001, "<match>x</match>") + rule(100002, "<if_level>5</if_level>"));
  assert.match(shape(level.roots), /^1\(100001\(100002\) 100002\) 2\(100002\)/);
});

test("of two rules with one id the second is left out; an overwrite replaces all but the place and the search", () => {
  const loaded = loadRules(
    rule(100001, "<match>x</match><field name='a'>b</field>", 'level="3"') +
      rule(100001, "<match>y</match>", 'level="9"') +
      rule(100002, "<if_sid>100001</if_sid>", 'level="4"') +
      rule(
        100002,
        "<if_sid>1</if_sid><if_matched_sid>100001</if_matched_sid><field name='c'>d</field><group>new,</group>",
        'level="9" frequency="3" overwrite="yes"',
      ),
  );
  assert.is(loaded.ruleById.get(100001)?.match?.text, "x");
  const overwritten = loaded.ruleById.get(100002);
  assert.is(overwritten?.level, 9);
  assert.is(overwritten?.search, null);
  assert.equal(
    overwritten?.fields.map(({ name }) => name),
    ["c"],
  );
  assert.is(shape(loaded.roots), "1(100001(100002))");
  assert.is(loaded.ruleById.get(100001)?.feedsSidList, false);
  const said = loaded.problems.map(({ engineMessage, outcome }) => [engineMessage, outcome]);
  assert.equal(said, [
    [7612, "left-out"],
    [7605, "warning"],
    [7605, "warning"],
  ]);
});

test("level 0 with accuracy 0 becomes 99", () => {
  const loaded = loadRules(rule(100001, "<match>x</match>", 'level="0" accuracy="0"'));
  assert.is(loaded.ruleById.get(100001)?.level, 99);
});

test.run();
