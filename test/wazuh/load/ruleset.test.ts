import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadWazuh } from "../../../src/wazuh/load/index.js";
import { homeSource } from "../../conformance/wazuh-home.js";

const decoders =
  '<decoder name="p"><program_name>^p$</program_name></decoder><decoder name="n"><prematch>^n</prematch></decoder>';

/** Files of rules and decoders in the order in which they are read, and what is said of ossec.conf. */
function order(conf: string, paths: readonly string[]) {
  const home = new Map<string, Uint8Array>([["etc/ossec.conf", Buffer.from(conf)]]);
  for (const path of paths) home.set(path, Buffer.from(path.includes("decoder") ? decoders : ""));
  const { conf: read, problems } = loadWazuh(homeSource(home));
  return {
    rules: read.rules.map(({ path }) => path),
    decoders: read.decoders.map(({ path }) => path),
    said: problems
      .filter(({ file }) => file === "etc/ossec.conf")
      .map(({ code, outcome }) => `${outcome} ${code}`),
  };
}

const ruleset = (words: string): string => `<ossec_config><ruleset>${words}</ruleset></ossec_config>`;

const test = suite("which files a Wazuh home reads");

test("without a section, or without folders of a kind, the stock folders", () => {
  const paths = [
    "ruleset/decoders/d.xml",
    "ruleset/rules/r.xml",
    "etc/rules/own.xml",
    "etc/decoders/own.xml",
  ];
  for (const conf of ["", "<ossec_config></ossec_config>"]) {
    const found = order(conf, paths);
    assert.equal(found.rules, ["ruleset/rules/r.xml"]);
    assert.equal(found.decoders, ["ruleset/decoders/d.xml"]);
  }
  const named = order(ruleset("<rule_dir>etc/rules</rule_dir>"), paths);
  assert.equal(named.rules, ["etc/rules/own.xml"]);
  assert.equal(named.decoders, ["ruleset/decoders/d.xml"]);
});

test("all folders and includes together, by the bytes of the base name", () => {
  const found = order(
    ruleset(
      "<rule_dir>ruleset/rules</rule_dir><rule_dir>etc/rules</rule_dir><rule_include>etc/x/0015.xml</rule_include>",
    ),
    [
      "ruleset/decoders/d.xml",
      "ruleset/rules/0020.xml",
      "ruleset/rules/local.xml",
      "etc/rules/0010.xml",
      "etc/rules/Z.xml",
      "etc/rules/local.xml",
      "etc/x/0015.xml",
    ],
  );
  assert.equal(found.rules, [
    "etc/rules/0010.xml",
    "etc/x/0015.xml",
    "ruleset/rules/0020.xml",
    "etc/rules/Z.xml",
    "ruleset/rules/local.xml",
    "etc/rules/local.xml",
  ]);
});

test("any byte before xml, whatever the letters; a pattern in its place; sub folders are not entered", () => {
  const paths = [
    "ruleset/decoders/d.xml",
    "etc/rules/a.XML",
    "etc/rules/cxml",
    "etc/rules/x.xml.bak",
    "etc/rules/sub/y.xml",
  ];
  assert.equal(order(ruleset("<rule_dir>etc/rules</rule_dir>"), paths).rules, [
    "etc/rules/a.XML",
    "etc/rules/cxml",
  ]);
  assert.equal(order(ruleset(String.raw`<rule_dir pattern="\.bak$">etc/rules</rule_dir>`), paths).rules, [
    "etc/rules/x.xml.bak",
  ]);
});

test("an exclude is a base name or the path, wherever it stands; nothing is added twice", () => {
  const paths = ["ruleset/decoders/d.xml", "ruleset/rules/a.xml", "etc/rules/a.xml", "etc/rules/b.xml"];
  const folders = "<rule_dir>ruleset/rules</rule_dir><rule_dir>etc/rules</rule_dir>";
  assert.equal(order(ruleset(`${folders}<rule_exclude>a.xml</rule_exclude>`), paths).rules, [
    "etc/rules/b.xml",
  ]);
  assert.equal(order(ruleset(`<rule_exclude>etc/rules/a.xml</rule_exclude>${folders}`), paths).rules, [
    "ruleset/rules/a.xml",
    "etc/rules/b.xml",
  ]);
  assert.equal(
    order(ruleset(`${folders}<rule_include>a.xml</rule_include>`) + ruleset(folders), paths).rules,
    ["ruleset/rules/a.xml", "etc/rules/a.xml", "etc/rules/b.xml"],
  );
});

test("what is refused, and what is not", () => {
  const paths = ["ruleset/decoders/d.xml"];
  const said = (words: string) => order(ruleset(words), paths).said;
  assert.equal(said("<rule_dir>nowhere</rule_dir>"), []);
  assert.equal(said('<rule_dir dir="x">etc/rules</rule_dir>'), ["error OSSEC-CONF-ELEMENT"]);
  assert.equal(said('<rule_dir pattern="(">etc/rules</rule_dir>'), ["error OSSEC-PATTERN"]);
  assert.equal(said("<include>x.xml</include>"), ["error OSSEC-CONF-ELEMENT"]);
  assert.equal(said("<rule_include>etc/x.xml</rule_include>"), ["warning OSSEC-FILE-MISSING"]);
  assert.equal(said("<list>etc/lists/none</list>"), ["warning OSSEC-FILE-MISSING"]);
  assert.equal(order("<ossec_config><rules><include>x</include></rules></ossec_config>", paths).said, [
    "error OSSEC-CONF-ELEMENT",
  ]);
});

test("both kinds of decoders are needed", () => {
  const home = new Map<string, Uint8Array>([
    ["etc/ossec.conf", Buffer.from("")],
    ["ruleset/decoders/d.xml", Buffer.from('<decoder name="n"><prematch>^n</prematch></decoder>')],
  ]);
  const { problems } = loadWazuh(homeSource(home));
  assert.equal(
    problems.map(({ code, outcome }) => `${outcome} ${code}`),
    ["error OSSEC-DECODER-LISTS"],
  );
});

test("the folder ruleset/ of the sources has no ossec.conf and is read as the installed one would read it", () => {
  const files: Readonly<Record<string, string>> = {
    "decoders/0005-a.xml": decoders,
    "rules/0010-a.xml": "",
    "rules/0215-policy_rules.xml": "",
    "lists/audit-keys": "k:v\n",
    "lists/of-somebody": "k:v\n",
  };
  const bytes = (name: string): Uint8Array => Buffer.from(files[name] ?? "");
  const load = (names: readonly string[]) =>
    loadWazuh(homeSource(new Map(names.map((name) => [name, bytes(name)]))));
  const { conf, problems } = load(Object.keys(files));
  assert.equal(problems, []);
  assert.equal(
    conf.decoders.map(({ path }) => path),
    ["ruleset/decoders/0005-a.xml"],
  );
  assert.equal(
    conf.rules.map(({ path }) => path),
    ["ruleset/rules/0010-a.xml"],
  );
  assert.equal(
    conf.lists.map(({ path }) => path),
    ["etc/lists/audit-keys"],
  );
  const own = load([...Object.keys(files), "etc/rules/local_rules.xml"]);
  assert.equal(
    own.conf.rules.map(({ path }) => path),
    ["ruleset/rules/0010-a.xml", "etc/rules/local_rules.xml"],
  );
});

test.run();
