import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import/xml/wazuh-home");

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, at) =>
      `<group name="${category},"><rule id="${at + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>\n`,
  )
  .join("");

const conf = `<ossec_config>
  <global><white_list>127.0.0.1</white_list></global>
  <ruleset>
    <decoder_dir>ruleset/decoders</decoder_dir>
    <rule_dir>ruleset/rules</rule_dir>
    <list>etc/lists/known</list>
    <decoder_dir>etc/decoders</decoder_dir>
    <rule_dir>etc/rules</rule_dir>
  </ruleset>
  <command><name>firewall-drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
  <active-response><command>firewall-drop</command><location>local</location><rules_id>100102</rules_id><timeout>600</timeout></active-response>
</ossec_config>
`;

test("of a home of Wazuh's comes over what is not below ruleset/", () =>
  inFolder(async (folder) => {
    const home = join(folder, "home");
    writeAll(home, {
      "etc/ossec.conf": conf,
      "ruleset/rules/0010-rules_config.xml": roots,
      "ruleset/rules/0100-door_rules.xml":
        '<group name="door,"><rule id="5000" level="3"><decoded_as>door</decoded_as><description>door: all</description></rule></group>\n',
      "ruleset/decoders/0100-door_decoders.xml":
        '<decoder name="none"><prematch>^never seen$</prematch></decoder>\n<decoder name="door"><program_name>^doord$</program_name></decoder>\n<decoder name="door"><parent>door</parent><regex type="pcre2">^opened by (\\S+) from (\\S+)</regex><order>dstuser, srcip</order></decoder>\n',
      "etc/lists/known": "alice:\n",
      "etc/decoders/local_decoder.xml":
        '<decoder name="shop"><program_name>^shop$</program_name></decoder>\n<decoder name="shop"><parent>shop</parent><regex type="pcre2">^order of (\\S+)</regex><order>dstuser</order></decoder>\n',
      "etc/rules/local_rules.xml": `<group name="local,">
<rule id="100100" level="5"><if_sid>5000</if_sid><list field="user" lookup="not_match_key">etc/lists/known</list><description>door: $(dstuser) is not known</description></rule>
<rule id="100101" level="4"><decoded_as>shop</decoded_as><description>shop: an order of $(dstuser)</description></rule>
<rule id="100102" level="10" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_srcip /><description>door: many</description></rule>
</group>
`,
    });
    const result = await importOf([home], join(folder, "out"), { name: "local" });
    assert.is(result.from, "wazuh");
    assert.equal(
      result.diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
    const found = (result.draft?.modules ?? []).flatMap(({ detections, raw }) =>
      [...detections, ...raw].map(({ value, origin }) => [
        origin.rules[0],
        "kind" in value ? value.kind : "raw",
      ]),
    );
    assert.equal(Object.fromEntries(found), { 100100: "rule", 100101: "log", 100102: "burst" });
    assert.equal(
      result.draft?.responses.map(({ value }) => value),
      [{ kind: "block", when: { detection: "Door_Many" }, for: "10 min" }],
    );
    assert.equal(
      result.draft?.lists.map(({ value }) => value.entries),
      [["alice"]],
    );
    assert.equal(result.proof?.differences, []);
    assert.equal(result.proof?.unproven, []);
    assert.ok((result.proof?.lines ?? 0) > 10);
    assert.match(readFileSync(join(folder, "out", "local.zopf.ts"), "utf8"), /dialect: "wazuh"/);
  }));

test.run();
