import { test } from "uvu";
import * as assert from "uvu/assert";
import { analysed, engineOn, rulesOf } from "./tree.js";

const line = "D 192.0.2.1 bob i1 /a 1000 22";
const overwritten = (old: string, attributes: string, elements: string): string =>
  `<rule id="100" level="3">${old}<description>old</description></rule>` +
  `<rule id="100" level="7" overwrite="yes" ${attributes}>${elements}<description>new</description></rule>`;
const matches = (rules: string): boolean => rulesOf(engineOn({ rules }), [line])[0] === 100;

/** PCRE2 forms of the old rule that the line does not meet, each with a test of the new rule that brings it back. */
for (const [element, gates] of [
  ["user_pcre2", ["<user_pcre2>bob</user_pcre2>", "<time>0 - 23:59</time>"]],
  ["hostname_pcre2", ["<hostname_pcre2>here</hostname_pcre2>", "<weekday>weekdays,weekends</weekday>"]],
  ["status_pcre2", ["<user>bob</user>"]],
  ["extra_data_pcre2", ["<hostname_pcre2>here</hostname_pcre2>"]],
  ["srcport_pcre2", ["<srcip>any</srcip>", "<dstport>22</dstport>", "<dstport_pcre2>22</dstport_pcre2>"]],
  ["dstport_pcre2", ["<srcip>any</srcip>", "<srcport>1000</srcport>"]],
] as const) {
  test(`an overwrite asks for the old ${element} only beside others of its kind (docs/reference/ossec.md#corner-cases-of-analysis)`, () => {
    const old = `<${element}>zzz</${element}>`;
    assert.ok(matches(overwritten(old, "", "<match>D</match>")));
    for (const gate of gates) assert.not(matches(overwritten(old, "", gate)), gate);
  });
}

test("maxsize and the other kind of conditions are gates, too", () => {
  const user = "<user_pcre2>zzz</user_pcre2>";
  assert.not(matches(overwritten(user, 'maxsize="5"', "<match>D</match>")));
  assert.ok(matches(overwritten(user, "", "<srcport>1000</srcport>")));
  assert.ok(matches(overwritten("<srcport_pcre2>zzz</srcport_pcre2>", "", "<user>bob</user>")));
});

test("a hidden PCRE2 form is not compiled and comes back with no overwrite, but for those of regex, id and srcport", () => {
  for (const [plain, hidden, returns] of [
    ["match", "match_pcre2", false],
    ["url", "url_pcre2", false],
    ["regex", "pcre2", true],
    ["id", "id_pcre2", true],
  ] as const) {
    const old = `<${plain}>zzz</${plain}><${hidden}>zzz</${hidden}>`;
    assert.is(matches(overwritten(old, "", "")), !returns, plain);
  }
});

const base =
  '<rule id="102" level="3"><match>hello</match><description>h</description></rule>' +
  '<rule id="103" level="3"><match>other</match><description>o</description></rule>';
const composite = (attributes: string, elements: string, level = 10): string =>
  `<rule id="116" level="${level}" timeframe="60" ${attributes}>${elements}<description>c</description></rule>`;
const bySid = (sid: number): string => `<if_matched_sid>${sid}</if_matched_sid>`;
const byGroup = "<if_matched_group>t</if_matched_group><if_sid>102</if_sid>";
const lines = ["hello 1", "hello 2", "other 1", "other 2"];

test("an overwritten composite goes on to search where it did", () => {
  for (const [old, changed, rules] of [
    [bySid(102), bySid(103), [102, 116, 103, 103]],
    [bySid(102), byGroup, [102, 116, 103, 103]],
    [bySid(102), "<if_matched_regex>zzz</if_matched_regex>", [102, 116, 103, 103]],
    // 102 is a target now and feeds no group list.
    [byGroup, bySid(102), [102, 102, 103, 103]],
    [byGroup, byGroup, [102, 116, 103, 103]],
    // A plain rule again.
    [bySid(102), "<match>hello 2</match>", [102, 116, 103, 103]],
  ] as const) {
    const tree = base + composite('frequency="0"', old) + composite('overwrite="yes" frequency="0"', changed);
    assert.equal(rulesOf(engineOn({ rules: tree }), lines), [...rules], `${old} by ${changed}`);
  }
});

test("a rule that searched nothing has no search to go on with: the engine dies", () => {
  const rules = `${base}${composite("", "<if_sid>102</if_sid><match>hello</match>")}${composite('overwrite="yes" frequency="0"', bySid(103))}`;
  const event = engineOn({ rules }).process("hello 1", 1000);
  assert.is(event.kind, "crash");
  if (event.kind === "crash") assert.equal([event.cause, event.exit], ["unbound-search", "SIGSEGV"]);
});

test("an event of a rule under two parents counts twice in group lists", () => {
  const rules =
    '<rule id="100" level="1"><match>hello</match><description>a</description></rule>' +
    '<rule id="101" level="1"><match>other</match><description>b</description></rule>' +
    '<rule id="110" level="3"><if_sid>100,101</if_sid><group>,twice,</group><description>c</description></rule>' +
    '<rule id="111" level="9" frequency="2" timeframe="60"><if_matched_group>twice</if_matched_group><description>d</description></rule>';
  assert.equal(rulesOf(engineOn({ rules }), ["hello 1", "hello 2", "hello 3"]), [110, 110, 111]);
});

test("12 o'clock is noon, in the morning and in the afternoon", () => {
  const at = (time: string, hour: number): boolean => {
    const rules = `<rule id="100" level="3"><time>${time}</time><description>t</description></rule>`;
    const event = analysed(engineOn({ rules }).process("hello", hour * 3600 + 60));
    return event.rule?.id === 100;
  };
  assert.equal(
    [11, 12, 13].map((hour) => at("11:00 am - 12:00 pm", hour)),
    [true, false, false],
  );
  assert.equal(
    [0, 5, 11, 12, 23].map((hour) => at("12 am - 6 am", hour)),
    [true, true, false, true, true],
  );
});

test.run();
