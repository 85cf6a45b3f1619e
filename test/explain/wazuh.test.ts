import { test } from "uvu";
import * as assert from "uvu/assert";
import { explain } from "../../src/explain/index.js";
import { locationOf, originalOf } from "../../src/explain/original.js";
import { ownDefinitions } from "../../src/explain/own.js";
import type { OssecSource } from "../../src/files/ossec-source.js";
import { loadWazuh } from "../../src/wazuh/load/index.js";

const group = (rules: string): string => `<group name="g,">${rules}</group>`;
const root = group(
  '<rule id="1" level="0" noalert="1"><category>syslog</category><description>Root</description></rule>',
);
const files = new Map<string, string>([
  [
    "etc/ossec.conf",
    "<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir><decoder_dir>etc/decoders</decoder_dir><rule_dir>etc/rules</rule_dir></ruleset></ossec_config>",
  ],
  ["ruleset/rules/0010-rules_config.xml", root],
  [
    "ruleset/rules/0095-sshd_rules.xml",
    group(
      '<rule id="5700" level="0" noalert="1"><decoded_as>sshd</decoded_as><description>sshd</description></rule>' +
        '<rule id="5716" level="5"><if_sid>5700</if_sid><match>Failed</match><description>failed</description></rule>',
    ),
  ],
  [
    "ruleset/decoders/0310-ssh_decoders.xml",
    '<decoder name="other"><prematch>^zz</prematch></decoder>' +
      '<decoder name="sshd"><program_name>^sshd</program_name></decoder>' +
      '<decoder name="sshd-failed"><parent>sshd</parent><prematch>^Failed</prematch>' +
      '<regex type="pcre2" offset="after_prematch">for (\\S+) from (\\S+)</regex><order>user,srcip</order></decoder>',
  ],
  [
    "etc/rules/local_rules.xml",
    group(
      '<rule id="100001" level="7"><if_sid>5716</if_sid><srcip negate="yes">10.0.0.0/8</srcip><location>auth</location><description>from outside</description></rule>' +
        '<rule id="100002" level="9"><if_sid>5716</if_sid><user type="pcre2">^Root$</user><description>root</description></rule>' +
        '<rule id="100003" level="12" frequency="4" timeframe="60"><if_matched_sid>100001</if_matched_sid><same_srcip /><description>many</description></rule>',
    ),
  ],
]);
const source: OssecSource = {
  read: (path) => {
    const text = files.get(path);
    return text === undefined ? null : Buffer.from(text);
  },
  list: (path) =>
    [...files.keys()].flatMap((file) => (file.startsWith(`${path}/`) ? [file.slice(path.length + 1)] : [])),
};
const loaded = loadWazuh(source);

async function explained(what: string): Promise<string> {
  let text = "";
  const { problems } = await explain({
    loaded,
    what,
    earlier: null,
    ownHostname: "here",
    timeZone: "UTC",
    control: false,
    all: false,
    format: "text",
    now: () => 1700000000,
    write: (piece) => {
      text += piece;
    },
  });
  assert.equal(problems, []);
  return text;
}

const line = "Dec 29 10:00:01 web sshd[1]: Failed password for root from 192.0.2.1 port 22";

test("the home loads without a word, and what is under etc/ is the reader's own", () => {
  assert.equal(loaded.problems, []);
  const own = ownDefinitions(loaded);
  assert.equal(
    own.rules.map(({ id }) => id),
    [100001, 100002, 100003],
  );
  assert.equal(own.decoders, []);
});

test("patterns are tested as Wazuh does: PCRE2 with letter case, the location of a session", async () => {
  const text = await explained(line);
  assert.match(text, "Rule 100001 was tried and not met: location");
  assert.match(text, "Rule 100002 was tried and not met: user");
  assert.match(text, "rule 5716 (level 5) failed: alert");
});

test("what is negated is said so", async () => {
  const text = await explained(line.replace("192.0.2.1", "10.1.2.3"));
  assert.match(text, "location");
  const pasted = await explained(
    `2023 Nov 14 22:13:20 web->/var/log/auth.log ${line.replace("192.0.2.1", "10.1.2.3")}`,
  );
  assert.match(pasted, "wanted    not 10.0.0.0/8");
});

test("a line pasted from alerts.json is its agent's, with the path that rules ask for", async () => {
  const pasted = JSON.stringify({
    agent: { id: "001", name: "edge", ip: "192.0.2.7" },
    full_log: line,
    decoder: {},
    location: "/var/log/auth.log",
  });
  assert.is(locationOf(originalOf(pasted), loaded.dialect), "[001] (edge) 192.0.2.7->/var/log/auth.log");
  const text = await explained(pasted);
  assert.match(text, "hostname  edge");
  assert.match(text, "rule 100001 (level 7) from outside: alert");
});

test("a line of the server itself has its path, and the host that it names", async () => {
  const text = await explained(`2023 Nov 14 22:13:20 web->/var/log/auth.log ${line}`);
  assert.match(text, "hostname  web");
  assert.match(text, "rule 100001 (level 7) from outside: alert");
});

test("what is wanted of a composite is said as it is written", async () => {
  const text = await explained(`2023 Nov 14 22:13:20 web->/var/log/auth.log ${line}`);
  assert.match(text, "3 earlier events within 60 seconds (frequency 4)");
});

test.run();
