import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion } from "../../../src/model/model.js";
import { loadOssec, type ProgramVerdict, programVerdict } from "../../../src/ossec/load/index.js";
import { minimalTree, type RecordFile } from "./minimal-tree.js";

/** ossec.conf and what stands beside it (docs/reference/ossec.md#corner-cases-of-analysis, #corner-cases-of-configuration). */
const included = "<rules><include>rules_config.xml</include><include>local_rules.xml</include></rules>";

function load(files: Readonly<Record<string, RecordFile>>, engine: EngineVersion = "4.3") {
  return loadOssec(minimalTree(files), { engine });
}

function verdict(files: Readonly<Record<string, RecordFile>>, engine: EngineVersion = "4.3"): ProgramVerdict {
  return programVerdict(load(files, engine).problems, "logtest");
}

const conf = (sections: string): Readonly<Record<string, string>> => ({
  "etc/ossec.conf": `<ossec_config>${sections}${included}</ossec_config>`,
});

test("options of <global> that came with 4.3, and those that no version has", () => {
  const wrong = (element: string, engine: EngineVersion): boolean =>
    verdict(conf(`<global>${element}</global>`), engine) === "error";
  for (const element of [
    "<logall_json>yes</logall_json>",
    "<auth_smtp>no</auth_smtp>",
    "<smtp_user>u</smtp_user>",
    "<smtp_password>p</smtp_password>",
    "<secure_smtp>yes</secure_smtp>",
    "<smtp_tls_verify>yes</smtp_tls_verify>",
    "<smtp_port>587</smtp_port>",
  ]) {
    assert.not(wrong(element, "4.3"), element);
    assert.ok(wrong(element, "3.8") && wrong(element, "3.7"), element);
  }
  for (const name of ["picviz_output", "picviz_socket", "md5_whitelist", "md5_allowlist", "database_type"])
    for (const engine of ["4.3", "3.8", "3.7"] as const)
      assert.ok(wrong(`<${name}>yes</${name}>`, engine), name);
  assert.ok(wrong("<logall_json>1</logall_json>", "4.3"));
});

test("an attribute of rule_dir or decoder_dir that is not pattern kills the loader", () => {
  const folder = (tag: string, attributes: string): Readonly<Record<string, string>> => ({
    "etc/ossec.conf": `<ossec_config><rules><include>rules_config.xml</include><${tag} ${attributes}>rules/sub</${tag}></rules></ossec_config>`,
    "rules/sub/d.xml":
      '<group name="g,"><rule id="104" level="5"><match>a</match><description>r</description></rule></group>',
  });
  assert.is(verdict(folder("rule_dir", 'pattern=".xml$"')), "ok");
  assert.is(verdict(folder("rule_dir", 'foo="1"')), "crash");
  assert.is(verdict(folder("rule_dir", 'pattern=".xml$" foo="1"')), "crash");
  assert.is(verdict(folder("decoder_dir", 'foo="1"')), "crash");
});

test("the home is the root: .. leads no higher", () => {
  for (const name of [
    "../rules/local_rules.xml",
    "rules/../rules/local_rules.xml",
    "./rules/./local_rules.xml",
  ]) {
    const text = `<ossec_config><rules><include>rules_config.xml</include><include>${name}</include></rules></ossec_config>`;
    assert.ok(load({ "etc/ossec.conf": text }).ruleById.has(199999), name);
  }
});

test("what the analysis would refuse in an agent's ossec.conf is no fault", () => {
  const agent = (sections: string): Readonly<Record<string, string>> => ({
    "etc/ossec.conf": `<ossec_config><client><server-ip>192.0.2.1</server-ip></client>${sections}</ossec_config>`,
  });
  assert.is(verdict(agent("<nosuch><a>b</a></nosuch><global></global>")), "ok");
  // Log collector and execd run there.
  const localfile = load(agent("<localfile><location>x</location></localfile>"));
  assert.is(programVerdict(localfile.problems, "logcollector"), "error");
  // With rules it is the analysis' own.
  assert.is(verdict(agent(`<nosuch><a>b</a></nosuch>${included}`)), "error");
});

const response = (elements: string): string =>
  `<active-response><command>fw</command><location>local</location><level>5</level>${elements}</active-response>`;
const command =
  "<command><name>fw</name><executable>x.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>";

test("execd reads the first active response of each ossec_config only", () => {
  const execd = (...roots: readonly string[]) => {
    const blocks = roots.map((root) => `<ossec_config>${root}</ossec_config>`).join("");
    return load({ "etc/ossec.conf": `<ossec_config>${command}${included}</ossec_config>${blocks}` });
  };
  const no = response("");
  const list = response("<repeated_offenders>1,2</repeated_offenders>");
  const off = response("<disabled>yes</disabled>");
  const broken = response("<disabled>x</disabled>");
  assert.equal(execd(list).conf.repeatedOffenders, [1, 2]);
  assert.equal(execd(no + list).conf.repeatedOffenders, []);
  assert.equal(execd(no, list).conf.repeatedOffenders, [1, 2]);
  assert.is(execd(no + off).conf.execdOn, true);
  assert.is(execd(no, off).conf.execdOn, false);
  assert.is(programVerdict(execd(no + broken).problems, "execd"), "ok");
  assert.is(programVerdict(execd(broken).problems, "execd"), "error");
});

test("expect: whole words in 4.3, words anywhere before", () => {
  for (const [text, now, before] of [
    ["srcip", "srcip", "srcip"],
    ["user, srcip,filename", "user srcip filename", "user srcip filename"],
    ["username", "user", "user"],
    ["dstuser", "", "user"],
    ["srcip;user", "", "user srcip"],
    ["", "", ""],
  ] as const) {
    for (const [engine, expected] of [
      ["4.3", now],
      ["3.8", before],
    ] as const) {
      const { commands } = load(conf(command.replace(">srcip<", `>${text}<`)), engine).conf;
      const words = Object.entries(commands[0]?.expect ?? {}).flatMap(([word, on]) => (on ? [word] : []));
      assert.is(words.join(" "), expected, `${text} ${engine}`);
    }
  }
});

test("internal options: the local file before the shipped one, the first line of a name, numbers within their range", () => {
  const options = (local: string | null, shipped: string | null = null, engine: EngineVersion = "4.3") =>
    load({ "etc/local_internal_options.conf": local, "etc/internal_options.conf": shipped }, engine);
  assert.is(options(null).options.defaultTimeframe, 360);
  const both = options(
    "analysisd.default_timeframe=60\nanalysisd.default_timeframe=70\n",
    "analysisd.default_timeframe=80\n",
  );
  assert.is(both.options.defaultTimeframe, 60);
  assert.is(options(null, "analysisd.default_timeframe=80\r\n").options.defaultTimeframe, 80);
  assert.is(
    options("#analysisd.default_timeframe=60\n analysisd.default_timeframe=60\n").options.defaultTimeframe,
    360,
  );
  for (const [text, engine, message] of [
    ["default_timeframe=abc", "4.3", 2302],
    ["default_timeframe=abc", "3.7", 2302],
    ["default_timeframe=59", "4.3", 2302],
    ["default_timeframe=", "4.3", 2302],
    ["default_timeframe=60 ", "4.3", 2302],
    ["sid_prev_matched_max=15", "4.3", 2302],
    // Unknown before 4.x.
    ["sid_prev_matched_max=15", "3.8", undefined],
    ["decoder_order_size=300", "4.3", undefined],
    ["decoder_order_size=300", "3.8", 2302],
    ["fts_list_size=11", "3.8", 2302],
  ] as const) {
    const { problems } = options(`analysisd.${text}\n`, null, engine);
    assert.is(
      problems.find(({ outcome }) => outcome === "error")?.engineMessage,
      message,
      `${text} ${engine}`,
    );
  }
});

const rule = (elements: string): Readonly<Record<string, string>> => ({
  "rules/local_rules.xml": `<group name="g,"><rule id="100" level="5">${elements}<description>x</description></rule></group>`,
});

test("a PCRE2 form beside the plain one may be broken, but for those of regex, id and srcport", () => {
  for (const [plain, hidden, expected] of [
    ["match", "match_pcre2", "ok"],
    ["url", "url_pcre2", "ok"],
    ["user", "user_pcre2", "ok"],
    ["status", "status_pcre2", "ok"],
    ["hostname", "hostname_pcre2", "ok"],
    ["extra_data", "extra_data_pcre2", "ok"],
    ["program_name", "program_name_pcre2", "ok"],
    ["dstport", "dstport_pcre2", "ok"],
    ["regex", "pcre2", "error"],
    ["id", "id_pcre2", "error"],
    ["srcport", "srcport_pcre2", "crash"],
  ] as const)
    for (const engine of ["4.3", "3.8", "3.7"] as const)
      assert.is(verdict(rule(`<${plain}>a</${plain}><${hidden}>(</${hidden}>`), engine), expected, hidden);
  const decoder = (elements: string): Readonly<Record<string, string>> => ({
    "etc/decoder.xml": `<decoder name="d">${elements}</decoder><decoder name="p"><program_name>^zz</program_name></decoder>`,
  });
  assert.is(verdict(decoder("<prematch>a</prematch><prematch_pcre2>(</prematch_pcre2>")), "ok");
  assert.is(
    verdict(decoder("<program_name>a</program_name><program_name_pcre2>(</program_name_pcre2>")),
    "ok",
  );
  assert.is(verdict(decoder("<prematch_pcre2>(</prematch_pcre2>")), "error");
});

test("the first attribute of <field> counts; a name of 2048 bytes kills the loader", () => {
  assert.is(verdict(rule('<field name="a" type="pcre2">b</field>')), "ok");
  assert.is(verdict(rule('<field type="pcre2">b</field>')), "ok");
  assert.is(verdict(rule(`<field name="${"a".repeat(2047)}">b</field>`)), "ok");
  assert.is(verdict(rule(`<field name="${"a".repeat(2048)}">b</field>`)), "crash");
  assert.is(verdict(rule("<field>b</field>")), "crash");
});

test.run();
