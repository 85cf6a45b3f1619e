import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadWazuh } from "../../../src/wazuh/load/index.js";
import { type ResponseMessage, responseMessages, WazuhExecd } from "../../../src/wazuh/response/index.js";
import { homeSource } from "../../conformance/wazuh-home.js";

const conf = `<ossec_config>
<global><white_list>192.0.2.0/24</white_list><white_list>2001:db8::</white_list></global>
<command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
<command><name>say</name><executable>say.sh</executable><extra_args>-a  $b</extra_args></command>
<active-response><command>drop</command><location>local</location><level>5</level><timeout>600</timeout></active-response>
<active-response><command>say</command><location>all</location><level>5</level><rules_group>loud</rules_group></active-response>
<active-response><command>say</command><location>server</location><rules_id>100102</rules_id><timeout>60</timeout></active-response>
</ossec_config>`;
const rules = `<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>r</description></rule></group>
<group name="quiet,"><rule id="100101" level="5"><match>bad</match><description>d</description></rule>
<rule id="100102" level="3"><match>note</match><description>d</description></rule></group>
<group name="loud,"><rule id="100103" level="6"><match>worse</match><description>d</description></rule></group>`;
const decoders = String.raw`<decoder name="p"><program_name>^p$</program_name></decoder>
<decoder name="app"><prematch>^app </prematch></decoder>
<decoder name="app-fields"><parent>app</parent><regex offset="after_parent">^\S+ from=(\S*) to=(\.*);</regex><order>srcip, dstuser</order></decoder>`;

const loaded = loadWazuh(
  homeSource(
    new Map(
      Object.entries({
        "etc/ossec.conf": conf,
        "ruleset/rules/r.xml": rules,
        "ruleset/decoders/d.xml": decoders,
      }).map(([path, text]) => [path, Buffer.from(text)]),
    ),
  ),
);
const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "daemon" });
const agents = new Map([
  ["007", "Wazuh v4.14.7"],
  ["008", "Wazuh v4.2.3"],
  ["009", "Wazuh v4.1.5"],
]);

function respond(line: string, location = "/var/log/x", time = 1_700_000_000) {
  const event = engine.process(line, time, location);
  if (event.kind !== "event") throw new Error(event.kind);
  return responseMessages(event, { conf: loaded.conf, agents, alert: () => '{"a":"it\'s"}' }, 7);
}

const brief = (line: string, location?: string): readonly string[] =>
  respond(line, location).map((one) =>
    one.kind === "message"
      ? `${one.queue} ${one.prefix}${one.response.command.name}${one.response.timeout}`
      : one.reason,
  );

test("bound by id; by level, and where a group is named, by both; a timeout that is not allowed is none", () => {
  assert.equal(loaded.problems, []);
  assert.equal(brief("app bad from=198.51.100.7 to=bob;"), ["execq drop600"]);
  assert.equal(brief("app note from=198.51.100.7 to=bob;"), ["execq say0"]);
  assert.equal(brief("app worse from=198.51.100.7 to=bob;").slice(0, 2), [
    "execq drop600",
    "ar (local_source) [] NNS 007 say0",
  ]);
});

test("held back: users and addresses with other characters, the white list; nothing need be there", () => {
  assert.equal(brief("app bad from=198.51.100.7 to=b ob;"), ["crafted-user"]);
  assert.equal(brief("app bad from=fe80::1%eth0 to=bob;"), ["crafted-srcip"]);
  assert.equal(brief("app bad from=192.0.2.9 to=bob;"), ["white-list"]);
  assert.equal(brief("app bad from=::ffff:192.0.2.9 to=bob;"), ["white-list"]);
  assert.equal(brief("app bad from=2001:db8::5 to=bob;"), ["white-list"]);
  assert.equal(brief("app bad from=2001:DB9::5 to=bob;"), ["execq drop600"]);
  assert.equal(brief("bad"), ["execq drop600"]);
});

test("to an agent as its version reads it", () => {
  const agent = "[009] (gate) any->/var/log/x";
  assert.equal(brief("app bad from=198.51.100.7 to=bob;", "[011] (new) any->/var/log/x"), []);
  const [old] = respond("app bad from=198.51.100.7 to=bob;", agent);
  assert.is(
    old?.kind === "message" ? old.prefix + old.text : null,
    "(local_source) [] NRN 009 drop600 bob 198.51.100.7 1700000000.7 100101 (gate) any->/var/log/x - -",
  );
  const texts = respond("worse").flatMap((one) => (one.kind === "message" ? [one.text] : []));
  assert.equal(texts.slice(1), [
    '{"version":1,"origin":{"name":"undefined","module":"wazuh-analysisd"},"command":"say0","parameters":{"extra_args":["-a","$b"],"alert":{"a":"it\'s"}}}',
    String.raw`{"version":1,"origin":{"name":"undefined","module":"wazuh-analysisd"},"command":"say0","parameters":{"extra_args":["-a","\\x24b"],"alert":{"a":"it\\x27s"}}}`,
    "say0 - - 1700000000.7 100103 /var/log/x - -a $b",
  ]);
});

test("execd: check_keys is answered by continue, by abort while a timer runs; then comes the delete", () => {
  const execd = new WazuhExecd({
    repeatedOffenders: [],
    deletes: "due",
    node: "n",
    keysOf: ({ request }) => [request.ip],
  });
  const message = (time: number): ResponseMessage => {
    const [first] = respond("app bad from=198.51.100.7 to=bob;", "/var/log/x", time);
    if (first?.kind !== "message") throw new Error("no message");
    return first;
  };
  const [add] = execd.request(message(1_700_000_000));
  assert.equal(add, {
    command: "add",
    time: 1_700_000_000,
    executable: "firewall-drop",
    input:
      '{"version":1,"origin":{"name":"n","module":"wazuh-execd"},"command":"add","parameters":{"extra_args":[],"alert":{"a":"it\'s"},"program":"active-response/bin/firewall-drop"}}',
    answer: "continue",
    until: 1_700_000_600,
  });
  const [again] = execd.request(message(1_700_000_100));
  assert.is(again?.answer, "abort");
  assert.equal(
    execd.runOut().map(({ command, time }) => [command, time]),
    [["delete", 1_700_000_700]],
  );
});

test.run();
