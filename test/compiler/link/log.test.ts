import { test } from "uvu";
import * as assert from "uvu/assert";
import { workspace } from "../workspace.js";

/** A bundle with a log detection, a burst and a block; `change` replaces pieces. */
function text(change: Readonly<Record<string, string>> = {}): string {
  let source = `import { defineBundle, osMatch, osRegex, pcre2, pf } from "zopf";
void osMatch; void osRegex; void pcre2;
export default defineBundle({
  name: "logs",
  ossec: { home: "/var/ossec", version: "4.3", firstRuleId: 100500 },
  firewall: pf({ table: "logs" }),
  neverBlock: ["192.0.2.1"], ownAddresses: ["192.0.2.1"],
  detections: [{
    kind: "log",
    name: "Refused",
    log: "/var/log/app.log",
    program: "app",
    regex: pcre2\`^refused (.*) from ([0-9a-f.:]+)$\`,
    order: ["user", "srcip"],
    samples: ["Nov 14 18:09:08 web app[812]: refused carol from 198.51.100.66"],
    rule: { level: 5, groups: ["app"], description: "refused" },
  }, {
    kind: "burst",
    name: "Many_Refused",
    of: { detection: "Refused" },
    events: 5,
    within: "2 min",
    per: "source",
    rule: { level: 10, groups: ["app"], description: "refused five times" },
  }],
  responses: [{ kind: "block", when: { detection: "Many_Refused" }, for: "10 min" }],
});
`;
  for (const [from, to] of Object.entries(change)) {
    if (!source.includes(from)) throw new Error(`the bundle does not hold ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}

const regex = "pcre2`^refused (.*) from ([0-9a-f.:]+)$`";
const sample = '"Nov 14 18:09:08 web app[812]: refused carol from 198.51.100.66"';
const order = '["user", "srcip"]';

interface Case {
  readonly title: string;
  readonly change: Readonly<Record<string, string>>;
  readonly expect: readonly [code: string, line: number, message: RegExp];
  /** It is built all the same. */
  readonly warned?: true;
}

const cases: Case[] = [
  // Patterns.
  {
    title: "an unknown escape of OS_Regex",
    change: { [regex]: "osRegex`^refused (\\b+) from (\\S+)$`" },
    expect: ["bundle/pattern", 13, /refused by OSSEC/],
  },
  {
    title: "a class of PCRE2 in OS_Regex",
    change: { [regex]: "osRegex`^refused (\\S+) from ([0-9a-f]+)$`" },
    expect: ["bundle/pattern", 13, /letter by letter/],
  },
  {
    title: "dot star in OS_Regex",
    change: { [regex]: "osRegex`^refused (.*) from (\\S+)$`" },
    expect: ["bundle/pattern", 13, /letter by letter/],
  },
  {
    title: "an OS_Match pattern as regex",
    change: { [regex]: 'osMatch("^refused")' },
    expect: ["TS2322", 13, /osmatch/],
  },
  {
    title: "a regular expression in OS_Match",
    change: { 'program: "app"': "program: osMatch`^app\\d*$`" },
    expect: ["bundle/pattern", 12, /OS_Match knows only words/],
  },
  {
    title: "an empty word in OS_Match",
    change: { 'program: "app"': 'program: osMatch("^app$|")' },
    expect: ["bundle/pattern", 12, /every text/],
  },
  {
    title: "a program with its process id",
    change: { 'program: "app"': 'program: "app[812]:"' },
    expect: ["bundle/pattern", 12, /pre-decoding/],
  },
  {
    title: "exponential time",
    change: { [regex]: "pcre2`^refused ((?:\\w+ ?)+) from ([0-9a-f.:]+)$`" },
    expect: ["bundle/pattern", 13, /exponential/],
  },
  {
    title: "an unbalanced parenthesis",
    change: { [regex]: "pcre2`^refused (.* from ([0-9a-f.:]+)$`" },
    expect: ["bundle/pattern", 13, /refused by OSSEC/],
  },
  {
    title: "a TAB",
    change: { [regex]: "pcre2`^refused (.*)\\tfrom ([0-9a-f.:]+)$`" },
    expect: ["bundle/pattern", 13, /TAB/],
  },
  {
    title: "a plain JavaScript expression past the checker",
    change: { [regex]: "JSON.parse('\"^refused\"')" },
    expect: ["bundle/pattern", 13, /languages/],
  },
  {
    title: "a dollar that OSSEC takes for a variable",
    change: { [regex]: "pcre2`^(refused) (?:x$) ([0-9a-f.:]+)`" },
    expect: ["bundle/pattern", 13, /variable/],
  },
  // Captures and their names.
  {
    title: "more groups than names",
    change: { [order]: '["user"]' },
    expect: ["bundle/order", 14, /2 groups, the order 1 name/],
  },
  {
    title: "no group at all",
    change: { [regex]: "pcre2`^refused`", [order]: "[]" },
    expect: ["bundle/order", 13, /captures nothing/],
  },
  {
    title: "a group that may be left out",
    change: {
      [regex]: "pcre2`^refused (?:(\\w+) )?from ([0-9a-f.:]+)$`",
    },
    expect: ["bundle/order", 13, /may take no part/],
  },
  {
    title: "a name in another letter case",
    change: { [order]: '["user", "srcIp"]' },
    expect: ["bundle/order", 14, /knows that field as "srcip"/],
  },
  {
    title: "one field under two names",
    change: { [order]: '["user", "dstuser"]' },
    expect: ["bundle/order", 14, /one field/],
  },
  {
    title: "a condition on a field that nothing captures",
    change: { "    rule: { level: 5": '    where: JSON.parse(\'{"url": "x"}\'),\n    rule: { level: 5' },
    expect: ["bundle/order", 16, /no field "url"/],
  },
  {
    title: "a condition that OSSEC does not have",
    change: {
      [order]: '["protocol", "srcip"]',
      "    rule: { level: 5": '    where: { protocol: "tcp" },\n    rule: { level: 5',
    },
    expect: ["bundle/order", 16, /no condition on protocol/],
  },
  // Samples.
  {
    title: "no sample",
    change: { [`[${sample}]`]: "[]" },
    expect: ["bundle/sample", 15, /no sample line/],
  },
  {
    title: "a sample of another program",
    change: { "web app[812]": "web other[812]" },
    expect: ["bundle/sample", 15, /does not reach rule 100500/],
  },
  {
    title: "a sample without a header",
    change: { "Nov 14 18:09:08 web app[812]: ": "" },
    expect: ["bundle/sample", 15, /no rule fires/],
  },
  {
    title: "a prematch that pre-decoding takes away",
    change: { 'program: "app"': "prematch: osRegex`^app[`" },
    expect: ["bundle/sample", 15, /does not reach/],
  },
  {
    title: "a sample with another address than OSSEC reads",
    change: { [sample]: `{ line: ${sample}, fields: { srcip: "198.51.100.6" } }` },
    expect: ["bundle/sample", 15, /srcip = "198\.51\.100\.66", not/],
  },
  {
    title: "a line that must not match",
    change: { [`samples: [${sample}]`]: `samples: [${sample}], notSamples: [${sample}]` },
    expect: ["bundle/sample", 15, /although it must not/],
  },
  // Blocks.
  {
    title: "a block on an address that can be forged",
    change: {
      [regex]: "pcre2`^refused (\\S+) from ([0-9a-f.:]+)`",
    },
    expect: ["bundle/forgeable-source", 13, /others may choose/],
  },
  {
    title: "a block without an address",
    change: { [regex]: "pcre2`^refused (.*) from`", [order]: '["user"]', 'per: "source"': 'per: "user"' },
    expect: ["bundle/source", 17, /no source address/],
  },
  {
    title: "a block on a burst of all sources together",
    change: { 'per: "source"': 'per: "all"' },
    expect: ["bundle/innocent", 17, /the last one would be blocked/],
  },
  // Bursts.
  {
    title: "one event",
    change: { "events: 5": "events: 1" },
    expect: ["bundle/burst", 21, /at least 2/],
  },
  {
    title: "more events than 4.3 remembers",
    change: { "events: 5": "events: 130" },
    expect: ["bundle/burst", 21, /newest 128/],
  },
  {
    title: "more sources at a time than 4.3 remembers",
    change: { "events: 5": "events: 14, sources: 10" },
    expect: ["bundle/burst", 21, /10 sources at a time/],
  },
  {
    title: "a time that loses its last digit",
    change: { '"2 min"': '"2 days"' },
    expect: ["bundle/burst", 22, /would become 17280 seconds/],
  },
  {
    title: "half a second",
    change: { '"2 min"': '"500 msec"' },
    expect: ["bundle/burst", 22, /whole seconds/],
  },
  {
    title: "a base of level 0",
    change: { "level: 5": "level: 0" },
    expect: ["bundle/burst", 20, /level 0/],
  },
  {
    title: "a burst of level 0",
    change: { "level: 10": "level: 0" },
    expect: ["bundle/burst-level", 24, /level 0/],
  },
  {
    title: "a burst below its base",
    change: { "level: 10": "level: 3" },
    expect: ["bundle/burst-level", 24, /lesser/],
    warned: true,
  },
  {
    title: "a user that OSSEC does not compare",
    change: { [order]: '["srcuser", "srcip"]', 'per: "source"': 'per: ["source", "user"]' },
    expect: ["bundle/burst", 23, /no user/],
  },
  {
    title: "a source that nothing captures",
    change: { [order]: '["user", "srcport"]' },
    expect: ["bundle/burst", 23, /no srcip/],
  },
  {
    title: "different addresses",
    change: { 'per: "source",': 'per: "source", different: JSON.parse(\'"source"\'),' },
    expect: ["bundle/burst", 23, /does nothing/],
  },
  {
    title: "a burst of nothing",
    change: { '{ detection: "Refused" }': '{ detection: "Accepted" }' },
    expect: ["bundle/reference", 20, /no detection/],
  },
  {
    title: "a burst of itself",
    change: { '{ detection: "Refused" }': '{ detection: "Many_Refused" }' },
    expect: ["bundle/burst", 20, /counts itself/],
  },
  {
    title: "a second burst of the same events",
    change: {
      "  }],\n  responses": `  }, {
    kind: "burst", name: "More", of: { detection: "Refused" }, events: 9, within: "1 hr", per: "source",
    rule: { level: 12, description: "nine" },
  }],
  responses`,
    },
    expect: ["bundle/burst-rivals", 26, /same events/],
    warned: true,
  },
  {
    title: "a burst of a group that another burst starves",
    change: {
      "  }],\n  responses": `  }, {
    kind: "burst", name: "Group", of: { group: "app" }, events: 9, within: "1 hr", per: "source",
    rule: { level: 12, description: "nine" },
  }],
  responses`,
    },
    expect: ["bundle/burst-rivals", 26, /gives its events to no group/],
    warned: true,
  },
  {
    title: "a burst of a burst of the same level",
    change: {
      "  }],\n  responses": `  }, {
    kind: "burst", name: "Again", of: { detection: "Many_Refused" }, events: 3, within: "1 hr", per: "source",
    rule: { level: 10, description: "again" },
  }],
  responses`,
    },
    expect: ["bundle/burst", 26, /mark/],
  },
];

cases.push(
  {
    title: "optional captures of any line",
    change: { 'program: "app",': 'captures: "optional",' },
    expect: ["bundle/missing", 12, /what lines are taken/],
  },
  {
    title: "optional captures of a form with a program of its own",
    change: {
      [`order: ${order},`]: `order: ${order}, captures: "optional", also: [{ program: "x", regex: ${regex} }],`,
    },
    expect: ["bundle/order", 14, /no program of their own/],
  },
);

for (const { title, change, expect, warned = false } of cases)
  test(`${title} is told where it is written`, async () => {
    const here = workspace().write("bundle.zopf.ts", text(change));
    const report = await here.build();
    const all = JSON.stringify(report.diagnostics, null, 1);
    assert.is(report.outcome, warned ? "written" : "failed", all);
    const [code, line, message] = expect;
    const found = report.diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.ok(found !== undefined, `${code} expected; ${all}`);
    assert.match(found?.message ?? "", message);
    assert.is(found?.line, line, all);
    assert.not.match(all, /bug in zopf/);
  });

test("a burst of a group whose name is part of another one is told", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    text({ '{ detection: "Refused" }': '{ group: "pp" }' }).replace(/responses: \[[^\]]*\]/, "responses: []"),
  );
  const report = await here.build();
  const found = report.diagnostics.find(({ code }) => code === "bundle/burst-group");
  assert.match(found?.message ?? JSON.stringify(report.diagnostics), /rules of app too/);
  assert.is(found?.line, 20);
  assert.is(found?.severity, "warning");
});

test("the bundle itself builds, and says what it wrote", async () => {
  const here = workspace().write("bundle.zopf.ts", text());
  const report = await here.build();
  assert.equal(report.diagnostics, []);
  const rules = here.read("generated/logs/ossec/local_rules.xml") ?? "";
  assert.match(
    rules,
    /<rule id="100501" level="10" frequency="3" timeframe="120">\n {4}<if_matched_sid>100500</,
  );
  const conf = here.read("generated/logs/ossec/ossec.conf") ?? "";
  assert.match(conf, /<location>\/var\/log\/app\.log<\/location>/);
  const manifest = JSON.parse(here.read("generated/logs/manifest.json") ?? "{}");
  assert.equal(manifest.owns.decoders, ["zopf-logs_log_refused"]);
});

test("where captures are optional the other lines of the program reach the rule, too", async () => {
  const other = '"Nov 14 18:09:09 web app[812]: refused somebody"';
  const third = '"Nov 14 18:09:09 web app[812]: gone dave 198.51.100.66"';
  const further = ", also: [{ regex: pcre2`^gone (\\S+) ([0-9.]+)$` }]";
  for (const also of ["", further]) {
    const here = workspace().write(
      "bundle.zopf.ts",
      text({
        [`order: ${order},`]: `order: ${order}, captures: "optional"${also},`,
        [`[${sample}]`]: `[{ line: ${sample}, fields: { user: "carol" } }, ${other}, ${third}]`,
      }),
    );
    assert.equal((await here.build()).diagnostics, []);
    const decoders = here.read("generated/logs/ossec/local_decoder.xml") ?? "";
    assert.is(decoders.split("<parent>zopf-logs_log_refused</parent>").length - 1, also === "" ? 0 : 2);
    const without = workspace().write(
      "bundle.zopf.ts",
      text({ [`[${sample}]`]: `[${sample}, ${other}]`, [`order: ${order},`]: `order: ${order}${also},` }),
    );
    assert.equal(
      (await without.build()).diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ code }) => code),
      ["bundle/sample"],
    );
  }
});

test("a time is no condition on a capture: a line that fits the prematch alone does not alert", async () => {
  const change = {
    [regex]: "pcre2`^(\\S+) from ([0-9a-f.:]+)$`, prematch: osRegex`^refused `",
    [`order: ${order},`]: `order: ${order}, time: "08:00-20:00",`,
    [`[${sample}],`]: `[${sample}], notSamples: ["Nov 14 18:09:08 web app[812]: refused somebody"],`,
  };
  const report = await workspace().write("bundle.zopf.ts", text(change)).build();
  assert.equal(report.diagnostics, []);
});

test("a block on what is counted does not see the event that fires the burst: told", async () => {
  const one = 'when: { detection: "Many_Refused" }';
  const report = await workspace()
    .write("bundle.zopf.ts", text({ [one]: 'when: { detection: "Refused" }' }))
    .build();
  assert.equal(
    report.diagnostics.map(({ code, line }) => [code, line]),
    [["bundle/burst-takes-event", 17]],
  );
  const both = await workspace()
    .write(
      "bundle.zopf.ts",
      text({
        [`{ kind: "block", ${one}, for: "10 min" }`]: `{ kind: "block", ${one}, for: "10 min" }, { kind: "block", when: { detection: "Refused" }, for: "5 min" }`,
      }),
    )
    .build();
  assert.equal(both.diagnostics, []);
});

test("two events need no frequency", async () => {
  const here = workspace().write("bundle.zopf.ts", text({ "events: 5": "events: 2" }));
  assert.equal((await here.build()).diagnostics, []);
  assert.match(
    here.read("generated/logs/ossec/local_rules.xml") ?? "",
    /<rule id="100501" level="10" timeframe="120">/,
  );
});

test("3.8 remembers more than 128 events of a rule", async () => {
  const here = workspace().write("bundle.zopf.ts", text({ "events: 5": "events: 130", '"4.3"': '"3.8"' }));
  assert.equal((await here.build()).diagnostics, []);
});

test("a program of OSSEC's own decoders is told, unless ours come first", async () => {
  const sshd = { 'program: "app"': 'program: "sshd"', "web app": "web sshd" };
  const here = workspace().write("bundle.zopf.ts", text(sshd));
  const report = await here.build();
  assert.is(report.outcome, "written");
  assert.equal(
    report.diagnostics.map(({ code, severity, line }) => [code, severity, line]),
    [["bundle/stock-decoder", "warning", 12]],
  );
  const first = workspace().write(
    "bundle.zopf.ts",
    text({ ...sshd, 'version: "4.3"': 'version: "4.3", decodersFirst: true' }),
  );
  assert.equal((await first.build()).diagnostics, []);
});

test("rules and groups that are not the bundle's: counted, and a block on them is warned of", async () => {
  for (const [of, element] of [
    ["{ rule: 5710 }", "<if_matched_sid>5710</if_matched_sid>"],
    ['{ group: "authentication_failed" }', "<if_matched_group>authentication_failed</if_matched_group>"],
  ] as const) {
    const here = workspace().write("bundle.zopf.ts", text({ '{ detection: "Refused" }': of }));
    const report = await here.build();
    assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
    assert.equal(
      report.diagnostics.map(({ code, severity, line }) => [code, severity, line]),
      [["bundle/forgeable", "warning", 20]],
    );
    assert.ok(here.read("generated/logs/ossec/local_rules.xml")?.includes(element));
  }
  const own = workspace().write("bundle.zopf.ts", text({ '{ detection: "Refused" }': "{ rule: 100500 }" }));
  assert.equal((await own.build()).diagnostics, []);
});

test("every language, conditions, fields of one's own, decoders that are shared", async () => {
  const source = `import { defineBundle, logDetection, osMatch, osRegex, pcre2 } from "zopf";
const line = {
  program: pcre2\`^gate(?:keeper)?$\`,
  prematch: osRegex\`^door \\d+: \`,
  regex: osRegex\`^(\\w+) by (\\S+) zone (\\d+)\`,
} as const;
export default defineBundle({
  name: "doors",
  ossec: { home: "/var/ossec", firstRuleId: 100700 },
  detections: [
    logDetection({
      kind: "log", name: "Opened", ...line, order: ["id", "user", "zone"],
      where: { id: "opened" },
      samples: [{ line: "Nov 14 18:09:08 hall gate: door 7: opened by carol zone 3", fields: { zone: "3", user: "carol" } }],
      notSamples: ["Nov 14 18:09:08 hall gate: door 7: closed by carol zone 3", "Nov 14 18:09:08 hall gate: door 7: stuck"],
      rule: { level: 3, description: "a door was opened" },
    }),
    logDetection({
      kind: "log", name: "Night", ...line, order: ["id", "user", "zone"],
      where: { id: osMatch("^forced$|^broken$"), zone: osRegex\`^9\` },
      match: osMatch("zone 9"),
      samples: ["Nov 14 18:09:08 hall gatekeeper: door 7: forced by carol zone 91"],
      notSamples: ["Nov 14 18:09:08 hall gate: door 7: forced by carol zone 1"],
      rule: { level: 7, description: "a door was forced" },
    }),
    {
      kind: "log", name: "Anything", ...line, order: ["id", "user", "zone"],
      samples: ["Nov 14 18:09:08 hall gate: door 7: closed by carol zone 3"],
      notSamples: ["Nov 14 18:09:08 hall gate: door 7: stuck"],
      rule: { level: 1, description: "a door moved" },
    },
    {
      kind: "log", name: "Outside", regex: pcre2\`^\\[fw\\] drop src=(\\S+) <(\\w+)>$\`, order: ["srcip", "action"],
      where: { srcip: "!10.0.0.0/8", action: "REJECT" },
      samples: ["[fw] drop src=198.51.100.1 <REJECT>"],
      notSamples: ["[fw] drop src=10.1.2.3 <REJECT>", "[fw] drop src=198.51.100.1 <DROP>"],
      rule: { level: 4, description: "dropped" },
    },
  ],
});
`;
  const here = workspace().write("bundle.zopf.ts", source);
  const report = await here.build();
  assert.equal(report.diagnostics, []);
  const decoders = here.read("generated/doors/ossec/local_decoder.xml") ?? "";
  assert.is(decoders.match(/<decoder /g)?.length, 2, "the first three share one");
  assert.match(decoders, /<regex offset="after_prematch">/);
  assert.match(decoders, /\\x3c\(\\w\+\)>/, "`<` is written so that XML readers do not see it");
});

test("names in where and in samples are checked against the order as one types", async () => {
  const source = (where: string, fields: string) => `import { defineBundle, logDetection, pcre2 } from "zopf";
export default defineBundle({
  name: "typed",
  ossec: { home: "/var/ossec" },
  detections: [
    logDetection({
      kind: "log", name: "One", program: "app", regex: pcre2\`^(\\w+) (\\d+)\`, order: ["user", "srcport"],
      where: { ${where}: "carol" },
      samples: [{ line: "Nov 14 18:09:08 hall app: carol 3", fields: { ${fields}: "carol" } }],
      rule: { level: 3, description: "one" },
    }),
  ],
});
`;
  const fine = workspace().write("bundle.zopf.ts", source("user", "user"));
  assert.equal((await fine.build()).diagnostics, []);
  for (const [where, fields, line] of [
    ["srcip", "user", 8],
    ["user", "usr", 9],
  ] as const) {
    const report = await workspace().write("bundle.zopf.ts", source(where, fields)).build();
    assert.match(report.diagnostics[0]?.code ?? "", /^TS2/);
    assert.is(report.diagnostics[0]?.line, line);
  }
});

test.run();
