/** Whole rule sets in a bundle: what is emitted for them, and what the engine makes of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../../src/compiler/fresh.js";
import type { Diagnostic } from "../../../src/diagnostics/diagnostic.js";
import type { BundleSettings, OssecSettings } from "../../../src/dsl/bundle.js";
import { not } from "../../../src/dsl/conditions.js";
import type { Detection } from "../../../src/dsl/detection.js";
import { osMatch, osRegex, pcre2, wazuhRegex } from "../../../src/dsl/pattern.js";
import type { RawXml } from "../../../src/dsl/raw.js";
import type { RuleDetection } from "../../../src/dsl/rule-detection.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadGenerated } from "../../../src/targets/generated.js";

const span = { file: "bundle.zopf.ts", line: 1, column: 1 };

interface Parts {
  readonly detections: readonly Detection[];
  readonly raw?: readonly RawXml[];
  readonly ossec?: OssecSettings;
}

/** The bundle's values as they are, without TypeScript. */
function compile({ detections, raw = [], ossec = { home: "/var/ossec" } }: Parts) {
  const value: BundleSettings = { name: "set", ossec, detections, raw };
  return compileLoaded(
    { value, files: [], cacheable: false, locate: () => span, sourceOf: () => null },
    new Map(),
  );
}

function built(parts: Parts) {
  const result = compile(parts);
  assert.ok(result.ok, result.ok ? "" : JSON.stringify(result.diagnostics, null, 1));
  if (!result.ok) throw new Error("did not compile");
  const { model, files, diagnostics } = result.entry;
  const rules = files.find(({ path }) => path.endsWith("rules.xml"))?.content ?? "";
  return { model, files, rules, diagnostics };
}

/** What the engine says of each line: the rule's id, or null. */
function reached(parts: Parts, lines: readonly string[]): readonly (number | null)[] {
  const { model, files } = built(parts);
  const loaded = loadGenerated(model, files);
  assert.equal(loaded.problems, []);
  const engine = createEngine(loaded, { ownHostname: "web", timeZone: "UTC", mode: "logtest" });
  return lines.map((line, index) => {
    const event = engine.process(line, 1_700_000_000 + index);
    return event.kind === "event" ? (event.rule?.id ?? null) : null;
  });
}

function refused(parts: Parts): readonly Diagnostic[] {
  const result = compile(parts);
  assert.not(result.ok);
  return result.ok ? [] : result.diagnostics.filter(({ severity }) => severity === "error");
}

/** Elements of a rule, without its first and last line. */
function bodyOf(rules: string, id: number): readonly string[] {
  const [, body = ""] = new RegExp(`<rule id="${id}"[^>]*>\n(.*?)</rule>`, "s").exec(rules) ?? [];
  return body
    .trim()
    .split("\n")
    .map((line) => line.trim());
}

const ids = (rules: string): readonly number[] =>
  [...rules.matchAll(/<rule id="(\d+)"/g)].map(([, id]) => Number(id));

function rule(name: string, id: number, more: Partial<RuleDetection> = {}): RuleDetection {
  return { kind: "rule", name, effect: { level: 5 }, rule: { id, description: name }, ...more };
}

const decoders: RawXml = {
  name: "Decoders",
  decoders: String.raw`<decoder name="app"><program_name>^app</program_name></decoder>
<decoder name="app-from"><parent>app</parent><regex>^refused (\w+) from (\S+)$</regex><order>user, srcip</order></decoder>
<decoder name="gate"><type>firewall</type><program_name>^gate</program_name><regex>^(\w+) (\S+) (\S+) (\S+) (\S+) (\w+)</regex><order>action, srcip, dstip, srcport, dstport, protocol</order></decoder>`,
};

const line = (text: string, program = "app"): string => `Nov 14 18:09:08 web ${program}[812]: ${text}`;

const all = rule("All", 5000, { where: { decoder: "app" }, effect: { onlyParent: 0 } });
const below = { under: { detection: "All" } } as const;

test("a rule of its own that is only a parent, siblings in their order, a base of any number", () => {
  const parts: Parts = {
    raw: [decoders],
    detections: [
      all,
      rule("First", 5002, { ...below, match: osMatch("refused") }),
      rule("Second", 5001, { ...below, match: osMatch("refused|lost") }),
      rule("Child", 5003, { under: { rules: [5001, 5002] }, match: osMatch("root") }),
      rule("Graver", 5004, { ...below, match: osMatch("alice"), effect: { level: 9 } }),
    ],
  };
  assert.match(built(parts).rules, /<rule id="5000" level="0" noalert="1">/);
  assert.equal(
    reached(parts, [
      line("refused carol from 192.0.2.7"),
      line("lost carol"),
      line("refused root from 192.0.2.7"),
      line("lost root"),
      line("refused alice from 192.0.2.7"),
      line("accepted"),
    ]),
    [5002, 5001, 5003, 5003, 5004, null],
  );
});

test("rules stand in the order of the bundle; what stands behind its base stands directly behind it", () => {
  const detections = [
    rule("Early", 5010, { under: { detection: "Late" }, match: osMatch("x") }),
    rule("Earlier", 5011, { under: { detection: "Early" }, match: osMatch("y") }),
    all,
    rule("Middle", 5012, { ...below, match: osMatch("m") }),
    rule("Late", 5013, { ...below, match: osMatch("l") }),
    rule("Last", 5014, { ...below, match: osMatch("z") }),
  ];
  assert.equal(ids(built({ raw: [decoders], detections }).rules), [5000, 5012, 5013, 5010, 5011, 5014]);
});

test("raw rules stand before the detection that they name", () => {
  const raw = (name: string, id: number, before?: string): RawXml => ({
    name,
    rules: `<group name="app,"><rule id="${id}" level="3"><if_sid>5000</if_sid><match>r</match><description>r</description></rule></group>`,
    ...(before === undefined ? {} : { before }),
  });
  const detections = [
    all,
    rule("A", 5021, { ...below, match: osMatch("a") }),
    rule("B", 5022, { under: { rules: [5030] }, match: osMatch("b") }),
    rule("C", 5023, { ...below, match: osMatch("c") }),
  ];
  const rules = (...list: readonly RawXml[]): readonly number[] =>
    ids(built({ raw: [decoders, ...list], detections }).rules);
  assert.equal(rules(raw("R", 5030, "B")), [5000, 5021, 5030, 5022, 5023]);
  // A rule that names it stands behind it all the same.
  assert.equal(rules(raw("R", 5030, "C")), [5000, 5021, 5030, 5022, 5023]);
  const unknown = refused({ detections, raw: [decoders, raw("R", 5030, "Nobody")] });
  assert.match(unknown[0]?.message ?? "", /no detection is called "Nobody"/);
});

test("categories, groups and two patterns of a message", () => {
  const parts: Parts = {
    raw: [decoders],
    detections: [
      rule("Firewall", 5040, { where: { category: "firewall", action: "DROP" } }),
      all,
      rule("Both", 5041, { ...below, match: [pcre2("refused (?!carol)"), osMatch("from")] }),
      rule("Web", 5042, {
        ...below,
        match: osMatch("web"),
        rule: { id: 5042, description: "w", groups: ["web"] },
      }),
      rule("In_Group", 5043, { under: { group: "web" }, match: osMatch("1") }),
      rule("Web_Too", 5044, {
        ...below,
        match: osMatch("net"),
        rule: { id: 5044, description: "w", groups: ["web"] },
      }),
    ],
  };
  assert.equal(
    reached(parts, [
      line("DROP 192.0.2.7 192.0.2.1 5000 22 tcp", "gate"),
      line("refused alice from 192.0.2.7"),
      line("refused carol from 192.0.2.7"),
      line("web 1"),
      // The group holds what is declared before.
      line("net 1"),
    ]),
    [5040, 5041, null, 5043, 5044],
  );
  const below2 = refused({
    raw: [decoders],
    detections: [all, rule("X", 5045, { ...below, where: { category: "ids" } })],
  });
  assert.match(below2[0]?.message ?? "", /says nothing below other rules/);
});

test("what completes a burst or a sequence is asked for more; bursts count the bundle's own rules by id", () => {
  const parts: Parts = {
    raw: [decoders],
    detections: [
      all,
      rule("Refused", 5050, { ...below, match: osMatch("refused") }),
      rule("Accepted", 5051, { ...below, match: osMatch("accepted") }),
      {
        kind: "burst",
        name: "Root",
        of: { rule: 5050 },
        events: 3,
        within: "2 min",
        per: "source",
        match: osMatch("root"),
        rule: { id: 5052, level: 10, description: "three, the last of root" },
      },
      {
        kind: "sequence",
        name: "Then_Root",
        first: { detection: "Refused" },
        next: { rule: 5051 },
        within: "2 min",
        per: "all",
        match: pcre2("root$"),
        rule: { id: 5053, level: 11, description: "then root" },
      },
    ],
  };
  assert.equal(
    reached(parts, [
      line("refused carol from 192.0.2.7"),
      line("refused carol from 192.0.2.7"),
      line("refused carol from 192.0.2.7"),
      line("accepted carol"),
      line("accepted root"),
      line("refused root from 192.0.2.7"),
    ]),
    [5050, 5050, 5050, 5051, 5053, 5050],
  );
  const { rules } = built(parts);
  assert.equal(bodyOf(rules, 5052).slice(0, 3), [
    "<if_matched_sid>5050</if_matched_sid>",
    "<match>root</match>",
    "<same_source_ip />",
  ]);
});

test("samples of a sequence at night are tried at night", () => {
  const night = { time: "22:00-06:00", weekdays: "sunday" } as const;
  const sequence: Detection = {
    kind: "sequence",
    name: "Then",
    first: { rule: 5050 },
    next: { rule: 5051 },
    within: "2 min",
    per: "all",
    ...night,
    samples: [[line("refused carol"), line("accepted carol")]],
    rule: { id: 5053, level: 11, description: "then" },
  };
  const { diagnostics } = built({
    raw: [decoders],
    detections: [
      all,
      rule("Refused", 5050, { ...below, match: osMatch("refused") }),
      rule("Accepted", 5051, { ...below, match: osMatch("accepted") }),
      sequence,
    ],
  });
  assert.equal(
    diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
});

test("info, and the first time of what the decoder remembers", () => {
  const { rules } = built({
    detections: [
      rule("New", 5060, {
        under: { rules: [5715] },
        firstTime: true,
        rule: {
          id: 5060,
          description: "new",
          info: [{ text: "see there" }, { link: "https://example.org/new" }, { cve: "2003-0282" }],
        },
      }),
    ],
  });
  assert.equal(bodyOf(rules, 5060), [
    "<if_sid>5715</if_sid>",
    "<info>see there</info>",
    '<info type="link">https://example.org/new</info>',
    '<info type="cve">2003-0282</info>',
    "<if_fts />",
    "<description>new</description>",
  ]);
});

test("a rule that takes the place of the host's", () => {
  const changed = rule("Changed", 5716, {
    match: osMatch("Failed"),
    rule: { id: 5716, overwrite: true, description: "changed" },
  });
  const { rules, model, files } = built({ detections: [changed] });
  assert.match(rules, /<rule id="5716" level="5" overwrite="yes">\n\s*<match>Failed<\/match>/);
  assert.equal(loadGenerated(model, files).problems, []);
  for (const [detection, message] of [
    [{ ...changed, under: { rules: [5700] } }, /leave|stays below/],
    [{ ...changed, match: pcre2("Failed") }, /keeps that one's PCRE2/],
    [{ ...changed, rule: { overwrite: true, description: "d" } }, /which rule/],
  ] as const)
    assert.match(refused({ detections: [detection] })[0]?.message ?? "", message);
});

const wazuh: OssecSettings = { dialect: "wazuh", home: "/var/ossec" };

test("Wazuh: negations, fields in every language, its own OS_Regex, lists of the host, techniques, fields in texts", () => {
  const { rules } = built({
    ossec: wazuh,
    detections: [
      rule("Many", 92000, {
        under: { rules: [60000] },
        match: [not(pcre2("(?-i)Ok")), osMatch("sysmon")],
        where: {
          user: not("root"),
          srcip: { in: { path: "etc/lists/bad" }, whole: true },
          action: not(wazuhRegex(String.raw`^drop\w+`)),
          protocol: "tcp",
          data: osMatch("x"),
          location: osMatch("syscheck$"),
          fields: {
            "win.eventdata.image": {
              all: [pcre2(String.raw`(?-i)\\cmd\.exe$`), not(wazuhRegex(String.raw`^C:\S+ $x`))],
            },
            "audit.key": { in: { path: "etc/lists/audit-keys" }, having: osMatch("write") },
          },
        },
        rule: {
          id: 92000,
          description: "$(win.eventdata.image) by $(user)",
          groups: ["pci_dss_10.2.4"],
          mitre: ["T1059.003", "T1110"],
          fullLog: false,
        },
      }),
    ],
  });
  assert.match(rules, /<group name="pci_dss_10.2.4,">/);
  assert.equal(bodyOf(rules, 92000), [
    "<if_sid>60000</if_sid>",
    "<match>sysmon</match>",
    '<regex type="pcre2" negate="yes">Ok</regex>',
    '<list field="srcip" lookup="match_key">etc/lists/bad</list>',
    '<user negate="yes">^root$</user>',
    "<data>x</data>",
    "<protocol>^tcp$</protocol>",
    String.raw`<action type="osregex" negate="yes">^drop\w+</action>`,
    String.raw`<field name="win.eventdata.image" type="pcre2">\\cmd\.exe$</field>`,
    String.raw`<field name="win.eventdata.image" negate="yes">^C:\S+ $x</field>`,
    '<list field="audit.key" lookup="match_key_value" check_value="write">etc/lists/audit-keys</list>',
    "<location>syscheck$</location>",
    "<options>no_full_log</options>",
    "<description>$(win.eventdata.image) by $(user)</description>",
    "<mitre>",
    "<id>T1059.003</id>",
    "<id>T1110</id>",
    "</mitre>",
  ]);
});

test("Wazuh: every key that it compares, and each agent by itself", () => {
  const burst = (per: "source" | "agent"): Detection => ({
    kind: "burst",
    name: "Burst",
    of: { rule: 60000 },
    events: 4,
    within: "1 min",
    per: [per, "destination", "sourceUser", { field: "win.system.computer" }],
    different: ["url", { field: "dstuser" }],
    rule: { id: 92001, level: 10, description: "b" },
  });
  const flags = (per: "source" | "agent"): readonly string[] =>
    bodyOf(built({ ossec: { ...wazuh, installation: "server" }, detections: [burst(per)] }).rules, 92001);
  assert.equal(flags("source"), [
    "<if_matched_sid>60000</if_matched_sid>",
    "<same_field>win.system.computer</same_field>",
    "<different_field>dstuser</different_field>",
    "<same_source_ip />",
    "<same_dstip />",
    "<same_srcuser />",
    "<different_url />",
    "<global_frequency />",
    "<description>b</description>",
  ]);
  assert.not(flags("agent").includes("<global_frequency />"));
});

for (const [title, detection] of [
  ["not", rule("X", 5070, { under: { rules: [1] }, where: { user: not("root") } })],
  ["not a line", rule("X", 5070, { under: { rules: [1] }, match: not(osMatch("x")) })],
  ["protocol", rule("X", 5070, { under: { rules: [1] }, where: { protocol: "tcp" } })],
  ["a location", rule("X", 5070, { under: { rules: [1] }, where: { location: osMatch("x") } })],
  ["mitre", rule("X", 5070, { under: { rules: [1] }, rule: { description: "d", mitre: ["T1110"] } })],
] as const)
  test(`only Wazuh: ${title}`, () => {
    assert.equal(
      refused({ detections: [detection] }).map(({ code }) => code),
      ["bundle/only-wazuh"],
    );
  });

for (const [title, detection, code, message] of [
  [
    "a field in a description",
    rule("X", 5070, { under: { rules: [1] }, rule: { description: "by $(user)" } }),
    "bundle/text",
    /takes \$\(user\) for a variable/,
  ],
  [
    "a dollar before a word",
    rule("X", 5070, { under: { rules: [1] }, match: pcre2("cost: \\$price") }),
    "bundle/pattern",
    /for a variable/,
  ],
  [
    "Wazuh's OS_Regex",
    rule("X", 5070, { under: { rules: [1] }, match: wazuhRegex("x") }),
    "bundle/pattern",
    /wazuhRegex/,
  ],
  [
    "two of one language",
    rule("X", 5070, { under: { rules: [1] }, match: [osRegex("x"), osRegex("y")] }),
    "bundle/pattern",
    /one place for an osMatch and one for an osRegex/,
  ],
  ["level 0 as a level", rule("X", 5070, { effect: { level: 0 } }), "bundle/rule-effect", /never alert/],
] as const)
  test(`refused for OSSEC: ${title}`, () => {
    const [found] = refused({ detections: [detection] });
    assert.is(found?.code, code);
    assert.match(found?.message ?? "", message);
  });

test("thousands of rules compile, each behind its base", () => {
  const detections: Detection[] = [all];
  for (let index = 1; index < 1_300; index += 1)
    detections.push(
      rule(`Rule_${index}`, 6_000 + index, {
        under: { rules: [index % 7 === 0 ? 5_000 + (index > 7 ? 1_000 + index - 7 : 0) : 5_000] },
        match: osMatch(`word ${index}`),
      }),
    );
  const { rules, diagnostics } = built({ raw: [decoders], detections });
  assert.equal(diagnostics, []);
  assert.equal(
    ids(rules),
    detections.map(({ rule: text }) => text?.id ?? 0),
  );
});

test.run();
