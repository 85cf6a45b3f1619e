/** What ossec.conf blocks, in a bundle: on the rules, hosts and times that it says, with the proof comparing both. */
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Response } from "../../../src/dsl/response.js";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import/xml/responses");

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"]
  .map(
    (category, at) =>
      `<group name="${category},"><rule id="${at + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>\n`,
  )
  .join("");

const decoders = `<decoder name="door"><program_name>^doord</program_name></decoder>
<decoder name="door-open">
  <parent>door</parent>
  <prematch>^opened </prematch>
  <regex offset="after_prematch">^by (\\S+) from (\\S+)</regex>
  <order>user, srcip</order>
</decoder>
<decoder name="last"><prematch>^never seen$</prematch></decoder>
`;

const local = `<group name="local,door,">
<rule id="100100" level="3"><decoded_as>door</decoded_as><description>door: all</description></rule>
<rule id="100101" level="7"><if_sid>100100</if_sid><match>^opened</match><group>door_opened</group><description>door: opened</description></rule>
<rule id="100102" level="10" frequency="2" timeframe="60"><if_matched_sid>100101</if_matched_sid><same_source_ip /><description>door: many</description></rule>
<rule id="100103" level="12"><if_sid>100100</if_sid><match>broken</match><description>door: broken</description></rule>
</group>
`;

const command = (name: string, script = `${name}.sh`, expect = "srcip"): string =>
  `<command><name>${name}</name><executable>${script}</executable><expect>${expect}</expect><timeout_allowed>yes</timeout_allowed></command>\n`;

const response = (name: string, inside: string): string =>
  `<active-response><command>${name}</command>${inside}</active-response>\n`;

interface Case {
  readonly title: string;
  /** What stands in ossec.conf beside the rules. */
  readonly conf: string;
  readonly responses: readonly Response[];
  readonly firewall?: string | readonly string[];
  /** Reasons, in order. */
  readonly refused?: readonly RegExp[];
  readonly neverBlock?: readonly string[];
  readonly comments?: RegExp;
}

const local600 = "<location>local</location><timeout>600</timeout>";

const cases: readonly Case[] = [
  ...(
    [
      ["firewall-drop", "iptables"],
      ["pf", "pf"],
      ["ipfw", "ipfw"],
      ["route-null", "routeNull"],
    ] as const
  ).map(
    ([name, firewall]): Case => ({
      title: `${name} on rules of the bundle`,
      conf: command(name) + response(name, `${local600}<rules_id>100102, 100103</rules_id>`),
      responses: [
        { kind: "block", when: { detection: "Door_Many" }, for: "10 min" },
        { kind: "block", when: { detection: "Door_Broken" }, for: "10 min" },
      ],
      firewall,
    }),
  ),
  {
    title: "a level, and a group that a rule has without a comma behind it",
    conf:
      command("firewall-drop") +
      response("firewall-drop", `${local600}<level>10</level>`) +
      response(
        "firewall-drop",
        "<location>server</location><timeout>90</timeout><rules_group>door_opened</rules_group>",
      ),
    responses: [
      { kind: "block", when: { level: 10, alsoStockRules: true }, for: "10 min" },
      {
        kind: "block",
        when: { group: "door_opened", alsoStockRules: true },
        for: "90 sec",
        where: "gateway",
      },
    ],
    firewall: "iptables",
  },
  {
    title: "repeated offenders, and a list of what is never blocked",
    conf: `${command("firewall-drop")}${response(
      "firewall-drop",
      `${local600}<rules_id>100102</rules_id><repeated_offenders>20,60,240</repeated_offenders>`,
    )}<global><white_list>127.0.0.1</white_list><white_list>::1</white_list><white_list>10.0.0.0/8</white_list><white_list>2001:db8:1::/48</white_list><white_list>^localhost$</white_list></global>`,
    responses: [
      {
        kind: "block",
        when: { detection: "Door_Many" },
        for: "10 min",
        escalate: ["20 min", "1 hr", "4 hr"],
      },
    ],
    firewall: "iptables",
    neverBlock: ["127.0.0.1", "::1", "10.0.0.0/8", "2001:db8:1::/48"],
    refused: [/addresses and prefixes/],
  },
  {
    title: "repeated offenders that OSSEC does not read are said above the block",
    conf:
      command("firewall-drop") +
      response("firewall-drop", `${local600}<rules_id>100102</rules_id>`) +
      response(
        "firewall-drop",
        `${local600}<rules_id>100103</rules_id>\n<repeated_offenders>5,10,20,30,40,50</repeated_offenders>`,
      ),
    responses: [
      { kind: "block", when: { detection: "Door_Many" }, for: "10 min" },
      { kind: "block", when: { detection: "Door_Broken" }, for: "10 min" },
    ],
    firewall: "iptables",
    comments: /OSSEC-REPEATED-OFFENDERS/,
  },
  {
    title: "two packet filters that block the same",
    conf:
      command("firewall-drop") +
      command("route-null") +
      response("firewall-drop", `${local600}<rules_id>100102</rules_id>`) +
      response("route-null", `${local600}<rules_id>100102</rules_id>`),
    responses: [{ kind: "block", when: { detection: "Door_Many" }, for: "10 min" }],
    firewall: ["iptables", "routeNull"],
  },
  {
    title: "a second packet filter that blocks for other rules stays where it is",
    conf:
      command("firewall-drop") +
      command("route-null") +
      response("firewall-drop", `${local600}<rules_id>100102</rules_id>`) +
      response("route-null", `${local600}<rules_id>100103</rules_id>`),
    responses: [{ kind: "block", when: { detection: "Door_Many" }, for: "10 min" }],
    firewall: "iptables",
    refused: [/each of its packet filters/],
  },
  {
    title: "location all is every agent, and not the server",
    conf:
      "<remote><connection>secure</connection></remote>\n" +
      command("firewall-drop") +
      response("firewall-drop", "<location>all</location><timeout>600</timeout><rules_id>100102</rules_id>"),
    firewall: "iptables",
    responses: [{ kind: "block", when: { detection: "Door_Many" }, for: "10 min", where: "agents" }],
  },
  {
    title: "what a bundle does not do",
    conf:
      command("host-deny") +
      command("ban") +
      command("firewall-drop") +
      command("mail-me", "mail-me.sh", "") +
      response("host-deny", `${local600}<level>7</level>`) +
      response("ban", `${local600}<rules_id>100102</rules_id>`) +
      response("mail-me", "<location>server</location><level>12</level>") +
      response("firewall-drop", "<location>local</location><level>10</level>") +
      response("firewall-drop", `${local600}<level>3</level>`) +
      response("firewall-drop", `${local600}<rules_group>^local|nothing</rules_group>`) +
      response("firewall-drop", "<location>all</location><timeout>600</timeout><level>10</level>"),
    responses: [],
    refused: [
      /hosts\.deny/,
      /runs ban\.sh/,
      /runs mail-me\.sh/,
      /for ever/,
      /below level 5/,
      /is a pattern/,
      /stand-alone installation/,
    ],
  },
];

for (const { title, conf, responses, firewall, refused = [], neverBlock, comments } of cases)
  test(title, () =>
    inFolder(async (folder) => {
      const home = join(folder, "home");
      const rules = ["rules_config.xml", "local_rules.xml"]
        .map((name) => `<include>${name}</include>`)
        .join("");
      writeAll(home, {
        "etc/decoder.xml": decoders,
        "etc/ossec.conf": `<ossec_config>\n<rules>${rules}</rules>\n${conf}\n</ossec_config>\n`,
        "rules/rules_config.xml": roots,
        "rules/local_rules.xml": local,
      });
      const result = await importOf([home], join(folder, "out"), { name: "doors" });
      assert.equal(
        result.diagnostics.filter(({ severity }) => severity === "error"),
        [],
      );
      const { draft, proof } = result;
      assert.equal(
        draft?.responses.map(({ value }) => value),
        responses,
      );
      const made = draft?.settings.firewall;
      assert.equal(
        made === undefined ? undefined : "kind" in made ? made.kind : made.map(({ kind }) => kind),
        firewall,
      );
      const reasons = (draft?.refused ?? []).map(({ reason }) => reason);
      assert.is(reasons.length, refused.length, reasons.join("\n"));
      for (const [at, pattern] of refused.entries()) assert.match(reasons[at] ?? "", pattern);
      if (neverBlock !== undefined)
        assert.equal(
          draft?.settings.neverBlock.map(({ value }) => value),
          neverBlock,
        );
      if (comments !== undefined)
        assert.match(draft?.responses.flatMap((one) => one.comments).join("\n") ?? "", comments);
      assert.equal(proof?.differences, []);
      assert.is(proof?.same, proof?.lines);
      assert.equal(proof?.unproven, []);
    }),
  );

test("sections that are no part of a bundle are named once, with what becomes of them", () =>
  inFolder(async (folder) => {
    const localfile =
      "<localfile><log_format>syslog</log_format><location>/var/log/a</location></localfile>\n";
    writeAll(folder, {
      "local_rules.xml":
        '<group name="a,"><rule id="100100" level="5"><match>x</match><description>x</description></rule></group>',
      "ossec.conf": `<ossec_config>\n<rules><include>local_rules.xml</include></rules>\n${localfile}${localfile}<syscheck><frequency>1</frequency></syscheck></ossec_config>`,
    });
    const result = await importOf([join(folder, "local_rules.xml"), join(folder, "ossec.conf")], folder, {
      name: "some",
    });
    const stays = result.diagnostics.filter(({ code }) => code === "import/stays");
    assert.equal(
      stays.map(({ severity, line, message }) => [severity, line, message]),
      [
        [
          "info",
          3,
          "<localfile> (2), <syscheck>: no part of a bundle; they stay in ossec.conf, and go on as they are",
        ],
      ],
    );
    assert.match(stays[0]?.help ?? "", /log: /);
  }));

test.run();
