import { test } from "uvu";
import * as assert from "uvu/assert";
import { fileKind, type InputFile } from "../../src/lint/input.js";
import { recognisedDialect } from "../../src/lint/recognise.js";

const whose = (files: Readonly<Record<string, string>>) =>
  recognisedDialect(
    Object.entries(files).map(
      ([path, text]): InputFile => ({
        path,
        kind: fileKind(path, text, true) ?? "rules",
        bytes: Buffer.from(text),
      }),
    ),
  );

const rules = '<group name="local,"><rule id="100100" level="3"><match>bad</match></rule></group>';
const typed =
  '<group name="local,"><rule id="100100" level="3"><match type="pcre2">bad</match></rule></group>';

test("ossec.conf says whose files they are", () => {
  const conf = (section: string) => `<ossec_config><${section}><x>y</x></${section}></ossec_config>`;
  assert.is(whose({ "etc/ossec.conf": conf("ruleset"), "r.xml": rules }), "wazuh");
  assert.is(whose({ "etc/ossec.conf": conf("rules"), "r.xml": typed }), "ossec");
});

test("else the folders, else what stands in them", () => {
  assert.is(whose({ "etc/rules/local_rules.xml": rules }), "wazuh");
  assert.is(whose({ "h/ruleset/rules/0010-rules_config.xml": rules }), "wazuh");
  assert.is(whose({ "rules/rules_config.xml": rules, "rules/local_rules.xml": typed }), "ossec");
  assert.is(whose({ "local_rules.xml": typed }), "wazuh");
  assert.is(whose({ "local_rules.xml": rules }), "ossec");
  assert.is(
    whose({ "local_rules.xml": `${typed}<group name="x"><rule><pcre2>a</pcre2></rule></group>` }),
    "ossec",
  );
});

test.run();
