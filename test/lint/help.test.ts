/** What to write instead, and files that are not what they are read as. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nearNames } from "../../src/diagnostics/near-names.js";
import { fileKind, type InputFile } from "../../src/lint/input.js";
import { type LintOptions, lintFiles } from "../../src/lint/lint.js";
import { promisedCounts } from "../../src/lint/promised-count.js";

const test = suite("help");

const options: LintOptions = { engine: "4.3", dialect: "ossec", closed: true, order: null, glob: null };
const file = (path: string, text: string): InputFile => ({
  path,
  kind: fileKind(path, text, true) ?? "rules",
  bytes: Buffer.from(text),
});
const rule = (body: string, more = ""): string =>
  `<group name="t,"><rule id="100100" level="5"${more}>${body}<description>d</description></rule></group>`;
const helpOf = (text: string, path = "r.xml"): readonly string[] =>
  lintFiles([file(path, text)], options).findings.map(({ help }) => help ?? "");

test("an attribute written as an element, and the other way round", () => {
  assert.ok(
    helpOf(rule("<match>x</match><frequency>5</frequency>")).some((help) =>
      /attribute.* frequency="/.test(help),
    ),
  );
  assert.ok(
    helpOf(rule("<if_sid>1</if_sid>", ' match="x"')).some((help) => help.includes("<match>…</match>")),
  );
});

test("names that are nearly right, or another system's", () => {
  assert.ok(helpOf(rule("<if_sidd>1</if_sidd>")).some((help) => help.includes("if_sid")));
  assert.ok(helpOf(rule("<mitre><id>T1</id></mitre>")).some((help) => help.includes("--dialect wazuh")));
  assert.ok(
    helpOf('<decoder name="x"><program>^x</program></decoder>', "d.xml").some((help) =>
      help.includes("<program_name>"),
    ),
  );
  assert.equal(
    nearNames("authentication_failure", ["authentication_failed", "syslog", "authentication_failures"]),
    ["authentication_failures", "authentication_failed"],
  );
});

test("an overwrite of nothing, JSON, a < in the text", () => {
  assert.ok(
    helpOf(rule("<match>x</match>", ' overwrite="yes"')).some((help) =>
      help.includes('overwrite="yes" away'),
    ),
  );
  assert.ok(helpOf(rule("<decoded_as>json</decoded_as>")).some((help) => help.includes("no JSON decoder")));
  assert.ok(helpOf(rule("<match>user <root></match>")).some((help) => help.includes("\\<")));
});

test("Wazuh's files are told once, first", () => {
  const typed = (id: number): string =>
    `<rule id="${id}" level="5"><match type="pcre2">x</match><options>no_full_log</options><mitre><id>T1</id></mitre><description>d</description></rule>`;
  const files = [
    file("a.xml", rule("<match>!x</match>")),
    file(
      "w.xml",
      `<group name="t,">${Array.from({ length: 6 }, (_, index) => typed(100_200 + index)).join("\n")}</group>`,
    ),
  ];
  const { findings } = lintFiles(files, options);
  assert.is(findings[0]?.code, "LINT-WAZUH-FILES");
  assert.is(findings.filter(({ code }) => code === "LINT-WAZUH-FILES").length, 1);
  assert.not(findings.some(({ message }) => message.includes("mitre>") && !message.startsWith("these")));
  assert.not(
    lintFiles(files, { ...options, dialect: "wazuh" }).findings.some(
      ({ code }) => code === "LINT-WAZUH-FILES",
    ),
  );
  assert.not(lintFiles(files.slice(0, 1), options).findings.some(({ code }) => code === "LINT-WAZUH-FILES"));
});

test("an agent's files are not the analysis engine's", () => {
  const agent =
    "<ossec_config><client><server-ip>10.0.0.1</server-ip><config-profile>a</config-profile></client></ossec_config>";
  for (const closed of [true, false]) {
    const linted = lintFiles([file("a/etc/ossec.conf", agent)], { ...options, closed, homes: ["a"] });
    assert.equal(linted.findings, []);
  }
  const shared = "<agent_config><localfile><location>/var/log/x</location></localfile></agent_config>";
  assert.equal(lintFiles([file("agent.conf", shared)], options).findings, []);
});

test("what is missing is to be added, not to be taken away", () => {
  const wazuh = (rules: string): readonly string[] =>
    lintFiles([file("r.xml", `<group name="t,">${rules}</group>`)], {
      ...options,
      dialect: "wazuh",
    }).findings.map(({ line, code, help }) => `${line} ${code} ${help ?? ""}`);
  const some = (found: readonly string[], form: RegExp): void =>
    assert.ok(
      found.some((text) => form.test(text)),
      `${form} in\n${found.join("\n")}`,
    );
  const rest = "<description>d</description></rule>";
  some(wazuh('<rule id="100100" level="5"><match>x</match></rule>'), /ELEMENT Add <description>/);
  some(wazuh(`<rule id="100100" level="5"><if_sid>1|2</if_sid>${rest}`), /REFERENCE Write a comma/);
  some(
    wazuh(`<rule id="100100" level="5"><time>25:00-6:00</time>${rest}`),
    /VALUE Write two times of 0:00 to 23:59/,
  );
  some(wazuh(`<rule id="100100" level="5"><weekday>fryday</weekday>${rest}`), /VALUE Write monday,/);
  some(wazuh(`<rule id="100100" level="5"><match type="pcre2">(a</match>${rest}`), /PATTERN Close it/);
  some(
    wazuh(
      `<rule id="100100" level="5"><match>x</match>${rest}\n<rule id="100100" level="6" overwrite="yes"><if_sid>1</if_sid>${rest}`,
    ),
    /2 OSSEC-RULE-REFERENCE Take it away\. For another parent/,
  );
});

test("a second rule of an id does not hide the first from rules between them", () => {
  const rule = (id: number, body: string): string =>
    `<rule id="${id}" level="5">${body}<description>d</description></rule>`;
  const orders = (rules: readonly string[]): readonly string[] =>
    lintFiles([file("r.xml", `<group name="t,">${rules.join("\n")}</group>`)], {
      ...options,
      dialect: "wazuh",
      order: { file: "order.txt", names: ["r.xml"] },
    })
      .findings.filter(({ code }) => code === "WAZUH-FILE-ORDER")
      .map(({ help }) => help ?? "");
  const child = rule(100_101, "<if_sid>100100</if_sid>");
  assert.equal(orders([rule(100_100, "<match>x</match>"), child, rule(100_100, "<match>y</match>")]), []);
  assert.equal(orders([child, rule(100_100, "<match>y</match>")]), ["Move the rule behind rule 100100."]);
});

test("lines show which decoder takes what another fits", () => {
  const decoders = String.raw`<decoder name="date"><prematch_pcre2>^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} </prematch_pcre2></decoder>
<decoder name="app"><prematch>^\d+-\d+-\d+ \d+:\d+:\d+ app: </prematch></decoder>`;
  const linted = (line: string) =>
    lintFiles([file("local_decoder.xml", decoders)], { ...options, logs: [{ file: "a.log", lines: [line] }] })
      .findings.filter(({ code }) => code === "OSSEC-DECODER-SHADOWED")
      .map(({ line: at, help }) => [at, help?.includes("<parent>date</parent>")]);
  assert.equal(linted("2025-12-29 10:00:01 app: login"), [[2, true]]);
  assert.equal(linted("5-12-29 10:00:01 app: login"), []);
});

test("headers that lose the program name, each kind once", () => {
  const headers = [
    "Dec 29 10:00:01 +0000 host",
    "Dec 29 10:00:01 CET host",
    "Dec 29 10:00:01 2025 host",
    "Dec 29 10:00:01.123 host",
    "Dec 9 10:00:01 host",
    "Dec 29 10:00:01 [host]",
    "Mon Dec 29 10:00:01 host",
    "Dec 29 2025 10:00:01 host",
    "2025-12-29 10:00:01 host",
    "Dec 29 10:00:01",
  ];
  const lines = [
    ...headers.flatMap((header) => [`${header} sshd[1]: Failed`, `${header} sshd[2]: Failed`]),
    "Dec 29 10:00:01 host sshd[1]:Failed",
    "Dec 29 10:00:01 host sshd[1]: Failed",
    "2025-12-29T10:00:01+01:00 host sshd[1]: Failed",
  ];
  const { findings } = lintFiles([], { ...options, logs: [{ file: "a.log", lines }] });
  const told = findings.filter(({ code }) => code === "OSSEC-HEADER-LOSES-PROGRAM");
  // Both forms of a zone are one kind.
  assert.equal(
    told.map(({ line }) => line),
    [1, 5, 7, 9, 11, 13, 15, 17, 19, 21],
  );
  for (const { help } of told) assert.match(help ?? "", /^Let the /);
});

test("numbers of events in words", () => {
  const events = (text: string) => promisedCounts(text).map(({ event }) => event);
  assert.equal(events("5 bad logins within 60 seconds"), [5]);
  assert.equal(events("More than 5 failed logins in 2 minutes"), [6]);
  assert.equal(events("Eight failed passwords from one address"), [8]);
  assert.equal(events("After 10 attempts on port 22"), [10]);
  assert.equal(events("Phase 2 of the attack, HTTP 404, rule 5716, 10.0.0.1"), []);
  assert.equal(events("brute force (5+ failures in 1m)"), [5]);
  assert.equal(events("Multiple authentication failures."), []);
});

test.run();
