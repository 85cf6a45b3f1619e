import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleText, workspace } from "../workspace.js";

interface Case {
  readonly title: string;
  readonly change: Readonly<Record<string, string>>;
  /** Code, line, and a piece of the message. TypeScript's own codes stand for what the type checker finds. */
  readonly expect: readonly [code: string, line: number, message: RegExp];
}

const cases: readonly Case[] = [
  { title: "level 99", change: { "level: 6": "level: 99" }, expect: ["TS2322", 22, /99/] },
  {
    title: "level 99 past the checker",
    change: { "level: 6": 'level: JSON.parse("99")' },
    expect: ["bundle/level", 22, /99/],
  },
  {
    title: "5 minuts",
    change: { 'suppress: "5 min"': 'suppress: "5 minuts"' },
    expect: ["TS2322", 20, /minuts/],
  },
  {
    title: "5 minuts past the checker",
    change: { 'suppress: "5 min"': 'suppress: JSON.parse("\\"5 minuts\\"")' },
    expect: ["bundle/duration", 20, /minuts/],
  },
  {
    title: "an id of seven digits",
    change: { "level: 6,": "id: 1000000, level: 6," },
    expect: ["bundle/rule-id", 22, /1000000/],
  },
  {
    title: "a first id out of range",
    change: { "firstRuleId: 100500": "firstRuleId: 5" },
    expect: ["bundle/rule-id", 6, /5/],
  },
  {
    title: "a table name of 40 characters",
    change: { '"ossec_fwtable"': `"${"t".repeat(40)}"` },
    expect: ["bundle/table", 7, /pf table/],
  },
  {
    title: "a table that pf reads as something else",
    change: { '"ossec_fwtable"': '"self"' },
    expect: ["bundle/table", 7, /self/],
  },
  {
    title: "a notice name that Zeek reserves",
    change: {
      'name: "Port_Scan_S0_Detected"': 'name: "T"',
      'detection: "Port_Scan_S0_Detected"': 'detection: "T"',
    },
    expect: ["bundle/name", 11, /reserves/],
  },
  {
    title: "a bundle name of Zeek's",
    change: { 'name: "perimeter"': 'name: "policy"' },
    expect: ["bundle/name", 4, /folder/],
  },
  {
    title: "an empty neverBlock",
    change: { '["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"]': "[]" },
    expect: ["bundle/never-block", 8, /empty/],
  },
  {
    title: "a missing neverBlock",
    change: { '  neverBlock: ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"],\n': "" },
    expect: ["bundle/never-block", 23, /missing/],
  },
  {
    title: "a wrong address",
    change: { '"192.0.2.1"': '"192.0.2.300"' },
    expect: ["bundle/network", 8, /192\.0\.2\.300/],
  },
  {
    title: "a suppression that outlives the block",
    change: { 'suppress: "5 min"': 'suppress: "10 min"' },
    expect: ["bundle/suppress", 20, /10 min/],
  },
  {
    title: "a suppression that its last tick takes past the block",
    change: { 'for: "10 min"': 'for: "305 sec"' },
    expect: ["bundle/suppress", 20, /305 sec/],
  },
  {
    title: "turned connections that lead to a block",
    change: { "threshold: 5,": 'threshold: 5, flipped: "keep",' },
    expect: ["bundle/flipped", 16, /victim/],
  },
  {
    title: "a response to nothing",
    change: { 'when: { detection: "Port_Scan_S0_Detected" }': 'when: { detection: "Port_Scan" }' },
    expect: ["TS2322", 24, /Port_Scan/],
  },
  {
    title: "a response to nothing past the checker",
    change: { 'when: { detection: "Port_Scan_S0_Detected" }': 'when: { detection: JSON.parse("\\"X\\"") }' },
    expect: ["bundle/reference", 24, /"X"/],
  },
  {
    title: "a response to a rule of level 0",
    change: { "level: 6": "level: 0" },
    expect: ["bundle/response-never-fires", 24, /level 0/],
  },
  {
    title: "a block without an end",
    change: { 'for: "10 min"': 'for: "0 sec"', 'suppress: "5 min"': 'suppress: "0 sec"' },
    expect: ["bundle/duration", 24, /longer than nothing/],
  },
  {
    title: "a block of half a second",
    change: { 'for: "10 min"': 'for: "500 msec"', 'suppress: "5 min"': 'suppress: "0 sec"' },
    expect: ["bundle/duration", 24, /whole seconds/],
  },
  {
    title: "a threshold of nothing",
    change: { "threshold: 5": "threshold: 0" },
    expect: ["bundle/number", 16, /threshold/],
  },
  {
    title: "a window of nothing",
    change: { '"1 min"': '"0 min"' },
    expect: ["bundle/duration", 17, /longer than nothing/],
  },
  {
    title: "a key without an address",
    change: { "per: (c) => c.id.orig_h": "per: (c) => c.id.resp_p" },
    expect: ["bundle/source", 14, /srcip/],
  },
  { title: "a relative path", change: { '"/var/ossec"': '"var/ossec"' }, expect: ["bundle/path", 6, /path/] },
  {
    title: "a path that leads out",
    change: { '"/var/ossec"': '"/var/../etc"' },
    expect: ["bundle/path", 6, /path/],
  },
  {
    title: "a description of two lines",
    change: { "Zeek: stealth": "Zeek:\\nstealth" },
    expect: ["bundle/text", 22, /U\+000A/],
  },
  {
    title: "a description with a tag",
    change: { "Zeek: stealth": "<b>stealth" },
    expect: ["bundle/text", 22, /</],
  },
  {
    title: "a group with a comma",
    change: { '"zeek", "scan"': '"zeek,scan"' },
    expect: ["bundle/shape", 22, /group name/],
  },
  {
    title: "no packet filter",
    change: { '  firewall: pf({ table: "ossec_fwtable" }),\n': "" },
    expect: ["bundle/missing", 23, /packet filter/],
  },
  {
    title: "no Zeek",
    change: {
      '  zeek: { logs: "/var/log/zeek/current", site: "/opt/zeek/share/zeek/site", noticeLog: "dedicated" },\n':
        "",
    },
    expect: ["bundle/missing", 8, /where Zeek lives/],
  },
  {
    title: "two detections of one name",
    change: {
      "detections: [{":
        'detections: [{ kind: "zeek", name: "Port_Scan_S0_Detected", event: "new_connection", per: (c) => c.id.orig_h, count: { events: true }, threshold: 5, window: { fixed: "1 min" }, notice: { message: () => "x" }, rule: { level: 3, description: "x" } }, {',
    },
    expect: ["bundle/duplicate", 11, /second detection/],
  },
  {
    title: "two rules of one id",
    change: {
      "level: 6,": "id: 100700, level: 6,",
      "detections: [{":
        'detections: [{ kind: "zeek", name: "Other", event: "new_connection", per: (c) => c.id.orig_h, count: { events: true }, threshold: 5, window: { fixed: "1 min" }, notice: { message: () => "x" }, rule: { id: 100700, level: 3, description: "x" } }, {',
    },
    expect: ["bundle/rule-id", 22, /100700/],
  },
];

for (const { title, change, expect } of cases)
  test(`${title} is told where it is written`, async () => {
    const here = workspace().write("bundle.zopf.ts", bundleText(change));
    const report = await here.build();
    assert.is(report.outcome, "failed");
    assert.equal(here.tree("generated"), {});
    const [code, line, message] = expect;
    const found = report.diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.ok(found !== undefined, `${code} expected; ${JSON.stringify(report.diagnostics)}`);
    assert.match(found?.file ?? "", /\/bundle\.zopf\.ts$/);
    assert.is(found?.line, line, found?.message);
    assert.match(found?.message ?? "", message);
  });

test.run();
