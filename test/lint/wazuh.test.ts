/** `--dialect wazuh`: every fact of docs/reference/wazuh.md#in-short that files can show. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fileKind, type InputFile } from "../../src/lint/input.js";
import { lintFiles } from "../../src/lint/lint.js";
import type { Dialect } from "../../src/lint/model.js";
import { rules } from "../../src/lint/rules/index.js";
import { findingsText } from "../../src/report/findings-text.js";
import { lintExample } from "./examples.js";

const wazuh = suite("dialect wazuh");

type Files = Readonly<Record<string, string>>;

function lint(files: Files, dialect: Dialect) {
  const inputs = Object.entries(files).map(
    ([path, text]): InputFile => ({
      path,
      kind: fileKind(path, text, true) ?? "rules",
      bytes: Buffer.from(text),
    }),
  );
  const options = { engine: "4.3", dialect, closed: true, order: null, glob: () => 0 } as const;
  return lintFiles(inputs, options);
}

/** `code effect` of what is found in each dialect. */
function found(files: Files, dialect: Dialect, ...effects: readonly string[]): readonly string[] {
  return lint(files, dialect).findings.flatMap(({ code, effect }) =>
    effects.includes(effect) ? [`${code} ${effect}`] : [],
  );
}

const inGroup = (text: string): Files => ({
  "local_rules.xml": `<group name="local,">\n<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n${text}\n</group>\n`,
});
const rule = (attributes: string, elements: string): Files =>
  inGroup(`<rule id="100101" ${attributes}>${elements}<description>b</description></rule>`);
const serious = ["refused", "dead", "dangerous"];

wazuh("frequency is 2 to 9999 and fires on the N-th event", () => {
  const count = (frequency: string): Files =>
    rule(`level="5" frequency="${frequency}"`, "<if_matched_sid>100100</if_matched_sid>");
  for (const wrong of ["0", "1", "10000", "99999"])
    assert.equal(found(count(wrong), "wazuh", ...serious), ["WAZUH-FREQUENCY-RANGE refused"], wrong);
  for (const right of ["2", "9999"]) assert.equal(found(count(right), "wazuh", ...serious), [], right);
  assert.equal(found(count("1"), "ossec", "refused"), []);
  const told = (dialect: Dialect) => lint(count("5"), dialect).findings.map(({ code }) => code);
  assert.ok(told("ossec").includes("OSSEC-FREQUENCY-OFF-BY-TWO"));
  assert.not(told("wazuh").includes("OSSEC-FREQUENCY-OFF-BY-TWO"));
});

wazuh("levels go to 16, ids have six digits, timeframes five, ignore six", () => {
  assert.equal(found(rule(`level="17"`, "<match>x</match>"), "wazuh", ...serious), [
    "WAZUH-LEVEL-RANGE refused",
  ]);
  assert.equal(found(rule(`level="99"`, "<match>x</match>"), "wazuh", ...serious), [
    "WAZUH-LEVEL-RANGE refused",
  ]);
  assert.equal(found(rule(`level="16"`, "<match>x</match>"), "wazuh", ...serious, "misread"), []);
  assert.equal(found(rule(`level="5" ignore="1000000"`, "<match>x</match>"), "wazuh", "misread"), [
    "OSSEC-IGNORE-IS-GLOBAL misread",
    "OSSEC-NUMBER-TRUNCATED misread",
  ]);
  const composite = rule(
    `level="5" frequency="3" timeframe="100000"`,
    "<if_matched_sid>100100</if_matched_sid>",
  );
  assert.ok(found(composite, "wazuh", "misread").includes("OSSEC-TIMEFRAME-TRUNCATED misread"));
});

wazuh("a second rule of one id is left out with a warning", () => {
  const twice = inGroup(`<rule id="100100" level="5"><match>x</match><description>b</description></rule>`);
  assert.equal(found(twice, "ossec", ...serious), ["OSSEC-RULE-DUPLICATE refused"]);
  assert.equal(found(twice, "wazuh", ...serious), ["OSSEC-RULE-DUPLICATE dead"]);
});

wazuh("an overwrite without its target is a rule of its own", () => {
  const files = rule(`level="5" overwrite="yes"`, "<match>x</match>");
  assert.equal(found(files, "ossec", ...serious), ["OSSEC-RULE-REFERENCE refused"]);
  assert.equal(found(files, "wazuh", ...serious, "misread"), ["OSSEC-RULE-REFERENCE misread"]);
});

wazuh("an overwrite changes no parent and no if_matched_*", () => {
  const files = inGroup(
    `<rule id="100101" level="5" frequency="3"><if_matched_sid>100100</if_matched_sid><same_location /><description>b</description></rule>\n` +
      `<rule id="100101" level="5" frequency="3" overwrite="yes"><if_matched_sid>100100</if_matched_sid><same_location /><description>b</description></rule>`,
  );
  const has = (dialect: Dialect) =>
    found(files, dialect, "misread").includes("OSSEC-OVERWRITE-IF-SID-IGNORED misread");
  assert.ok(has("wazuh"));
  assert.not(has("ossec"));
});

wazuh("a bad value leaves the rule out with a warning", () => {
  const files = rule(`level="5"`, "<if_level>high</if_level>");
  assert.equal(found(files, "ossec", ...serious), ["OSSEC-RULE-VALUE refused"]);
  assert.equal(found(files, "wazuh", ...serious), ["OSSEC-RULE-VALUE dead"]);
});

wazuh("patterns have a type and may be negated, in rules and decoders", () => {
  const typed = rule(`level="5"`, String.raw`<match type="pcre2">^a[0-9]{2}\b</match>`);
  assert.equal(found(typed, "wazuh", ...serious, "misread"), []);
  assert.equal(found(typed, "ossec", "misread", "dead"), [
    "LINT-WAZUH-FILES misread",
    "OSSEC-ATTRIBUTE-IGNORED misread",
    "OSSEC-MATCH-IS-NOT-REGEX dead",
  ]);
  const regex = rule(`level="5"`, String.raw`<regex type="pcre2">\bport\s[0-9]+</regex>`);
  assert.equal(found(regex, "wazuh", ...serious, "misread"), []);
  assert.equal(found(rule(`level="5"`, `<regex type="pcre2">a(b</regex>`), "wazuh", ...serious), [
    "OSSEC-PATTERN refused",
  ]);
  assert.equal(found(rule(`level="5"`, `<match type="regex">zzz</match>`), "wazuh", ...serious, "misread"), [
    "WAZUH-PATTERN-ATTRIBUTE misread",
  ]);
  const decoder = {
    "local_decoder.xml": String.raw`<decoder name="app"><program_name type="pcre2">^app[0-9]$</program_name></decoder>
<decoder name="app-a"><parent>app</parent><regex type="pcre2">^user (\w+) from ([0-9.]+)$</regex><order>user, srcip</order></decoder>`,
  };
  assert.equal(found(decoder, "wazuh", ...serious, "misread"), []);
  assert.ok(found(decoder, "ossec", "refused").length > 0);
});

wazuh("what is negated takes no events from its sibling", () => {
  const files = inGroup(
    `<rule id="100101" level="7"><if_sid>100100</if_sid><match negate="yes">good</match><description>b</description></rule>\n` +
      `<rule id="100102" level="5"><if_sid>100100</if_sid><match>very good</match><description>c</description></rule>`,
  );
  assert.equal(found(files, "wazuh", ...serious), []);
  assert.equal(found(files, "ossec", "dead"), ["OSSEC-SIBLING-HIGHER-LEVEL-FIRST dead"]);
  const same = inGroup(
    `<rule id="100101" level="7"><if_sid>100100</if_sid><match negate="yes">good</match><description>b</description></rule>\n` +
      `<rule id="100102" level="5"><if_sid>100100</if_sid><match negate="yes">good</match><description>c</description></rule>`,
  );
  assert.equal(found(same, "wazuh", ...serious), ["OSSEC-SIBLING-HIGHER-LEVEL-FIRST dead"]);
});

wazuh("a child whose prematch matched has a type of its own", () => {
  const decoders = (child: string): Files => ({
    "local_decoder.xml": `<decoder name="prog"><program_name>^prog$</program_name></decoder>
<decoder name="fw"><type>firewall</type><prematch>^FW </prematch></decoder>
<decoder name="fw-drop"><parent>fw</parent>${child}<regex offset="after_parent">(\\S+)</regex><order>action</order></decoder>`,
  });
  assert.equal(found(decoders(""), "wazuh", ...serious), []);
  assert.equal(found(decoders(`<prematch offset="after_parent">^drop</prematch>`), "wazuh", ...serious), [
    "OSSEC-TYPE-NOT-INHERITED dead",
  ]);
});

wazuh("an attribute that is misspelt is told with the one that is meant", () => {
  const decoders = {
    "local_decoder.xml": String.raw`<decoder name="app"><prematch>^app </prematch><regex ofset="after_prematch">^(\S+)</regex><order>user</order></decoder>`,
  };
  const [first] = lint(decoders, "wazuh").findings;
  assert.is(first?.code, "WAZUH-ATTRIBUTE-UNKNOWN");
  assert.match(first?.help ?? "", /offset/);
  assert.equal(found(rule(`level="5"`, `<srcip negate="yes">10.0.0.0/8</srcip>`), "wazuh", ...serious), []);
});

wazuh("there are no elements for PCRE2", () => {
  const files = rule(`level="5"`, "<match_pcre2>x</match_pcre2>");
  assert.equal(found(files, "ossec", ...serious), []);
  assert.equal(found(files, "wazuh", ...serious), ["WAZUH-PCRE2-ELEMENT refused"]);
});

wazuh("there is a JSON decoder", () => {
  const files = {
    "local_decoder.xml": `<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>`,
    ...rule(`level="5"`, `<decoded_as>json</decoded_as><field name="a.b">^c</field><srcip>192.0.2.1</srcip>`),
  };
  assert.equal(found(files, "ossec", "refused"), ["OSSEC-DECODER-VALUE refused"]);
  assert.equal(found(files, "wazuh", ...serious), []);
});

wazuh("there are more words for correlation", () => {
  const json = `<decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder><decoder name="prog"><program_name>^prog$</program_name></decoder>`;
  for (const element of [
    "<same_srcip />",
    "<same_field>a</same_field>",
    "<different_srcip />",
    "<not_same_field>a</not_same_field>",
    "<global_frequency />",
  ]) {
    const files = {
      ...rule(`level="5" frequency="3"`, `<if_matched_sid>100100</if_matched_sid>${element}`),
      "local_decoder.xml": json,
    };
    assert.equal(found(files, "wazuh", ...serious), [], element);
  }
  const nosuch = rule(`level="5"`, "<match>x</match><nosuch>x</nosuch>");
  assert.equal(found(nosuch, "wazuh", ...serious), ["OSSEC-RULE-ELEMENT refused"]);
});

const conf = (text: string): Files => ({
  ...inGroup(""),
  "ossec.conf": `<ossec_config>\n${text}\n</ossec_config>\n`,
});

wazuh("a command needs no expect and may have extra_args; the script gets JSON", () => {
  const response = `<active-response><command>block</command><location>local</location><rules_id>100100</rules_id><timeout>600</timeout></active-response>`;
  const command = (elements: string): Files =>
    conf(
      `<global><white_list>192.0.2.1</white_list></global><command><name>block</name><executable>block</executable>${elements}<timeout_allowed>yes</timeout_allowed></command>${response}`,
    );
  const modern = command("<extra_args>--now</extra_args>");
  assert.equal(found(modern, "wazuh", ...serious, "misread"), []);
  assert.ok(found(modern, "ossec", "refused").length > 0);
  assert.equal(found(command("<expect>srcip</expect>"), "wazuh", ...serious, "misread"), [
    "WAZUH-EXPECT-DEPRECATED misread",
  ]);
});

wazuh("white list entries that are no address are patterns", () => {
  const files = conf("<global><white_list>^localhost.localdomain$</white_list></global>");
  assert.equal(found(files, "ossec", "dangerous"), ["OSSEC-WHITE-LIST-HOST-NAME dangerous"]);
  assert.equal(found(files, "wazuh", ...serious), []);
});

wazuh("<ruleset> stands in the place of <rules>, and other sections are not looked into", () => {
  const rulesText = `<group name="local,">\n<rule id="100100" level="3"><match>bad</match><description>a</description></rule>\n</group>`;
  const home = (section: string): Files => ({
    "etc/ossec.conf": `<ossec_config><${section}><decoder_dir>etc/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir><rule_exclude>0001-old_rules.xml</rule_exclude><rule_dir>etc/rules</rule_dir></${section}><wodle name="x"><disabled>no</disabled></wodle></ossec_config>`,
    "ruleset/rules/0000-roots_rules.xml": `<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule></group>`,
    "ruleset/rules/0001-old_rules.xml": rulesText,
    "etc/rules/local_rules.xml": rulesText,
    "etc/decoders/local_decoder.xml": `<decoder name="app"><prematch>^app </prematch></decoder><decoder name="prog"><program_name>^prog$</program_name></decoder>`,
  });
  assert.equal(found(home("ruleset"), "wazuh", ...serious), []);
  assert.ok(found(home("rules"), "wazuh", "refused").includes("OSSEC-CONF-ELEMENT refused"));
  assert.ok(found(home("ruleset"), "ossec", "refused").includes("OSSEC-CONF-ELEMENT refused"));
});

wazuh("own ids begin at 100000", () => {
  const own = (id: string): Files => ({
    "etc/rules/my_rules.xml": `<group name="local,"><rule id="${id}" level="3"><match>bad</match><description>a</description></rule></group>`,
  });
  assert.equal(found(own("5000"), "wazuh", "style"), ["OSSEC-ID-OUTSIDE-LOCAL-RANGE style"]);
  assert.equal(found(own("150000"), "wazuh", "style"), []);
});

wazuh("TAB stays", () => {
  const files = {
    "local_decoder.xml": String.raw`<decoder name="app"><prematch>^app\tlogin</prematch></decoder>`,
  };
  assert.equal(found(files, "ossec", "dead"), ["OSSEC-TAB-IN-PREMATCH dead"]);
  assert.equal(found(files, "wazuh", ...serious), []);
});

wazuh("findings say whose engine they are about", () => {
  const files = rule(`level="20" timeframe="60"`, "<match>x</match>");
  const result = lint(files, "wazuh");
  assert.ok(result.findings.length > 0);
  assert.ok(result.findings.every(({ dialect }) => dialect === "wazuh"));
  assert.match(
    findingsText(result.findings, result.summary, result.leftOut, result.sources),
    "[refused in Wazuh]",
  );
  assert.not(result.findings.some(({ message }) => message.includes("OSSEC message")));
});

/** Bad examples of both dialects that Wazuh takes: what is bad about them is right there. */
const rightInWazuh: ReadonlyMap<string, string> = new Map([
  ["OSSEC-ACTIVE-RESPONSE", "a timeout that is not allowed is 0"],
  ["OSSEC-BACKTRACKING", "<pcre2> is no element"],
  ["OSSEC-COMMAND", "expect may be missing"],
  ["OSSEC-CONF-ELEMENT", "<ruleset> is a section"],
  ["OSSEC-FILE-MISSING", "<rules> is none, so the file is not looked for"],
  ["OSSEC-LINE-KILLS-ENGINE", "a <field> may be asked for behind any decoder"],
  ["OSSEC-TYPE-NOT-INHERITED", "a child without prematch leaves the type its parent's"],
  ["OSSEC-PATTERN-UNSUPPORTED", "<pcre2> is no element"],
]);

for (const { code, dialects = ["ossec"], bad, needsLogs } of rules) {
  // Not run as examples (rules.test.ts).
  if (code === "OSSEC-DECODER-LISTS" || code === "OSSEC-RULE-TREE-SIZE") continue;
  const both = dialects.includes("wazuh") && !rightInWazuh.has(code);
  wazuh(`${code} is ${both ? "" : "not "}told`, () => {
    const has = lintExample(bad, "wazuh").result.findings.some((finding) => finding.code === code);
    assert.is(has, both, needsLogs === true ? "lines are run through OSSEC's engine" : "");
  });
}

wazuh.run();
