/** A Wazuh home in a folder, given to lint without saying whose it is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import { lintFiles } from "../../src/lint/lint.js";
import { recognisedDialect } from "../../src/lint/recognise.js";

const test = suite("lint of a Wazuh home");

const conf = `<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir>
<decoder_dir>etc/decoders</decoder_dir><rule_dir>etc/rules</rule_dir><list>etc/lists/sub/nets</list></ruleset></ossec_config>`;
const decoders =
  '<decoder name="p"><program_name>^p$</program_name></decoder><decoder name="json"><prematch>^{</prematch><plugin_decoder>JSON_Decoder</plugin_decoder></decoder>';
const roots =
  '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>r</description></rule></group>';
const rule = (elements: string, id = 100100): string =>
  `<group name="local,"><rule id="${id}" level="5">${elements}<description>d</description></rule></group>`;

/** `code effect file` of what is found, style and notes left out. */
function found(files: Readonly<Record<string, string>>, given = ""): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "zopf-wazuh-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    }
    const { files: inputs, homes } = findInputs([join(home, given)]);
    const dialect = recognisedDialect(inputs);
    assert.is(dialect, "wazuh");
    const { findings } = lintFiles(inputs, {
      engine: "4.3",
      dialect,
      closed: false,
      order: null,
      glob: null,
      homes,
    });
    return findings
      .filter(({ effect }) => effect !== "style" && effect !== "misread")
      .map(({ code, effect, file }) => `${code} ${effect} ${file.slice(home.length + 1)}`);
  } finally {
    rmSync(home, { recursive: true });
  }
}

const home = {
  "etc/ossec.conf": conf,
  "ruleset/decoders/d.xml": decoders,
  "ruleset/rules/0010-roots.xml": roots,
  "etc/lists/sub/nets": "10.0.0.1:x\n",
};

test("lists in folders, typed patterns and the JSON decoder are no finding", () => {
  const elements = `<match type="pcre2">(?i)bad</match><list field="srcip">etc/lists/sub/nets</list>`;
  assert.equal(found({ ...home, "etc/rules/own.xml": rule(elements) }), []);
});

test("what the engine refuses, what it leaves out, and what is read otherwise than meant", () => {
  assert.equal(found({ ...home, "etc/rules/own.xml": rule("<srcip>10.0.0.300</srcip>") }), [
    "OSSEC-ADDRESS refused etc/rules/own.xml",
  ]);
  assert.equal(found({ ...home, "etc/rules/own.xml": rule("<if_sid>100200</if_sid>") }), [
    "OSSEC-RULE-REFERENCE dead etc/rules/own.xml",
  ]);
  assert.equal(found({ ...home, "etc/rules/own.xml": rule("<srcip>!10.0.0.0/8</srcip>") }), [
    "WAZUH-SRCIP-BANG dangerous etc/rules/own.xml",
  ]);
});

test("files are read by their base names: a parent in a later one is not found", () => {
  const files = {
    ...home,
    "etc/rules/a.xml": rule("<if_sid>100200</if_sid><match>x</match>"),
    "ruleset/rules/b.xml": rule("<match>y</match>", 100200),
  };
  assert.ok(found(files).includes("WAZUH-FILE-ORDER dead etc/rules/a.xml"));
});

test("a part of a home refers to what was not given", () => {
  assert.equal(
    found({ "h/etc/ossec.conf": conf, "h/etc/rules/own.xml": rule("<if_sid>5710</if_sid>") }, "h"),
    [],
  );
  assert.equal(
    found(
      { "h/etc/rules/own.xml": rule(`<if_sid>5710</if_sid><match negate="yes">x</match>`) },
      "h/etc/rules",
    ),
    [],
  );
});

test.run();
