import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, type Workspace, workspace } from "../workspace.js";

const test = suite("responses");

const whole = '{ kind: "block", when: { detection: "Port_Scan_S0_Detected" }, for: "10 min" }';
const detection = 'when: { detection: "Port_Scan_S0_Detected" }';
const responsesLine = 24;

/** A bundle whose list of responses, on line 24, is this text; past the type checker where asked. */
function withResponses(
  responses: string,
  { any = false, change = {} }: { any?: boolean; change?: Readonly<Record<string, string>> } = {},
): Workspace {
  const text = any ? `${responses} as any` : responses;
  return workspace().write("bundle.zopf.ts", bundleText({ ...change, [`[${whole}]`]: text }));
}

interface Refusal {
  readonly title: string;
  readonly responses: string;
  readonly change?: Readonly<Record<string, string>>;
  /** What stands at the place that is named, on the line of the responses. */
  readonly at: string;
  readonly expect: readonly [code: string, message: RegExp, help?: RegExp];
}

const refusals: readonly Refusal[] = [
  {
    title: "a level below 5",
    responses: '[{ kind: "block", when: { level: 4, alsoStockRules: true }, for: "10 min" }]',
    at: "4,",
    expect: ["bundle/response-level", /from level 4 up/],
  },
  {
    title: "a level without alsoStockRules",
    responses: '[{ kind: "block", when: { level: 6 }, for: "10 min" }]',
    at: "6 }",
    expect: ["bundle/stock-level", /471 of OSSEC's stock rules/, /alsoStockRules: true/],
  },
  {
    title: "alsoStockRules that is not true",
    responses: '[{ kind: "block", when: { level: 6, alsoStockRules: "yes" }, for: "10 min" }]',
    at: '"yes"',
    expect: ["bundle/shape", /alsoStockRules must be true/],
  },
  {
    title: "a block without an end",
    responses: `[{ kind: "block", ${detection} }]`,
    at: "{ kind",
    expect: ["bundle/no-end", /how long/],
  },
  {
    title: "two causes at once",
    responses: '[{ kind: "block", when: { detection: "Port_Scan_S0_Detected", level: 6 }, for: "10 min" }]',
    at: "{ detection",
    expect: ["bundle/shape", /one of/],
  },
  {
    title: "no cause",
    responses: '[{ kind: "block", when: {}, for: "10 min" }]',
    at: "{}",
    expect: ["bundle/shape", /one of/],
  },
  {
    title: "a group that would break out",
    responses: '[{ kind: "block", when: { group: "a</rules_group><level>1" }, for: "10 min" }]',
    at: '"a</rules_group>',
    expect: ["bundle/shape", /group name/],
  },
  {
    title: "a rule id that is none",
    responses: '[{ kind: "block", when: { rule: 1000000 }, for: "10 min" }]',
    at: "1000000",
    expect: ["bundle/number", /1 to 999999/],
  },
  {
    title: "an empty list of rules",
    responses: '[{ kind: "block", when: { rule: [] }, for: "10 min" }]',
    at: "[]",
    expect: ["bundle/shape", /rule id/],
  },
  {
    title: "everywhere on a stand-alone installation",
    responses: `[{ kind: "block", ${detection}, where: "everywhere", for: "10 min" }]`,
    at: '"everywhere"',
    expect: ["bundle/where", /stand-alone/, /installation: "server"/],
  },
  {
    title: "an agent on a stand-alone installation",
    responses: `[{ kind: "block", ${detection}, where: { agent: "003" }, for: "10 min" }]`,
    at: '{ agent: "003" }',
    expect: ["bundle/where", /stand-alone/],
  },
  {
    title: "an agent's id that would break out",
    responses: `[{ kind: "block", ${detection}, where: { agent: "003</agent_id>" }, for: "10 min" }]`,
    at: '"003</',
    expect: ["bundle/where", /no agent's id/],
  },
  {
    title: "the server as an agent",
    responses: `[{ kind: "block", ${detection}, where: { agent: "000" }, for: "10 min" }]`,
    at: '"000"',
    expect: ["bundle/where", /no agent's id/, /gateway/],
  },
  {
    title: "a place that there is not",
    responses: `[{ kind: "block", ${detection}, where: "nonlocalized", for: "10 min" }]`,
    at: '"nonlocalized"',
    expect: ["bundle/shape", /sensor/],
  },
  {
    title: "seconds in a growing block",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["90 sec"] }]`,
    at: '"90 sec"',
    expect: ["bundle/escalate", /whole minutes/],
  },
  {
    title: "blocks that shrink",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["2 hr", "30 min"] }]`,
    at: '"30 min"',
    expect: ["bundle/escalate", /have to grow/],
  },
  {
    title: "a second block that is shorter than the first",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["5 min"] }]`,
    at: '"5 min"',
    expect: ["bundle/escalate", /10 min/],
  },
  {
    title: "six steps",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["1 hr", "2 hr", "3 hr", "4 hr", "5 hr", "6 hr"] }]`,
    at: '["1 hr"',
    expect: ["bundle/escalate", /1 to 5/],
  },
  {
    title: "a step that is no length of time",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["soon"] }]`,
    at: '"soon"',
    expect: ["bundle/duration", /soon/],
  },
  {
    title: "a prefix of many others",
    responses: `[{ kind: "block", ${detection}, for: "10 min", prefix: { v4: 16 } }]`,
    at: "16 }",
    expect: ["bundle/prefix", /24 to 32/],
  },
  {
    title: "a prefix that no address has",
    responses: `[{ kind: "block", ${detection}, for: "10 min", prefix: { v6: 129 } }]`,
    at: "129 }",
    expect: ["bundle/prefix", /48 to 128/],
  },
  {
    title: "half a bit",
    responses: `[{ kind: "block", ${detection}, for: "10 min", prefix: { v4: 24, v6: 64.5 } }]`,
    at: "64.5 }",
    expect: ["bundle/prefix", /64\.5/],
  },
  {
    title: "two blocks of different networks",
    responses: `[{ kind: "block", ${detection}, for: "10 min", prefix: { v4: 24 } }, { kind: "block", when: { rule: 5712 }, for: "10 min", prefix: { v4: 28 } }]`,
    at: "{ v4: 28",
    expect: ["bundle/responses-disagree", /only the address/],
  },
  {
    title: "two blocks that grow differently",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["1 hr"] }, { kind: "block", when: { rule: 5712 }, for: "10 min", escalate: ["2 hr"] }]`,
    at: '["2 hr"]',
    expect: ["bundle/responses-disagree", /one list/],
  },
  {
    title: "two blocks of which one grows",
    responses: `[{ kind: "block", ${detection}, for: "10 min", escalate: ["1 hr"] }, { kind: "block", when: { rule: 5712 }, for: "10 min" }]`,
    at: '{ kind: "block", when: { rule',
    expect: ["bundle/responses-disagree", /escalate/],
  },
  {
    title: "two blocks of one detection",
    responses: `[${whole}, { kind: "block", when: { group: "scan", alsoStockRules: true }, for: "10 min" }]`,
    at: '{ kind: "block", when: { group',
    expect: ["bundle/duplicate", /two responses/],
  },
  {
    title: "two blocks of one foreign rule",
    responses:
      '[{ kind: "block", when: { rule: 5712 }, for: "10 min" }, { kind: "block", when: { rule: [5710, 5712] }, for: "10 min" }]',
    at: '{ kind: "block", when: { rule: [',
    expect: ["bundle/duplicate", /rule 5712/],
  },
  {
    title: "two notifications that do different things",
    responses: `[{ kind: "notify", ${detection} }, { kind: "notify", when: { rule: 5712 }, syslog: "local3.alert" }]`,
    at: '{ kind: "notify", when: { rule',
    expect: ["bundle/responses-disagree", /one script/],
  },
  {
    title: "a program that is no path",
    responses: `[{ kind: "notify", ${detection}, run: ["mail"] }]`,
    at: '"mail"',
    expect: ["bundle/path", /mail/],
  },
  {
    title: "a program that would break out",
    responses: `[{ kind: "notify", ${detection}, run: ["/bin/true; reboot"] }]`,
    at: '"/bin/true; reboot"',
    expect: ["bundle/path", /reboot/],
  },
  {
    title: "an argument with a line break",
    responses: `[{ kind: "notify", ${detection}, run: ["/bin/true", "a\\nb"] }]`,
    at: '"a\\nb"',
    expect: ["bundle/notify", /U\+000A/],
  },
  {
    title: "no program at all",
    responses: `[{ kind: "notify", ${detection}, run: [] }]`,
    at: "[] }]",
    expect: ["bundle/shape", /path/],
  },
  {
    title: "a priority that would break out",
    responses: `[{ kind: "notify", ${detection}, syslog: "auth.notice; reboot" }]`,
    at: '"auth.notice; reboot"',
    expect: ["bundle/shape", /logger/],
  },
  {
    title: "a kind that there is not",
    responses: `[{ kind: "destroy", ${detection} }]`,
    at: '"destroy"',
    expect: ["bundle/shape", /"block", "log", "notify"/],
  },
];

for (const { title, responses, change, at, expect } of refusals)
  test(`${title} is refused where it is written`, async () => {
    const here = withResponses(responses, { any: true, ...(change === undefined ? {} : { change }) });
    const report = await here.build();
    assert.is(report.outcome, "failed");
    assert.equal(here.tree("generated"), {});
    const [code, message, help] = expect;
    const found = report.diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.ok(found !== undefined, `${code} expected; ${JSON.stringify(report.diagnostics)}`);
    const line = here.read("bundle.zopf.ts")?.split("\n")[responsesLine - 1] ?? "";
    assert.is(`${found?.line}:${found?.column}`, `${responsesLine}:${line.indexOf(at) + 1}`, found?.message);
    assert.match(found?.message ?? "", message);
    if (help !== undefined) assert.match(found?.help ?? "", help);
  });

test("an own address that nothing protects is told at its place", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    bundleText({
      'ownAddresses: ["2001:db8::1"]':
        'ownAddresses: ["10.1.2.3", { network: "198.51.100.7", name: "outside" }]',
    }),
  );
  const report = await here.build();
  assert.is(report.outcome, "failed");
  const found = report.diagnostics.filter(({ code }) => code === "bundle/own-address");
  assert.equal(
    found.map(({ line, column }) => [line, column]),
    [[25, 41]],
  );
  assert.match(found[0]?.message ?? "", /198\.51\.100\.7/);
});

test("own addresses that are protected, and none that are named", async () => {
  const codes = async (change: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const report = await workspace().write("bundle.zopf.ts", bundleText(change)).build();
    assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
    return report.diagnostics.map(({ code, severity }) => `${severity} ${code}`);
  };
  const named = 'ownAddresses: ["2001:db8::1"]';
  assert.equal(await codes({ [named]: 'ownAddresses: ["10.1.2.3", "2001:db8:1::/48"]' }), []);
  assert.equal(await codes({ [`  ${named},\n`]: "" }), ["warning bundle/own-addresses"]);
});

test("a forged source cannot lead to a block, but to a notification", async () => {
  const second =
    '{ kind: "zeek", name: "Port_Scan_S0_Detected_More", event: "new_connection", per: (c) => c.id.orig_h, count: { events: true }, threshold: 5, window: { fixed: "1 min" }, notice: { message: () => "x" }, rule: { level: 3, description: "x" } }, {';
  const change = {
    'noticeLog: "dedicated"': 'noticeLog: "notice.log"',
    "detections: [{": `detections: [${second}`,
    "`IP ${hit.key} suspected": "`_More ${hit.key} suspected",
  };
  const refused = await withResponses(`[${whole}]`, { change }).build();
  assert.is(refused.outcome, "failed");
  const found = refused.diagnostics.find(({ code }) => code === "bundle/forgeable-block");
  assert.is(found?.line, responsesLine);
  assert.is(found?.column, 15);
  assert.match(found?.help ?? "", /dedicated/);
  const told = await withResponses(`[{ kind: "notify", ${detection} }]`, { change }).build();
  assert.is(told.outcome, "written", JSON.stringify(told.diagnostics));
});

test("what is emitted, for every cause and place", async () => {
  const here = withResponses(
    `[
      { kind: "block", ${detection}, for: "10 min", escalate: ["30 min", "2 hr", "1 day"] },
      { kind: "block", when: { rule: [5712, 5720] }, for: "10 min", escalate: ["30 min", "2 hr", "1 day"], where: "gateway" },
      { kind: "block", when: { group: "recon", alsoStockRules: true }, for: "10 min", escalate: ["30 min", "2 hr", "1 day"], where: "everywhere" },
      { kind: "log", when: { level: 5 }, alsoStockRules: true, for: "5 min" },
      { kind: "notify", ${detection}, where: { agent: "003" }, run: ["/usr/local/bin/tell", "it's", "$(reboot)"] },
    ]`,
    { change: { 'home: "/var/ossec"': 'home: "/var/ossec", installation: "server"' } },
  );
  const report = await here.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const conf = here.read("generated/perimeter/ossec/ossec.conf") ?? "";
  const blocks = [...conf.matchAll(/<active-response>\n([\s\S]*?)<\/active-response>/g)].map((match) =>
    (match[1] ?? "")
      .replace(/<!--[\s\S]*?-->/g, "")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .join(""),
  );
  const drop = "<disabled>no</disabled><command>perimeter-firewall-drop</command>";
  assert.equal(blocks, [
    `${drop}<location>local</location><rules_id>100500</rules_id><timeout>600</timeout><repeated_offenders>30,120,1440</repeated_offenders>`,
    `${drop}<location>server</location><rules_id>5712,5720</rules_id><timeout>600</timeout>`,
    `${drop}<location>server</location><rules_group>^recon,|,recon,|^recon$|,recon$</rules_group><timeout>600</timeout>`,
    `${drop}<location>all</location><rules_group>^recon,|,recon,|^recon$|,recon$</rules_group><timeout>600</timeout>`,
    "<disabled>no</disabled><command>perimeter-log</command><location>local</location><level>5</level><timeout>300</timeout>",
    "<disabled>no</disabled><command>perimeter-notify</command><location>defined-agent</location><agent_id>003</agent_id><rules_id>100500</rules_id>",
  ]);
  const manifest = here.read("generated/perimeter/manifest.json") ?? "";
  assert.equal(JSON.parse(manifest).owns.commands, [
    "perimeter-firewall-drop",
    "perimeter-log",
    "perimeter-notify",
  ]);
  const notify = here.read("generated/perimeter/active-response/notify.sh") ?? "";
  assert.ok(
    notify.includes(`/usr/local/bin/tell 'it'\\''s' '$(reboot)' "$1" "$number" "$detection"`),
    notify,
  );
  // The longest block is a day; what execd forgets ends a day later.
  assert.match(here.read("generated/perimeter/active-response/firewall-drop.sh") ?? "", /^LIMIT=172800$/m);
});

test("a group of other people's rules is told of, unless it is meant", async () => {
  const codes = async (when: string): Promise<readonly string[]> => {
    const report = await withResponses(`[{ kind: "block", when: ${when}, for: "10 min" }]`).build();
    assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
    return report.diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
  };
  assert.equal(await codes('{ group: "recon" }'), ["bundle/stock-rules 24:47"]);
  assert.equal(await codes('{ group: "recon", alsoStockRules: true }'), []);
  assert.equal(await codes("{ rule: 5712 }"), []);
});

test("blocks of different lengths that one alert may start are told of", async () => {
  const report = await withResponses(
    `[${whole}, { kind: "block", when: { group: "recon", alsoStockRules: true }, for: "1 day" }, { kind: "block", when: { rule: 5712 }, for: "10 min" }]`,
  ).build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  assert.equal(
    report.diagnostics.map(({ code, line }) => `${code} ${line}`),
    ["bundle/responses-overlap 24"],
  );
});

test.run();
