import { test } from "uvu";
import * as assert from "uvu/assert";
import { analysed, engineOn, rulesOf } from "./tree.js";

const line = (ip = "192.0.2.1", user = "bob", id = "i1") => `D ${ip} ${user} ${id} /a 1000 22`;
const base = '<rule id="100" level="3"><decoded_as>d</decoded_as><description>Base</description></rule>';

test("fields in the order of the captures, under the names that logtest prints", () => {
  const event = analysed(engineOn({ rules: base }).process(line(), 1000));
  assert.equal(event.fields, [
    ["srcip", "192.0.2.1"],
    ["dstuser", "bob"],
    ["id", "i1"],
    ["url", "/a"],
    ["srcport", "1000"],
    ["dstport", "22"],
  ]);
  assert.is(event.decoder, "d");
  assert.is(event.rule?.id, 100);
  assert.ok(event.alert);
});

test("lines of one byte are skipped, a NUL ends a line, CR counts as a byte", () => {
  const engine = engineOn({ rules: base });
  assert.is(engine.process("", 1).kind, "ignored");
  assert.is(engine.process("a", 1).kind, "ignored");
  assert.is(engine.process("\0abc", 1).kind, "ignored");
  assert.is(analysed(engine.process("ab\0cd", 1)).log, "ab");
  assert.is(analysed(engine.process("a\r", 1)).log, "a");
});

test("frequency N fires on event N+2; firing resets the count of every source", () => {
  const rules = `${base}<rule id="101" level="10" frequency="2" timeframe="60"><if_matched_sid>100</if_matched_sid><same_source_ip /><description>c</description></rule>`;
  const a = line("192.0.2.1");
  const b = line("192.0.2.2");
  assert.equal(
    rulesOf(engineOn({ rules }), [a, a, a, a, a, a, a, a]),
    [100, 100, 100, 101, 100, 100, 100, 101],
  );
  // b has three events before a fires; afterwards they are invisible.
  assert.equal(
    rulesOf(engineOn({ rules }), [b, b, b, a, a, a, a, b, b, b, b]),
    [100, 100, 100, 100, 100, 100, 101, 100, 100, 100, 101],
  );
});

test("a composite tells which events it counted and shows their lines, newest first", () => {
  const rules = `${base}<rule id="101" level="10" frequency="1" timeframe="60"><if_matched_sid>100</if_matched_sid><description>c</description></rule>`;
  const engine = engineOn({ rules });
  engine.process(line("192.0.2.1"), 1);
  engine.process(line("192.0.2.2"), 2);
  const event = analysed(engine.process(line("192.0.2.3"), 3));
  assert.equal(event.counted, [2, 1]);
  assert.equal(event.lastEvents, [line("192.0.2.2"), line("192.0.2.1")]);
});

test("the history of a rule is 128 events since 4.x and unlimited before", () => {
  const rules = `${base}<rule id="101" level="10" frequency="128" timeframe="9999"><if_matched_sid>100</if_matched_sid><description>c</description></rule>`;
  const lines = Array.from({ length: 140 }, () => line());
  assert.not.ok(rulesOf(engineOn({ rules }), lines).includes(101));
  assert.is(rulesOf(engineOn({ rules, engine: "3.8" }), lines).indexOf(101), 129);
});

test("ignore: silent for everybody; logtest lets the second event after the window alert, the daemon not", () => {
  const rules =
    '<rule id="100" level="3" ignore="10"><decoded_as>d</decoded_as><description>b</description></rule>';
  const alerts = (mode: "logtest" | "daemon") => {
    const engine = engineOn({ rules }, { mode });
    return [0, 5, 10, 11, 12].map(
      (second) => analysed(engine.process(line(`192.0.2.${second + 1}`), 1000 + second)).alert,
    );
  };
  assert.equal(alerts("logtest"), [true, false, true, true, false]);
  assert.equal(alerts("daemon"), [true, false, true, false, false]);
});

test("a field that a plugin puts together need not stand in the line", () => {
  const decoders = `<decoder name="sw"><prematch>^id=fire</prematch></decoder>
<decoder name="sw-plugin"><parent>sw</parent><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>`;
  const rules = `<rule id="100" level="3"><category>squid</category><url>example.org/login</url><description>u</description></rule>`;
  const proxy = (arg: string) =>
    `id=fire pri=6 c=1 m=97 src=192.0.2.1:36:WAN dst=192.0.2.2:50:WAN proto=tcp result=7 dstname=example.org arg=${arg}`;
  assert.equal(rulesOf(engineOn({ decoders, rules }), [proxy("/login"), proxy("/logout")]), [100, null]);
});

test("the daemon drops a line that equals one of the last three; logtest does not", () => {
  const lines = [line(), line(), line("192.0.2.2"), line("192.0.2.3"), line("192.0.2.4"), line()];
  assert.equal(rulesOf(engineOn({ rules: base }, { mode: "daemon" }), lines), [
    100,
    null,
    100,
    100,
    100,
    100,
  ]);
  assert.equal(rulesOf(engineOn({ rules: base }), lines), [100, 100, 100, 100, 100, 100]);
});

test("<field> on an event whose decoder has no <order> kills the engine: told as data", () => {
  const rules = '<rule id="100" level="3"><field name="k">v</field><description>f</description></rule>';
  const event = engineOn({ rules }).process("no decoder takes this", 1);
  assert.is(event.kind, "crash");
  if (event.kind === "crash") assert.is(event.rule?.id, 100);
});

test("dynamic fields are those of the decoder that matched last", () => {
  const rules =
    '<rule id="100" level="3"><decoded_as>k</decoded_as><field name="colour">^red$</field><description>f</description></rule>';
  const decoders =
    '<decoder name="k"><prematch>^K </prematch></decoder><decoder name="k1"><parent>k</parent><regex>c=(\\S+)</regex><order>colour</order></decoder>';
  assert.equal(rulesOf(engineOn({ rules, decoders }), ["K c=red", "K c=blue"]), [100, null]);
});

test("the members of a chain add up; a later one may begin behind an earlier one", () => {
  const decoders =
    '<decoder name="k"><prematch>^K </prematch></decoder>' +
    '<decoder name="k1"><parent>k</parent><regex>a=(\\d+)</regex><order>id</order></decoder>' +
    '<decoder name="k1"><parent>k</parent><regex offset="after_regex">^ b=(\\d+)</regex><order>status</order></decoder>';
  const engine = engineOn({
    rules: base,
    decoders: `${decoders}<decoder name="d"><prematch>^D</prematch></decoder>`,
  });
  assert.equal(analysed(engine.process("K a=1 b=2", 1)).fields, [
    ["id", "1"],
    ["status", "2"],
  ]);
});

test("if_fts: only the first event of a combination", () => {
  const decoders =
    '<decoder name="d"><prematch>^D </prematch></decoder><decoder name="d1"><parent>d</parent><regex>^D (\\S+)</regex><order>user</order><fts>name,user</fts></decoder>';
  const rules = `${base}<rule id="101" level="4"><if_sid>100</if_sid><if_fts /><description>new</description></rule>`;
  assert.equal(rulesOf(engineOn({ rules, decoders }), ["D bob", "D bob", "D eve"]), [101, 100, 101]);
});

test("check_diff: fires when the text differs from the last one of the host, and shows that one", () => {
  const rules =
    '<rule id="100" level="3"><match>out</match><check_diff /><description>changed</description></rule>';
  const engine = engineOn({ rules });
  assert.equal(rulesOf(engine, ["out 1", "out 1", "out 2"]), [null, null, 100]);
  assert.equal(analysed(engine.process("out 3", 2000)).lastEvents, ["Previous output:", "out 2"]);
});

test("lists: keys, values, parts of addresses", () => {
  const files = { "lists/bad": "192.0.2.1:web\n10.:net\n" };
  const rule = (lookup: string, extra = "") =>
    `${base}<rule id="101" level="5"><if_sid>100</if_sid><list field="srcip" lookup="${lookup}"${extra}>lists/bad</list><description>l</description></rule>`;
  const lines = [line("192.0.2.1"), line("10.1.1.1"), line("8.8.8.8")];
  const ids = (rules: string) => rulesOf(engineOn({ rules, files }), lines);
  assert.equal(ids(rule("match_key")), [101, 100, 100]);
  assert.equal(ids(rule("not_match_key")), [100, 101, 101]);
  assert.equal(ids(rule("address_match_key")), [101, 101, 100]);
  assert.equal(ids(rule("match_key_value", ' check_value="^web"')), [101, 100, 100]);
});

test("addresses: an OR list; after a negated entry a hit means no", () => {
  const rule = (entries: string) =>
    `${base}<rule id="101" level="5"><if_sid>100</if_sid>${entries}<description>a</description></rule>`;
  const lines = [line("10.1.1.1"), line("192.0.2.1"), line("host")];
  const ids = (entries: string) => rulesOf(engineOn({ rules: rule(entries) }), lines);
  assert.equal(ids("<srcip>10.0.0.0/8</srcip><srcip>192.0.2.1</srcip>"), [101, 101, 100]);
  assert.equal(ids("<srcip>!10.0.0.0/8</srcip>"), [100, 101, 100]);
});

test("time and weekday in the engine's zone", () => {
  const rule = (conditions: string) =>
    `${base}<rule id="101" level="5"><if_sid>100</if_sid>${conditions}<description>t</description></rule>`;
  const id = (conditions: string, zone: string) =>
    analysed(engineOn({ rules: rule(conditions) }, { timeZone: zone }).process(line(), 1700000000)).rule?.id;
  // Tuesday 22:13 UTC, Wednesday 00:13 two hours east.
  assert.is(id("<time>22:00 - 22:13</time>", "UTC"), 101);
  assert.is(id("<time>22:00 - 22:12</time>", "UTC"), 100);
  assert.is(id("<time>23:00 - 01:00</time>", "XYZ-2"), 101);
  assert.is(id("<weekday>wednesday</weekday>", "XYZ-2"), 101);
  assert.is(id("<weekday>wednesday</weekday>", "UTC"), 100);
});

test("the memory holds so many events: beyond it the ten oldest go, and a composite misses them", () => {
  const rules =
    '<rule id="100" level="3"><decoded_as>d</decoded_as><group>seen,</group><description>b</description></rule>' +
    '<rule id="101" level="10" frequency="2039" timeframe="99999"><if_matched_group>seen</if_matched_group><description>c</description></rule>' +
    '<rule id="102" level="3"><decoded_as>app</decoded_as><description>other</description></rule>';
  const conf = "<global><memory_size>2048</memory_size></global>";
  const other = "Dec 29 10:00:01 h app[1]: a b c";
  const fires = (others: number) => {
    const engine = engineOn({ rules, conf });
    for (let event = 0; event < 2040; event += 1) engine.process(line(), 1000);
    for (let event = 0; event < others; event += 1) engine.process(other, 1000);
    return analysed(engine.process(line(), 1000)).rule?.id === 101;
  };
  // 2040 events are needed before the one that fires; with 8 others the memory is full, not with 9.
  assert.ok(fires(8));
  assert.not.ok(fires(9));
});

test("a tree of 20,000 levels does not deepen the stack", () => {
  const rules = Array.from({ length: 20_000 }, (_, index) => {
    const parent = index === 0 ? "<decoded_as>d</decoded_as>" : `<if_sid>${99_999 + index}</if_sid>`;
    return `<rule id="${100_000 + index}" level="3">${parent}<description>x</description></rule>`;
  });
  assert.is(analysed(engineOn({ rules: rules.join("") }).process(line(), 1)).rule?.id, 119_999);
});

test.run();
