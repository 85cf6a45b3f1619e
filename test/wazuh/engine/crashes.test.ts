/** Where the real engine dies or hangs: the line is no event, and the next one is analysed (docs/reference/wazuh.md#crashes). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogtestSession } from "../../../src/logtest/index.js";
import { WazuhOutput } from "../../../src/logtest/wazuh-output.js";
import { engineOn, load } from "./tree.js";

const decoder = (name: string, body: string): string =>
  `<decoder name="${name}"><program_name>^${name}$</program_name></decoder><decoder name="${name}-f"><parent>${name}</parent>${body}<order>id</order></decoder>`;

const decoders =
  decoder("a", '<regex type="pcre2">zz</regex>') +
  decoder("b", "<regex>^user (\\S+)</regex>") +
  decoder("c", "<regex>\\S(\\s*)$</regex>") +
  `<decoder name="p"><prematch type="pcre2">^pre (\\w+)</prematch><regex type="pcre2">x</regex><order>id</order></decoder>`;

const causeOf = (engine: ReturnType<typeof engineOn>, line: string, location = "stdin"): string | null => {
  const event = engine.process(line, 1000, location);
  return event.kind === "crash" ? event.cause : null;
};

test("a PCRE2 regex without a group, before and after something was captured", () => {
  const engine = engineOn({ rules: "", decoders, files: { "ruleset/rules/0002-local.xml": "" } });
  assert.is(causeOf(engine, "Nov 14 18:09:08 h a: zz"), "no-capture");
  assert.is(causeOf(engine, "Nov 14 18:09:08 h b: user bob"), null);
  assert.is(causeOf(engine, "Nov 14 18:09:08 h a: zz"), null);
  const left = engine.process("pre word x", 1000);
  assert.equal(left.kind === "event" ? left.fields : null, [["id", "word"]]);
});

test("a capture that ends one byte before it begins", () => {
  const engine = engineOn({ rules: "", decoders, files: { "ruleset/rules/0002-local.xml": "" } });
  assert.is(causeOf(engine, "Nov 14 18:09:08 h c: aa"), "crossed-captures");
  assert.is(causeOf(engine, "Nov 14 18:09:08 h b: user bob"), null);
});

test("a search of all events that meets another agent's, unless all agents count", () => {
  const rules = (more: string): string =>
    `<rule id="100" level="5"><match>hit</match><description>base</description></rule>
     <rule id="101" level="9" frequency="3" timeframe="60"><if_matched_regex>hit</if_matched_regex>${more}<description>often</description></rule>`;
  for (const [more, cause] of [
    ["", "endless-search"],
    ["<global_frequency />", null],
  ] as const) {
    const engine = engineOn(load({ rules: rules(more) }));
    assert.is(causeOf(engine, "hit", "[001] (a) any->/x"), null);
    assert.is(causeOf(engine, "hit", "[002] (b) any->/x"), cause);
  }
});

test("logtest goes on behind such a line", () => {
  const engine = engineOn({ rules: "", decoders, files: { "ruleset/rules/0002-local.xml": "" } });
  const options = { format: "json", alerts: false, verbose: false } as const;
  const output = new WazuhOutput({ ...options, ownHostname: "h", unitTest: null }, engine.clock);
  const session = new LogtestSession(engine, { ...options, control: false, now: () => 1000 }, output);
  assert.match(session.line("Nov 14 18:09:08 h a: zz"), /no-capture|crash/);
  assert.match(session.line("Nov 14 18:09:08 h b: user bob"), /bob/);
  assert.is(session.crash, null);
});

test.run();
