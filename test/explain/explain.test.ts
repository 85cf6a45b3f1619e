import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type ExplainOptions,
  explain,
  explainLine,
  ruleVerdict,
  watchLine,
} from "../../src/explain/index.js";
import { engineOn, load } from "../ossec/engine/tree.js";

const rules =
  '<rule id="100" level="0"><decoded_as>d</decoded_as><description>Base</description></rule>' +
  '<rule id="101" level="7"><if_sid>100</if_sid><match>bad login</match><description>Higher</description></rule>' +
  '<rule id="102" level="5"><if_sid>100</if_sid><match>bad</match><user>^root$</user><description>Lower</description></rule>' +
  '<rule id="103" level="6"><if_sid>102</if_sid><match>now</match><description>Below</description></rule>';
const loaded = load({ rules });
const line = (end: string, user = "bob") => `D 192.0.2.1 ${user} i1 /a 1000 22 ${end}`;

const verdict = (id: number, text: string) => {
  const { kind, ...rest } = ruleVerdict(watchLine(engineOn(loaded), loaded.dialect, text, 1), loaded, id);
  const attempt = "attempt" in rest ? rest.attempt : null;
  return attempt === null ? kind : `${kind} ${attempt.rule.id} ${attempt.failed?.condition}`;
};

/** The pieces of an explanation put together. */
async function explained(request: Omit<ExplainOptions, "write">) {
  let text = "";
  const { problems } = await explain({
    ...request,
    write: (piece) => {
      text += piece;
    },
  });
  return { text, problems };
}

test("what became of a rule on a line", () => {
  assert.is(verdict(102, line("bad", "root")), "fired");
  assert.is(verdict(102, line("bad now", "root")), "child");
  assert.is(verdict(102, line("bad")), "failed 102 user");
  assert.is(verdict(102, line("good")), "failed 102 match");
  assert.is(verdict(102, line("bad login", "root")), "taken");
  assert.is(verdict(103, line("bad")), "parent-failed 102 user");
  assert.is(verdict(103, "nothing"), "parent-failed 100 decoded_as");
  assert.is(verdict(102, "x"), "no-event");
});

test("the nearest miss has the pattern and the text side by side", async () => {
  const { nearest } = explainLine(engineOn(loaded), loaded, line("bad"), 1);
  assert.is(nearest?.rule.id, 102);
  assert.equal(nearest?.failed, { condition: "user", wanted: "^root$", found: "bob" });
});

const options = {
  loaded,
  earlier: null,
  ownHostname: "here",
  timeZone: "UTC",
  control: true,
  all: false,
  format: "text",
  now: () => 1000,
} as const;

test("text for a line names the decoder, the way through the tree and the nearest miss", async () => {
  const { text, problems } = await explained({ ...options, what: line("bad") });
  assert.equal(problems, []);
  assert.match(text, /d1: matched\n {2}decoder: d\n/);
  assert.match(text, /rule 100 \(level 0\) Base: matched\n/);
  assert.match(
    text,
    /Nearest miss\n {2}rule 102 \(level 5\) Lower: user not met\n {4}wanted {4}\^root\$\n {4}found {5}'bob'\n/,
  );
});

test("a rule without lines is no silence", async () => {
  const { text, problems } = await explained({ ...options, what: "102" });
  assert.is(text, "");
  assert.is(problems[0]?.code, "EXPLAIN-NO-LINES");
});

test("a rule over lines; an unknown one is told", async () => {
  async function* earlier(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`@time 5\n${line("bad", "root")}\n${line("good")}`);
  }
  const { text } = await explained({ ...options, what: "102", earlier: earlier(), format: "json" });
  const seen = text
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row).verdict);
  assert.equal(seen, ["fired", "failed"]);
  const unknown = await explained({ ...options, what: "4711" });
  assert.is(unknown.problems[0]?.code, "EXPLAIN-UNKNOWN-RULE");
});

const here = load({
  decoders: `
<decoder name="stock"><program_name>^sshd$</program_name></decoder>
<decoder name="stock1"><parent>stock</parent><regex>^Failed password for (\\S+) from (\\S+)</regex><order>user,srcip</order></decoder>
<decoder name="web"><type>web-log</type><prematch>^GET </prematch></decoder>`,
  files: {
    "etc/local_decoder.xml": `
<decoder name="whole"><program_name>^app$</program_name><prematch>^Nov 14 \\d\\d</prematch></decoder>
<decoder name="unnamed"><prematch>^Failed password</prematch></decoder>`,
  },
  rules:
    '<rule id="200" level="3"><decoded_as>stock</decoded_as><match>Failed password</match><description>Failed</description></rule>' +
    '<rule id="201" level="8"><if_sid>200</if_sid><match>Failed pasword</match><description>Misspelt</description></rule>' +
    '<rule id="202" level="8"><if_sid>200</if_sid><match>zzzz</match><hostname>web</hostname><description>Other</description></rule>' +
    '<rule id="203" level="9" frequency="2" timeframe="60"><if_matched_sid>200</if_matched_sid><same_source_ip /><description>Many</description></rule>',
  conf: "<rules><decoder>etc/decoder.xml</decoder><decoder>etc/local_decoder.xml</decoder></rules>",
});
const failed = (source: string) =>
  `Nov 14 18:09:08 web sshd[812]: Failed password for root from ${source} port 50022 ssh2`;
const ask = async (what: string, earlier = "") => {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(earlier);
  }
  const { text } = await explained({ ...options, loaded: here, what, earlier: bytes() });
  const json = await explained({ ...options, loaded: here, what, earlier: bytes(), format: "json" });
  return { text, json: JSON.parse(json.text.trim().split("\n").at(-1) ?? "") };
};

test("date, header, and the event's type with who gave it", async () => {
  const { text, json } = await ask(failed("192.0.2.1"));
  assert.match(text, /^ {2}date {6}'Nov 14 18:09:08'$/m);
  assert.match(text, /^ {2}header {4}'Nov 14 18:09:08 web sshd\[812\]: '$/m);
  assert.match(text, /^ {2}type {6}syslog, from decoder stock1, which names no other <type>$/m);
  assert.equal(
    [json.date, json.header, json.type],
    ["Nov 14 18:09:08", "Nov 14 18:09:08 web sshd[812]: ", { name: "syslog", by: "stock1" }],
  );
  const web = await ask("GET /x");
  assert.equal([web.json.date, web.json.header, web.json.type], ["", "", { name: "web-log", by: "web" }]);
  assert.match(web.text, /type {6}web-log, from decoder web$/m);
  assert.equal((await ask("nothing takes this")).json.type, { name: "syslog", by: null });
});

test("the reader's own decoders come first: not tried for a program name, and a prematch that fits the whole line", async () => {
  const { text, json } = await ask(failed("192.0.2.1"));
  assert.ok(text.indexOf("Your decoders") < text.indexOf("Your rules"));
  assert.ok(text.indexOf("Your rules") < text.indexOf("Decoders tried"));
  assert.equal(
    json.own.decoders.map(({ name, fate }: { name: string; fate: string }) => [name, fate]),
    [
      ["whole", "not-tried"],
      ["unnamed", "not-tried"],
    ],
  );
  assert.match(
    text,
    /unnamed: not tried: the line has the program name 'sshd', and the decoder has no <program_name>; its pattern would fit/,
  );
  assert.is(json.nearestDecoder.name, "unnamed");
  const app = await ask("Nov 14 18:09:08 web app: hello");
  assert.match(
    app.text,
    /Nearest miss\n {2}decoder whole: prematch not met\n.*\n {6}found {5}'hello'\n {6}note {6}it fits the whole line, but not what is left of it: pre-decoding has cut off 'Nov 14 18:09:08 web app: '/,
  );
  assert.match((await ask("hello")).text, /whole: not tried: the line has no program name/);
});

test("a header without a program name: the decoder that waits for the name is said", async () => {
  const { text, json } = await ask(
    "Nov 14 18:09:08 web sshd[812]:Failed password for root from 192.0.2.1 port 1",
  );
  assert.is(json.programName, null);
  const reason =
    "the line has no program name, and the decoder asks for one with <program_name>; it would fit 'sshd', had pre-decoding taken that for the program";
  assert.ok(text.includes(`  stock: not tried: ${reason}\n`), text);
  const stock = json.own.decoders
    .concat(json.passedOver)
    .find(({ name }: { name: string }) => name === "stock");
  assert.equal(stock, { name: "stock", fate: "not-tried", reason });
});

test("the nearest miss is the misspelt rule, not the one of which nothing is there", async () => {
  const { json } = await ask(failed("192.0.2.1"));
  assert.is(json.nearest.rule.id, 201);
});

test("a composite says which comparison keeps how many events from counting", async () => {
  const earlier = [1, 2, 2].map((host, at) => `@time ${1000 + at}\n${failed(`192.0.2.${host}`)}\n`).join("");
  const { text, json } = await ask(failed("192.0.2.1"), `${earlier}@time 1010\n`);
  assert.match(text, /Rule 203 was tried and not met: frequency\n/);
  const note = "same_source_ip is not met by 2 events of other values (192.0.2.2: 2)";
  assert.ok(text.includes(`found     '1'\n      note      ${note}\n`), text);
  const { failed: why } = json.own.rules.find(({ id }: { id: number }) => id === 203);
  assert.equal([why.found, why.note, why.others], ["1", note, 2]);
  assert.match((await ask(failed("192.0.2.1"))).text, /note {6}no event that it counts is remembered/);
});

test("what was pasted from archives.log or alerts.log is cut off, and that is said", async () => {
  const plain = await ask(failed("192.0.2.1"));
  const date = "2026 Nov 14 18:09:08 ";
  const alert = `** Alert 1700000000.12: - syslog,\n${date}web->/var/log/auth.log\nRule: 5716 (level 5) -> 'x'\nSrc IP: 192.0.2.1\n${failed("192.0.2.1")}\n`;
  const forms: readonly (readonly [string, string])[] = [
    ["archives.log", `${date}web->/var/log/auth.log ${failed("192.0.2.1")}`],
    ["alerts.log", alert],
    ["a JSON log of alerts or archives", JSON.stringify({ rule: { id: 1 }, full_log: failed("192.0.2.1") })],
  ];
  for (const [from, what] of forms) {
    const { text, json } = await ask(what);
    assert.ok(text.includes(`pasted    from ${from}; `), text);
    const { pasted, ...rest } = json;
    assert.is(pasted.from, from);
    assert.equal(rest, plain.json);
  }
  const agent = await ask(`${date}(agent) 10.0.0.9->/var/log/auth.log ${failed("192.0.2.1")}`);
  assert.is(agent.json.hostname, "(agent) 10.0.0.9->/var/log/auth.log");
  assert.equal(agent.json.fields, plain.json.fields);
  const output = await ask(`${date}web->df -P ossec: output: 'df -P': x`);
  assert.is(output.json.line, "ossec: output: 'df -P': x");
  const logs = await ask("200", `${alert}\n${alert}`);
  assert.equal([logs.json.verdict, logs.json.pasted.from], ["fired", "alerts.log"]);
  assert.is(logs.text.match(/Rule 200 fired/g)?.length, 2);
});

test("a rule that is not reached for its decoder says what became of the decoder", async () => {
  const { text, json } = await ask("200", "GET /x\n");
  assert.match(
    text,
    /Decoders that it needs\n {6}stock: not tried: the line has no program name, and the decoder asks for one/,
  );
  assert.is(json.decoders[0].name, "stock");
});

test.run();
