import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogtestSession, type SessionOptions } from "../../src/logtest/session.js";
import { readUnitTest, WazuhOutput, type WazuhOutputOptions } from "../../src/logtest/wazuh-output.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadWazuh } from "../../src/wazuh/load/index.js";

const files: Readonly<Record<string, string>> = {
  "etc/ossec.conf":
    "<ossec_config><ruleset><rule_dir>etc/rules</rule_dir><decoder_dir>etc/decoders</decoder_dir></ruleset><alerts><email_alert_level>12</email_alert_level></alerts></ossec_config>",
  "etc/decoders/a.xml":
    '<decoder name="d"><program_name>^d$</program_name></decoder>\n' +
    '<decoder name="d-user"><parent>d</parent><prematch>^user </prematch><regex offset="after_prematch">(\\S+) from (\\S+)</regex><order>srcuser,srcip</order></decoder>\n' +
    '<decoder name="json"><prematch>^{\\s*"</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>\n',
  "etc/rules/a.xml":
    '<group name="g,pci_dss_1.2,">\n' +
    '<rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>\n' +
    '<rule id="100001" level="5"><if_sid>1</if_sid><decoded_as>d</decoded_as><description>login of $(srcuser)</description></rule>\n' +
    '<rule id="100002" level="7"><if_sid>1</if_sid><decoded_as>json</decoded_as><options>no_full_log</options><description>json</description></rule>\n' +
    "</group>\n",
};

const home = {
  read: (path: string) => {
    const text = files[path];
    return text === undefined ? null : Buffer.from(text);
  },
  list: (folder: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1)),
};

type Wanted = Partial<WazuhOutputOptions & SessionOptions & { readonly location: string }>;

function session(wanted: Wanted): { readonly session: LogtestSession; readonly output: WazuhOutput } {
  const loaded = loadWazuh(home);
  assert.equal(loaded.problems, []);
  const { location = "stdin" } = wanted;
  const engine = createEngine(loaded, { ownHostname: "srv", timeZone: "UTC", mode: "logtest", location });
  const common = { format: "text", alerts: false, verbose: false, control: true, ...wanted } as const;
  const output = new WazuhOutput({ unitTest: null, ...common, ownHostname: "srv" }, engine.clock);
  const options = { ...common, controlsLocation: true, now: () => 1_700_000_000 };
  return { session: new LogtestSession(engine, options, output), output };
}

const line = "Nov 14 18:09:08 web d[1]: user bob from 10.0.0.1";

test("the text of wazuh-logtest", () => {
  const { session: run } = session({ verbose: true });
  assert.is(run.begin(), "Starting wazuh-logtest v4.14.7\nType one log per line\n");
  assert.is(
    run.line(line),
    [
      "",
      "**Phase 1: Completed pre-decoding.",
      `\tfull event: '${line}'`,
      "\ttimestamp: 'Nov 14 18:09:08'",
      "\thostname: 'web'",
      "\tprogram_name: 'd'",
      "",
      "**Phase 2: Completed decoding.",
      "\tname: 'd'",
      "\tparent: 'd'",
      "\tsrcip: '10.0.0.1'",
      "\tsrcuser: 'bob'",
      "",
      "**Rule debugging:",
      "\tTrying rule: 1 - root",
      "\t\t*Rule 1 matched",
      "\t\t*Trying child rules",
      "\tTrying rule: 100002 - json",
      "\tTrying rule: 100001 - login of $(srcuser)",
      "\t\t*Rule 100001 matched",
      "",
      "**Phase 3: Completed filtering (rules).",
      "\tid: '100001'",
      "\tlevel: '5'",
      "\tdescription: 'login of bob'",
      "\tgroups: '['g']'",
      "\tfiredtimes: '1'",
      "\tmail: 'False'",
      "\tpci_dss: '['1.2']'",
      "**Alert to be generated.",
      "",
    ].join("\n"),
  );
});

test("entries of alerts.log: their numbers are offsets, an agent has no host before its location", () => {
  const { session: run } = session({ alerts: true });
  const first = run.line(line);
  assert.is(
    first,
    "** Alert 1700000000.0: - g,pci_dss_1.2,\n2023 Nov 14 22:13:20 web->stdin\nRule: 100001 (level 5) -> 'login of bob'\n" +
      `Src IP: 10.0.0.1\n${line}\n\n`,
  );
  assert.is(run.line("nothing"), "");
  assert.is(run.line("@location [001] (ag) 10.9.9.9->/var/log/x"), "");
  assert.is(
    run.line('{"a":"1","b":""}'),
    `** Alert 1700000000.${first.length}: - g,pci_dss_1.2,\n2023 Nov 14 22:13:20 (ag) 10.9.9.9->/var/log/x\n` +
      'Rule: 100002 (level 7) -> \'json\'\n{"a":"1","b":""}\na: 1\n\n',
  );
});

test("objects of alerts.json", () => {
  const { session: run } = session({
    format: "alerts-json",
    alerts: true,
    location: "[002] (\xc3\xbc) any->/x>y",
  });
  assert.equal(JSON.parse(run.line('{"a.b":[1,"x"],"A":"\xff"}')), {
    timestamp: "2023-11-14T22:13:20.000+0000",
    rule: {
      level: 7,
      description: "json",
      id: "100002",
      firedtimes: 1,
      mail: false,
      groups: ["g"],
      pci_dss: ["1.2"],
    },
    agent: { id: "002", name: "ü" },
    manager: { name: "srv" },
    id: "1700000000.0",
    decoder: { name: "json" },
    data: { a: { b: [1, "x"] } },
    location: "/x>y",
  });
});

test("JSON of logtest with what Wazuh adds; a malformed location drops lines", () => {
  const { session: run } = session({ format: "json" });
  const object = JSON.parse(run.line(line));
  assert.equal(object.decoder, { name: "d", parent: "d" });
  assert.equal(object.rule, {
    id: 100001,
    level: 5,
    description: "login of bob",
    groups: ["g"],
    firedtimes: 1,
    mail: false,
  });
  assert.equal([object.timestamp, object.location, object.alert], ["Nov 14 18:09:08", "stdin", true]);
  run.line("@location [001");
  assert.equal(JSON.parse(run.line("x")), { schemaVersion: 1, line: "x", ignored: true });
});

test("-U compares rule, level and decoder of the last line", () => {
  const unitTest = readUnitTest("100001:5:d");
  const { session: run, output } = session({ unitTest });
  assert.ok(run.line(line).endsWith("\n\nUnit test OK\n"));
  assert.ok(output.agrees);
  assert.ok(
    run.line("other").endsWith("\nUnit test FAIL. Expected ['100001', '5', 'd'] , Result ['', '', '']\n"),
  );
  assert.not(output.agrees);
  assert.is(readUnitTest("1:2"), null);
});

test.run();
