/** Decoders with the rules on them become log detections where these answer every line alike. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import/xml/log-detections");

const at = "Nov 14 18:09:08 web";

interface Case {
  readonly title: string;
  readonly decoders: string;
  readonly rules: string;
  /** Below a home's ossec.conf, which blocks. */
  readonly conf?: string;
  readonly wazuh?: true;
  /** What the rules become, by id. */
  readonly kinds: Readonly<Record<number, string>>;
  /** Text that the bundle holds. */
  readonly holds?: readonly (string | RegExp)[];
  readonly lacks?: RegExp;
  /** That both answer alike, whatever the samples say. */
  readonly lines: readonly string[];
}

const vpn = `<!-- The gateway's. -->
<decoder name="vpn">
  <program_name>^vpnd$</program_name>
</decoder>
<decoder name="vpn-login">
  <parent>vpn</parent>
  <prematch>^login of </prematch>
  <regex offset="after_prematch">^(\\S+) from (\\S+) failed</regex>
  <order>user, srcip</order>
</decoder>`;

const vpnLines = [
  `${at} vpnd[1]: login of bob from 192.0.2.1 failed`,
  `${at} vpnd[1]: login of bob from nowhere`,
  `${at} vpnd[1]: LOGIN of bob from 192.0.2.1 failed`,
  `${at} vpnd[1]: error: out of memory`,
  `${at} vpnd: started`,
  `${at} other: login of bob from 192.0.2.1 failed`,
  "login of bob from 192.0.2.1 failed",
];

const vpnRule =
  '<rule id="100100" level="5"><decoded_as>vpn</decoded_as><match>failed</match><description>vpn: failed</description></rule>';

const cases: readonly Case[] = [
  {
    title: "a parent with one child, and a rule and a burst on it",
    decoders: vpn,
    rules: `<!-- Ours. -->
${vpnRule}
<rule id="100101" level="10" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_source_ip /><description>vpn: many</description></rule>`,
    kinds: { 100100: "log", 100101: "burst" },
    holds: [
      "osRegex`^login of (\\S+) from (\\S+) failed`",
      'captures: "optional"',
      'program: "vpnd"',
      "// The gateway's.",
      "// Ours.",
      'of: { detection: "Vpn_Failed" }',
    ],
    lacks: /raw\(/,
    lines: vpnLines,
  },
  {
    title: "two children that read the same",
    decoders: `${vpn}
<decoder name="vpn-out">
  <parent>vpn</parent>
  <prematch>^logout of </prematch>
  <regex offset="after_prematch">^(\\S+) from (\\S+)$</regex>
  <order>user, srcip</order>
</decoder>`,
    rules: `<rule id="100100" level="0"><decoded_as>vpn</decoded_as><description>vpn: all</description></rule>
<rule id="100101" level="6"><if_sid>100100</if_sid><user>root</user><description>vpn: root</description></rule>`,
    kinds: { 100100: "log", 100101: "rule" },
    holds: [/also: \[\{ regex: osRegex`\^logout of \(\\S\+\) from \(\\S\+\)\$` \}\]/],
    lacks: /raw\(/,
    lines: [...vpnLines, `${at} vpnd: logout of root from 192.0.2.3`, `${at} vpnd: logout of bob`],
  },
  {
    title: "children that read different things stay what they are",
    decoders: `${vpn}
<decoder name="vpn-out">
  <parent>vpn</parent>
  <prematch>^logout of </prematch>
  <regex offset="after_prematch">^(\\S+) after (\\d+)$</regex>
  <order>user, extra_data</order>
</decoder>`,
    rules: vpnRule,
    kinds: { 100100: "rule" },
    lines: [...vpnLines, `${at} vpnd: logout of root after 12`],
  },
  {
    title: "a decoder without a program, and two rules that ask for what it reads",
    decoders: `<decoder name="gate">
  <prematch>^GATE </prematch>
  <regex offset="after_prematch">^(\\w+) badge=(\\d+)</regex>
  <order>action, id</order>
</decoder>`,
    rules: `<rule id="100100" level="4"><decoded_as>gate</decoded_as><action>DENY</action><description>gate: refused</description></rule>
<rule id="100101" level="3"><decoded_as>gate</decoded_as><id>^7</id><time>22:00 - 06:00</time><description>gate: a seven</description></rule>`,
    kinds: { 100100: "log", 100101: "log" },
    holds: ['where: { action: "DENY" }', "prematch: osRegex`^GATE `", "where: { id: osMatch`^7` }"],
    lacks: /captures|raw\(/,
    lines: [
      "GATE DENY badge=12",
      "GATE DENY",
      "GATE OK badge=7",
      "GATE OK badge=8",
      `${at} GATE DENY badge=12`,
    ],
  },
  {
    title: "a rule of another file asks for the decoder in a way that a log detection cannot",
    decoders: vpn,
    rules: `${vpnRule}
<rule id="100102" level="3"><decoded_as>vpn</decoded_as><hostname>^web</hostname><description>vpn: on web</description></rule>`,
    kinds: { 100100: "rule", 100102: "rule" },
    lines: vpnLines,
  },
  {
    title: "what is declared before a rule of the group that it names",
    decoders: vpn,
    rules: `<rule id="100099" level="3"><match>started</match><group>vpns,</group><description>some</description></rule>
<rule id="100098" level="9"><if_group>vpns</if_group><match>root</match><description>root</description></rule>
<rule id="100100" level="5"><decoded_as>vpn</decoded_as><group>vpns,</group><description>vpn: all</description></rule>`,
    kinds: { 100099: "rule", 100098: "rule", 100100: "rule" },
    lines: [...vpnLines, `${at} vpnd: root started`, `${at} vpnd: root`],
  },
  {
    title: "decoders that may take the same lines, in another order than their rules",
    decoders: `<decoder name="one"><program_name>^app$</program_name><prematch>^user \\S+ </prematch></decoder>
<decoder name="two"><program_name>^app</program_name><prematch>^user \\S+ in</prematch></decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>two</decoded_as><description>two</description></rule>
<rule id="100101" level="5"><decoded_as>one</decoded_as><description>one</description></rule>`,
    kinds: { 100100: "rule", 100101: "log" },
    lines: [`${at} app: user bob in`, `${at} app2: user bob in`, `${at} app: user bob out`],
  },
  {
    title: "a block on an address that may be anybody's",
    decoders: vpn,
    rules: vpnRule,
    conf: `<command><name>firewall-drop</name><executable>firewall-drop.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed></command>
<active-response><command>firewall-drop</command><location>local</location><rules_id>100100</rules_id><timeout>600</timeout></active-response>`,
    kinds: { 100100: "rule" },
    holds: ['when: { detection: "Vpn_Failed" }'],
    lines: vpnLines,
  },
  {
    title: "a category of its own, and what remembers",
    decoders: `<decoder name="web"><program_name>^web$</program_name><type>web-log</type><prematch>^GET </prematch></decoder>
<decoder name="new"><program_name>^new$</program_name><prematch>^user </prematch><regex offset="after_prematch">^(\\S+)</regex><order>user</order><fts>name, user</fts></decoder>`,
    rules: `<rule id="100100" level="5"><category>web-log</category><decoded_as>web</decoded_as><description>web</description></rule>
<rule id="100101" level="5"><decoded_as>new</decoded_as><description>new</description></rule>`,
    kinds: { 100100: "rule", 100101: "rule" },
    lines: [`${at} web: GET /`, `${at} new: user bob`],
  },
  {
    title: "Wazuh: a child of the parent's name",
    wazuh: true,
    decoders: `<decoder name="example"><program_name>^example$</program_name></decoder>
<decoder name="example">
  <parent>example</parent>
  <regex>^User (\\S+) logged from (\\S+)</regex>
  <order>user, srcip</order>
</decoder>`,
    rules: `<rule id="100100" level="5"><decoded_as>example</decoded_as><user>root</user><description>example: root</description></rule>`,
    kinds: { 100100: "log" },
    holds: ["regex: osRegex`^User (\\S+) logged from (\\S+)`", "where: { dstuser: osMatch`root` }"],
    lines: [
      `${at} example[1]: User root logged from 192.0.2.1`,
      `${at} example[1]: User bob logged from 192.0.2.1`,
      `${at} example[1]: User root logged`,
    ],
  },
];

for (const { title, decoders, rules, conf, wazuh, kinds, holds = [], lacks, lines } of cases)
  test(title, () =>
    inFolder(async (folder) => {
      const group = `<group name="local,">\n${rules}\n</group>\n`;
      const log = join(folder, "some.log");
      const files: Readonly<Record<string, string>> =
        conf === undefined
          ? { "in/local_decoder.xml": decoders, "in/local_rules.xml": group }
          : {
              "in/etc/local_decoder.xml": decoders,
              "in/etc/decoder.xml": '<decoder name="stock"><prematch>^stock </prematch></decoder>\n',
              "in/rules/rules_config.xml":
                '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>all</description></rule></group>\n',
              "in/rules/local_rules.xml": group,
              "in/etc/ossec.conf": `<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules><global><white_list>192.0.2.200</white_list></global>${conf}</ossec_config>`,
            };
      writeAll(folder, { ...files, "some.log": `${lines.join("\n")}\n` });
      const result = await importOf([join(folder, "in")], join(folder, "out"), {
        name: "some",
        logs: [log],
        ...(wazuh === undefined ? {} : { from: "wazuh" }),
      });
      const errors = result.diagnostics.filter(({ severity }) => severity === "error");
      assert.equal(errors, []);
      const found = (result.draft?.modules ?? []).flatMap(({ detections }) =>
        detections.flatMap(({ value, origin }) =>
          origin.rules[0] === 1 ? [] : [[origin.rules[0], value.kind]],
        ),
      );
      assert.equal(Object.fromEntries(found), kinds);
      assert.equal(result.proof?.differences, []);
      assert.ok((result.proof?.lines ?? 0) > lines.length);
      const text = readFileSync(join(folder, "out", "some.zopf.ts"), "utf8");
      for (const wanted of holds)
        assert.ok(
          typeof wanted === "string" ? text.includes(wanted) : wanted.test(text),
          `${wanted}\n${text}`,
        );
      if (lacks !== undefined) assert.not.match(text, lacks);
    }),
  );

test.run();
