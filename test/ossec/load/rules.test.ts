import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec, RuleDefinition, RuleNode } from "../../../src/ossec/definitions.js";
import { loadLoose } from "../../../src/ossec/load/index.js";

function load(rules: string, decoders = ""): LoadedOssec {
  return loadLoose(
    {
      rules: [{ file: "r.xml", bytes: Buffer.from(`<group name="t,">${rules}</group>`, "latin1") }],
      decoders: decoders === "" ? [] : [{ file: "d.xml", bytes: Buffer.from(decoders, "latin1") }],
    },
    { engine: "4.3" },
  );
}

/** The tree below a root as `id(children)`. */
function tree(loaded: LoadedOssec, root = 1): string {
  const draw = ({ rule, children }: RuleNode): string =>
    children.length === 0 ? `${rule.id}` : `${rule.id}(${children.map(draw).join(" ")})`;
  const node = loaded.roots.find(({ rule }) => rule.id === root);
  return node === undefined ? "" : draw(node);
}

function rule(loaded: LoadedOssec, id: number): RuleDefinition {
  const found = loaded.ruleById.get(id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

const simple = (id: number, level: number, parent = "", attributes = ""): string =>
  `<rule id="${id}" level="${level}" ${attributes}>${parent}<description>d</description></rule>`;
const under = (ids: string): string => `<if_sid>${ids}</if_sid>`;

const rules = suite("rules");

const trees: readonly (readonly [what: string, rules: string, expected: string])[] = [
  ["higher levels first, 0 before all", simple(100, 3) + simple(101, 0) + simple(102, 9), "1(101 102 100)"],
  ["accuracy 0 last", simple(100, 12, "", 'accuracy="0"') + simple(101, 1), "1(101 100)"],
  ["ties in load order", simple(100, 3) + simple(101, 3), "1(100 101)"],
  [
    "several parents",
    simple(100, 3) + simple(101, 2) + simple(102, 1, under("100, 101")),
    "1(100(102) 101(102))",
  ],
  [
    "every place of a parent gets the child",
    simple(100, 3) + simple(101, 2) + simple(102, 1, under("100 101")) + simple(103, 1, under("102")),
    "1(100(102(103)) 101(102(103)))",
  ],
  [
    "behind a place of the parent the search stops",
    simple(100, 3) +
      simple(101, 3, under("100")) +
      simple(102, 9, under("100,101")) +
      simple(103, 1, under("102")),
    "1(100(102(103) 101(102)))",
  ],
  [
    "a separator at the end is a second parent",
    simple(100, 3) + simple(101, 5, under("100,")),
    "1(101 100(101))",
  ],
  [
    "if_level takes level 0 too",
    simple(100, 0) + simple(101, 9, "<if_level>3</if_level>"),
    "1(100(101) 101)",
  ],
  ["if_level 0 is nowhere", simple(100, 3) + simple(101, 9, "<if_level>0</if_level>"), "1(100)"],
  [
    "if_group is a substring of any letter case",
    `${simple(100, 3, "<group>scan,</group>")}${simple(101, 3)}${simple(102, 5, "<if_group>SCA|zz</if_group>")}`,
    "1(100(102) 101)",
  ],
  [
    "a ^ wants the beginning of the group text",
    simple(100, 3) + simple(101, 1, "<if_group>^t</if_group>"),
    "1(100(101))",
  ],
  [
    "an overwrite keeps the place",
    simple(100, 3) + simple(101, 5) + simple(100, 9, "", 'overwrite="yes"') + simple(102, 7),
    "1(102 101 100)",
  ],
  [
    "if_matched_sid stands below its target",
    `${simple(100, 3)}${simple(101, 5, "<if_matched_sid>100</if_matched_sid>")}`,
    "1(100(101))",
  ],
];

for (const [what, text, expected] of trees) rules(what, () => assert.is(tree(load(text)), expected));

const levels: readonly (readonly [attributes: string, level: number])[] = [
  ['level="5"', 5],
  ['level="0"', 0],
  ['level="99"', 0],
  ['level="100"', 100],
  ['level="10000"', 1000],
  ['level="150" accuracy="0"', 1],
];

for (const [attributes, level] of levels) {
  rules(`${attributes} is level ${level}`, () => {
    const loaded = load(`<rule id="100" ${attributes}><description>d</description></rule>`);
    assert.is(rule(loaded, 100).level, level);
  });
}

rules("numbers are cut to their widths", () => {
  const loaded = load(
    '<rule id="1001234" level="3"><description>d</description></rule>' +
      '<rule id="100124" level="3" frequency="10000" timeframe="100000" ignore="1234567">' +
      "<if_matched_sid>100123</if_matched_sid><description>d</description></rule>",
  );
  const { frequency, timeframe, ignore } = rule(loaded, 100124);
  assert.equal([frequency, timeframe, ignore], [1000, 10000, 123456]);
});

rules("repeated elements are joined", () => {
  const loaded = load(
    '<rule id="100" level="3"><match>foo</match><group>a</group><match>bar</match><group>b</group>' +
      "<description>one\ntwo\nthree</description></rule>",
  );
  const { match, group, description } = rule(loaded, 100);
  assert.is(match?.text, "foobar");
  assert.is(match === null ? 0 : loaded.written.pattern(match).length, 2);
  assert.is(group, "t,ab");
  assert.is(description, "one two\nthree");
});

rules("a value of 2048 bytes takes its condition with it", () => {
  const value = (length: number) =>
    load(`<rule id="100" level="3"><match>${"x".repeat(length)}</match><description>d</description></rule>`);
  assert.is(rule(value(2047), 100).match?.text.length, 2047);
  const dropped = value(2048);
  assert.is(rule(dropped, 100).match, null);
  assert.equal(
    dropped.problems.map(({ code, outcome }) => [code, outcome]),
    [["OSSEC-VALUE-DROPPED", "warning"]],
  );
});

rules("an overwrite leaves pcre2, field, list and parents alone", () => {
  const loaded = load(
    `${simple(100, 3)}${simple(101, 3)}` +
      '<rule id="102" level="3"><if_sid>100</if_sid><match_pcre2>old</match_pcre2><field name="k">v</field><description>d</description></rule>' +
      '<rule id="102" level="4" overwrite="yes"><if_sid>101</if_sid><url>u</url><group>g</group><description>new</description></rule>',
  );
  const definition = rule(loaded, 102);
  assert.is(definition.match?.text, "old");
  assert.is(definition.url?.text, "u");
  assert.is(definition.fields.length, 1);
  assert.is(definition.group, "t,g");
  assert.is(definition.level, 4);
  assert.is(loaded.written.rule(definition).overwrites.length, 1);
  assert.is(tree(loaded), "1(100(102) 101)");
});

rules("group lists are fed by rules loaded before, once for each place", () => {
  const loaded = load(
    simple(100, 3, "<group>scan,</group>") +
      simple(101, 3) +
      simple(102, 3, "<if_sid>100,101</if_sid><group>scan,</group>") +
      simple(103, 9, "<if_matched_group>scan</if_matched_group>") +
      simple(104, 3, "<group>scan,</group>"),
  );
  assert.equal(rule(loaded, 100).feedsGroupListsOf, [103]);
  assert.equal(rule(loaded, 102).feedsGroupListsOf, [103, 103]);
  assert.equal(rule(loaded, 104).feedsGroupListsOf, []);
  assert.is(tree(loaded), "1(100(103 102(103)) 101(102(103)) 104)");
});

rules("a sid target is marked; one that comes later is not found", () => {
  const loaded = load(
    simple(100, 3) +
      simple(101, 9, "<if_matched_sid>100</if_matched_sid>") +
      simple(102, 9, "<if_sid>100</if_sid><if_matched_sid>103</if_matched_sid>") +
      simple(103, 3),
  );
  assert.is(rule(loaded, 100).feedsSidList, true);
  assert.is(rule(loaded, 103).feedsSidList, false);
  assert.equal(rule(loaded, 101).search, { kind: "sid", sid: 100, found: true });
  assert.equal(rule(loaded, 102).search, { kind: "sid", sid: 103, found: false });
});

rules("not_same_* undoes an earlier same_* only", () => {
  const same = (elements: string) =>
    rule(load(simple(100, 3) + simple(101, 9, `<if_matched_sid>100</if_matched_sid>${elements}`)), 101)
      .correlation.same;
  assert.equal(same("<same_user/><not_same_user/>"), []);
  assert.equal(same("<not_same_user/><same_user/>"), ["dstuser"]);
  assert.equal(same("<same_location/><not_same_agent/>"), []);
});

rules("times are kept as the engine keeps them", () => {
  const time = (text: string) => {
    const parsed = rule(load(simple(100, 3, `<time>${text}</time>`)), 100).time;
    return parsed === null ? null : [parsed.negated, parsed.from, parsed.to];
  };
  assert.equal(time("08:00 - 10:00"), [false, 480, 600]);
  assert.equal(time("!8 - 10"), [true, 480, 600]);
  assert.equal(time("9 am-11 pm"), [false, 540, 1380]);
  assert.equal(time("6 pm - 8:30 am"), [true, 510, 1080]);
  assert.equal(time("22:70 - 23:00"), [false, 1380, 1380]);
  for (const wrong of ["foo", "6 pm", "25:00 - 26:00", "13 pm - 14 pm", "8 - 10x", "001 - 2"])
    assert.is(time(wrong), null);
});

rules("the category comes from the parent of an if_sid", () => {
  const loaded = load(simple(100, 3, "<category>web-log</category>") + simple(101, 3, under("100")));
  assert.is(rule(loaded, 101).category, "web-log");
  assert.is(tree(loaded, 4), "4(100(101))");
});

rules("an if_group that nobody has is an error, an empty one too", () => {
  for (const words of ["^scan", "nosuch", ""]) {
    const loaded = load(
      simple(100, 3, "<group>scan,</group>") + simple(101, 3, `<if_group>${words}</if_group>`),
    );
    assert.equal(
      loaded.problems.map(({ code }) => code),
      ["OSSEC-RULE-REFERENCE"],
    );
  }
});

rules("files with a root of their own get no others", () => {
  const loaded = load(simple(1, 0) + simple(100, 3));
  assert.equal(
    loaded.roots.map(({ rule: { id } }) => id),
    [1],
  );
  assert.equal(loaded.problems, []);
});

rules.run();
