/** Rules about rules that exist: what is written for them, and what is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../workspace.js";

const plain = `{ kind: "rule", name: "About", under: { rules: [5716] }, effect: { raise: 10 }, rule: { description: "about" } }`;

function text(detections: string, settings = "", responses = ""): string {
  return `import { defineBundle, osMatch, osRegex, pcre2, pf } from "zopf";
void osMatch; void osRegex; void pcre2; void pf;
export default defineBundle({
  name: "about",
  ossec: { home: "/var/ossec", firstRuleId: 100500${settings} },
  detections: [
${detections}
  ],${responses}
});
`;
}

async function rulesOf(detections: string, settings = ""): Promise<string> {
  const here = workspace().write("bundle.zopf.ts", text(detections, settings));
  const report = await here.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const wazuh = settings.includes("wazuh");
  const path = wazuh ? "wazuh/zopf-about_rules.xml" : "ossec/local_rules.xml";
  return here.read(`generated/about/${path}`) ?? "";
}

/** The rule's lines but its comment and its end, without blanks around. */
function bodyOf(rules: string, id: number): readonly string[] {
  const [, body = ""] = new RegExp(`(<rule id="${id}".*?)</rule>`, "s").exec(rules) ?? [];
  return body
    .trim()
    .split("\n")
    .map((line) => line.trim());
}

const everything = `{
  kind: "rule", name: "About", under: { rules: [5715, 5716] },
  where: {
    srcip: ["!10.0.0.0/8", "!2001:db8::/32"], dstip: "192.0.2.1", user: ["root", "admin"], url: pcre2\`^/wp-\`,
    id: "404", program: osMatch("^sshd"), hostname: "web", decoder: "sshd", action: "DROP",
    fields: { key: osRegex("^\\\\d+$") },
  },
  match: osMatch("Failed"), time: "22:00-06:00", weekdays: ["saturday", "sunday"],
  effect: { lower: 3 },
  rule: { description: "about", groups: ["about"], mail: false, log: true, ignore: "10 min", respond: false },
}`;

test("every condition is written in OSSEC's words", async () => {
  assert.equal(bodyOf(await rulesOf(everything), 100500), [
    '<rule id="100500" level="3" ignore="600">',
    "<if_sid>5715, 5716</if_sid>",
    "<match>Failed</match>",
    "<decoded_as>sshd</decoded_as>",
    "<srcip>!10.0.0.0/8</srcip>",
    "<srcip>!2001:db8::/32</srcip>",
    "<dstip>192.0.2.1</dstip>",
    "<user>^root$|^admin$</user>",
    "<url_pcre2>^/wp-</url_pcre2>",
    "<id>^404$</id>",
    "<program_name>^sshd</program_name>",
    "<hostname>^web$</hostname>",
    "<action>DROP</action>",
    '<field name="key">^\\d+$</field>',
    "<time>!06:00 - 21:59</time>",
    "<weekday>saturday,sunday</weekday>",
    "<options>no_email_alert</options>",
    "<options>log_alert</options>",
    "<options>no_ar</options>",
    "<description>about</description>",
  ]);
});

test("Wazuh gets negations and PCRE2 by attributes", async () => {
  const fields = /fields: \{.*?\},/s;
  const body = bodyOf(await rulesOf(everything.replace(fields, ""), ', dialect: "wazuh"'), 100500);
  for (const line of ['<srcip negate="yes">10.0.0.0/8</srcip>', '<url type="pcre2">(?i)^/wp-</url>'])
    assert.ok(body.includes(line), `${line} in ${body.join("\n")}`);
});

test("silence is level 0; a group is a parent too", async () => {
  const rules = await rulesOf(
    '{ kind: "rule", name: "Ours", under: { group: "web" }, where: { srcip: "192.0.2.7" }, effect: { silence: true }, rule: { description: "ours" } }',
  );
  assert.equal(bodyOf(rules, 100500).slice(0, 2), [
    '<rule id="100500" level="0">',
    "<if_group>web</if_group>",
  ]);
});

for (const [where, settings, line] of [
  ['agent: "web-1"', "", "<hostname_pcre2>^\\(web-1\\) </hostname_pcre2>"],
  [
    'agent: "web-1", location: "/var/log/app.log"',
    "",
    "<hostname_pcre2>^\\(web-1\\) .*->/var/log/app\\.log$</hostname_pcre2>",
  ],
  ['agent: "web-1"', ', dialect: "wazuh"', '<location type="pcre2">(?i)^\\(web-1\\) </location>'],
  [
    'location: "/var/log/app.log"',
    ', dialect: "wazuh"',
    '<location type="pcre2">(?i)(?:^|->)/var/log/app\\.log$</location>',
  ],
] as const)
  test(`${where}${settings}`, async () => {
    const rules = await rulesOf(plain.replace("effect", `where: { ${where} }, effect`), settings);
    assert.ok(bodyOf(rules, 100500).includes(line), rules);
  });

const log = `{ kind: "log", name: "Refused", program: "app", regex: osRegex("^refused (\\\\S+)$"), order: ["srcip"],
  samples: ["Nov 14 18:09:08 web app[812]: refused 198.51.100.66"], rule: { level: 5, description: "refused" } },`;

test("below a detection of the bundle the samples run at the build, whatever the order", async () => {
  const child = `{ kind: "rule", name: "Refused_Ours", under: { detection: "Refused" }, where: { srcip: "192.0.2.0/24" }, effect: { lower: 2 },
    samples: ["Nov 14 18:09:08 web app[812]: refused 192.0.2.9"], notSamples: ["Nov 14 18:09:08 web app[812]: refused 198.51.100.66"], rule: { description: "ours" } },`;
  const rules = await rulesOf(`${child}\n${log}`);
  assert.ok(rules.indexOf("<!-- Refused -->") < rules.indexOf("<!-- Refused_Ours -->"), rules);
  const here = workspace().write(
    "bundle.zopf.ts",
    text(`${log}\n${child.replace("refused 192.0.2.9", "refused 198.51.100.9")}`),
  );
  const report = await here.build();
  assert.is(report.diagnostics[0]?.code, "bundle/sample", JSON.stringify(report.diagnostics));
});

test("a line of the parent's that the rule takes: the message names the rule", async () => {
  const child =
    '{ kind: "rule", name: "All_Refused", under: { detection: "Refused" }, effect: { raise: 7 }, rule: { description: "all" } }';
  const here = workspace().write("bundle.zopf.ts", text(`${log}\n${child}`));
  const [first] = (await here.build()).diagnostics;
  assert.is(first?.code, "bundle/sample");
  assert.match(first?.help ?? "", /"All_Refused" takes the line/);
});

for (const [title, detection, code, message] of [
  [
    "mixed addresses",
    plain.replace("effect", 'where: { srcip: ["10.0.0.0/8", "!10.1.0.0/16"] }, effect'),
    "bundle/network",
    /mixes/,
  ],
  [
    "a text that is empty",
    plain.replace("effect", 'where: { user: "" }, effect'),
    "bundle/pattern",
    /user is empty/,
  ],
  [
    "a name for an address",
    plain.replace("effect", 'where: { srcip: "gateway" }, effect'),
    "bundle/network",
    /not an address/,
  ],
  ["no time", plain.replace("effect", 'time: "22-6", effect'), "bundle/time", /no time of the day/],
  ["raise to 0", plain.replace("raise: 10", "raise: 0"), "bundle/rule-effect", /never alert/],
  [
    "lower above the parent",
    `${log} ${plain.replace("{ rules: [5716] }", '{ detection: "Refused" }').replace("raise: 10", "lower: 6")}`,
    "bundle/rule-effect",
    /level 5 already/,
  ],
  [
    "mail of a silence",
    plain
      .replace("{ raise: 10 }", "{ silence: true }")
      .replace('description: "about"', 'description: "about", mail: true'),
    "bundle/rule-effect",
    /mail is for alerts/,
  ],
  [
    "below itself",
    plain.replace("{ rules: [5716] }", '{ detection: "About" }'),
    "bundle/burst",
    /stands below itself/,
  ],
  [
    "an unknown parent",
    plain.replace("{ rules: [5716] }", '{ detection: "Abuot" }'),
    "bundle/reference",
    /Abuot/,
  ],
  [
    "fields without a decoder",
    plain.replace("effect", 'where: { fields: { key: "x" } }, effect'),
    "bundle/missing",
    /OSSEC dies/,
  ],
  [
    "a file without an agent",
    plain.replace("effect", 'where: { location: "/var/log/app.log" }, effect'),
    "bundle/missing",
    /agent's line only/,
  ],
] as const)
  test(`refused: ${title}`, async () => {
    const here = workspace().write("bundle.zopf.ts", text(detection));
    const report = await here.build();
    const found = report.diagnostics.find((one) => one.code === code);
    assert.ok(found !== undefined, JSON.stringify(report.diagnostics));
    assert.match(found?.message ?? "", message);
  });

test("warned of: nights of certain days; a burst that loses events; ignore before a burst", async () => {
  const night = plain.replace("effect", 'time: "22:00-06:00", weekdays: "friday", effect');
  const child = plain
    .replace("{ rules: [5716] }", '{ detection: "Refused" }')
    .replace("effect", 'where: { srcip: "192.0.2.0/24" }, effect');
  const burst =
    '{ kind: "burst", name: "Many", of: { detection: "Refused" }, events: 5, within: "2 min", per: "source", rule: { level: 10, description: "many" } },';
  const codesOf = async (detections: string): Promise<readonly string[]> => {
    const here = workspace().write("bundle.zopf.ts", text(detections));
    return (await here.build()).diagnostics.map(({ code }) => code);
  };
  assert.equal(await codesOf(night), ["bundle/night-weekdays"]);
  assert.equal(await codesOf(`${log} ${burst} ${child}`), ["bundle/starves"]);
  assert.equal(
    await codesOf(
      `${log.replace('description: "refused"', 'description: "refused", ignore: "1 min"')} ${burst}`,
    ),
    ["bundle/ignored-count"],
  );
});

test.run();
