import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import { analysed, engineOn } from "./tree.js";

/** Where 3.7, 3.8 and 4.3 differ, and what ends the engine (docs/reference/ossec.md#corner-cases-of-analysis, #corner-cases-of-configuration). */
const versions: readonly EngineVersion[] = ["4.3", "3.8", "3.7"];
const decoders =
  '<decoder name="d"><prematch>^D </prematch></decoder>' +
  '<decoder name="own"><parent>d</parent><use_own_name>true</use_own_name><regex offset="after_parent">^(\\S+)</regex><order>srcip</order></decoder>' +
  '<decoder name="p"><program_name>^p</program_name></decoder>';
const rule = (elements: string): string =>
  `<rule id="100" level="3">${elements}<description>x</description></rule>`;

test("the decoder that is printed is the top-level one before 4.3; decoded_as compares the reported one", () => {
  for (const engine of versions) {
    const rules = rule("<decoded_as>own</decoded_as>");
    const event = analysed(engineOn({ rules, decoders, engine }).process("D 192.0.2.1", 1));
    assert.is(event.decoder, engine === "4.3" ? "own" : "d");
    assert.is(event.rule?.id, 100);
  }
});

test("a list that is not loaded: no look-up is met in 4.3, the negated ones are before", () => {
  for (const engine of versions) {
    const met = ["match_key", "not_match_key", "match_key_value", "address_match_key"]
      .concat("not_address_match_key", "address_match_key_value")
      .filter((lookup) => {
        const rules = rule(`<list field="srcip" lookup="${lookup}" check_value="v">lists/none</list>`);
        return analysed(engineOn({ rules, decoders, engine }).process("D 192.0.2.1", 1)).rule !== null;
      });
    assert.equal(
      met,
      engine === "4.3" ? [] : ["not_match_key", "not_address_match_key", "address_match_key_value"],
    );
  }
});

test("rules name a list by the text of ossec.conf, or by that and .cdb", () => {
  for (const [name, found] of [
    ["lists/a", true],
    ["lists/a.cdb", true],
    ["/lists/a", false],
    ["a", false],
  ] as const) {
    const rules = rule(`<list field="srcip">${name}</list>`);
    const engine = engineOn({ rules, decoders, files: { "lists/a": "192.0.2.1:1\n" } });
    assert.is(analysed(engine.process("D 192.0.2.1", 1)).rule !== null, found, name);
  }
});

test("only 4.3 asks a simple HTTP request for its method", () => {
  const web =
    '<decoder name="w"><prematch>^W </prematch><regex offset="after_prematch">^(\\S+) (\\S+)</regex><order>action,url</order></decoder>' +
    '<decoder name="p"><program_name>^p</program_name></decoder>';
  const rules = rule("<compiled_rule>is_simple_http_request</compiled_rule>");
  for (const engine of versions) {
    const simple = ["W GET /a", "W get /", "W POST /a", "W GET /a?b"].map(
      (line) => analysed(engineOn({ rules, decoders: web, engine }).process(line, 1)).rule !== null,
    );
    assert.equal(simple, [true, true, engine !== "4.3", false]);
  }
});

test("64 captures in 4.3, and the end of the engine at more than decoder_order_size", () => {
  const capturing = (groups: number): string =>
    `<decoder name="d"><prematch>^D</prematch><regex>${"(a)".repeat(groups)}</regex><order>${Array.from({ length: Math.min(groups, 9) }, (_, at) => `f${at}`).join(",")}</order></decoder>` +
    '<decoder name="p"><program_name>^p</program_name></decoder>';
  const line = `D${"a".repeat(70)}`;
  for (const [engine, groups, options, dies] of [
    ["4.3", 66, "", false],
    ["4.3", 11, "decoder_order_size=10", true],
    ["3.8", 10, "", false],
    ["3.8", 11, "", true],
    ["3.8", 11, "decoder_order_size=11", false],
    ["3.7", 11, "", true],
  ] as const) {
    const files = { "etc/local_internal_options.conf": `# own\n\nanalysisd.${options}\n` };
    const tree = { rules: rule("<match>D</match>"), decoders: capturing(groups), engine, files };
    const event = engineOn(tree).process(line, 1);
    assert.is(event.kind, dies ? "crash" : "event", `${engine} ${groups} ${options}`);
    if (event.kind === "crash") assert.equal([event.cause, event.exit], ["too-many-captures", 1]);
    if (event.kind !== "ignored") assert.is(event.fields.length, 9);
  }
});

test("without a decoder for lines without a program name decoders have no numbers, and children keep their names", () => {
  const only =
    '<decoder name="p"><program_name>^p</program_name></decoder><decoder name="c"><parent>p</parent><regex>(\\d+)</regex><order>id</order></decoder>';
  const line = "Nov 29 10:00:00 h p: 7";
  for (const decoded of ["p", "c"]) {
    const rules = rule(`<decoded_as>${decoded}</decoded_as>`);
    const event = analysed(engineOn({ rules, decoders: only }).process(line, 1));
    assert.equal([event.decoder, event.rule], ["c", null]);
  }
  const both = `${only}<decoder name="q"><prematch>^q</prematch></decoder>`;
  const event = analysed(
    engineOn({ rules: rule("<decoded_as>p</decoded_as>"), decoders: both }).process(line, 1),
  );
  assert.equal([event.decoder, event.rule?.id], ["p", 100]);
});

test("a line of an agent has the location's text for a host name", () => {
  const rules = rule("<hostname>^node1$</hostname>");
  const line = "Nov 29 10:00:00 node1 p: x";
  const engine = engineOn({ rules, decoders }, { mode: "daemon" });
  assert.is(analysed(engine.process(line, 1, "/var/log/auth.log")).rule?.id, 100);
  const event = analysed(engine.process(`${line}y`, 2, "(node1) 192.0.2.7->/var/log/auth.log"));
  assert.is(event.rule, null);
  assert.equal([event.hostname, event.originHost], ["(node1) 192.0.2.7->/var/log/auth.log", null]);
});

test("the daemon drops firewall events without ports, unless it logs none", () => {
  const firewall =
    '<decoder name="f"><prematch>^F </prematch><type>firewall</type><regex offset="after_prematch">^(\\S+) (\\S+) (\\S+) (\\S+) (\\d+) (\\d+)</regex><order>action,srcip,dstip,protocol,srcport,dstport</order></decoder>' +
    '<decoder name="g"><prematch>^G </prematch><type>firewall</type><regex offset="after_prematch">^(\\S+) (\\S+) (\\S+) (\\S+)</regex><order>action,srcip,dstip,protocol</order></decoder>' +
    '<decoder name="p"><program_name>^p</program_name></decoder>';
  const rules =
    '<rule id="100" level="3"><category>firewall</category><action>DROP</action><description>x</description></rule>';
  const reported = (line: string, logged: 0 | 1): number | undefined => {
    const files = { "etc/local_internal_options.conf": `analysisd.log_fw=${logged}\n` };
    const engine = engineOn({ rules, decoders: firewall, files }, { mode: "daemon" });
    return analysed(engine.process(line, 1)).rule?.id;
  };
  assert.is(reported("F deny 192.0.2.1 192.0.2.2 TCP 1000 22", 1), 100);
  assert.is(reported("G DROP 192.0.2.1 192.0.2.2 TCP", 1), undefined);
  assert.is(reported("F deny 192.0.2.1 192.0.2.2 TCP 1000 22", 0), undefined);
  assert.is(reported("G DROP 192.0.2.1 192.0.2.2 TCP", 0), 100);
});

test.run();
