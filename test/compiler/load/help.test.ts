/** What a person is told whose bundle has a misspelt word, or lacks a property: where, and what to write. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundle, detection, loadText, textAt } from "./load-text.js";

const test = suite("load: help");

const one = detection("One");
const responses = (text: string): string =>
  bundle(one, "", `neverBlock: ["10.0.0.1"], responses: [${text}],`);
const firewall = (text: string): string => bundle(one, "", `firewall: ${text},`);
const zeek = (text: string): string => bundle(one, "", `zeek: { logs: "/l", site: "/s", ${text} },`);
const scan = '{ kind: "scan", scan: "half-open", name: "S" }';
const burst =
  '{ kind: "burst", name: "B", of: { rule: 5 }, events: 3, within: "1 min", per: "source", rule: { level: 6, description: "d" } }';

/** The only diagnostic of a source: the text that it points at, its message and its help in one line. */
async function told(source: string): Promise<string> {
  const result = await loadText(source);
  if (result.ok) throw new Error("loads");
  assert.is(result.diagnostics.length, 1, JSON.stringify(result.diagnostics));
  const [only] = result.diagnostics;
  return only === undefined ? "" : `${textAt(source, only)} | ${only.message} | ${only.help ?? ""}`;
}

for (const [title, source, expected] of [
  [
    "an event",
    bundle(one.replace("new_connection", "new_conection")),
    /^event: .* \| "new_conection" is not an event .* \| did you mean "new_connection"\?$/,
  ],
  [
    "an event that is near none",
    bundle(one.replace("new_connection", "zzz")),
    /the events are "new_connection", .*zeekLog and onLog/,
  ],
  ["a log's event", bundle(one.replace("new_connection", "shh.log")), /did you mean "ssh\.log"/],
  ["a kind of detection", bundle(one.replace('"zeek"', '"zek"')), /Did you mean '"zeek"'\?/],
  ["a preset", bundle(scan.replace("half-open", "half-opn")), /Did you mean '"half-open"'\?/],
  [
    "a kind of window",
    bundle(one.replace("sliding:", "slidding:")),
    /^slidding \| window of detection "One" cannot have a property "slidding" \| did you mean sliding\?$/,
  ],
  [
    "a kind of count",
    bundle(one.replace("events: true", "evnts: true")),
    /count of detection "One" .* \| did you mean events\?$/,
  ],
  ["a notice log", zeek('noticeLog: "dedicatd"'), /Did you mean '"dedicated"'\?/],
  [
    "a dialect",
    bundle(one).replace('"/var/ossec"', '"/var/ossec", dialect: "wazu"'),
    /Did you mean '"wazuh"'\?/,
  ],
  [
    "a kind of firewall",
    firewall('{ kind: "nftable", table: "x" }'),
    /^kind: "nftable" \| kind cannot be "nftable" \| did you mean "nftables"\?$/,
  ],
  [
    "a firewall's option",
    firewall('pf({ table: "x", conters: true })'),
    /^conters \| pf\(…\) cannot have a property "conters" \| did you mean counters\?$/,
  ],
  [
    "a word of a firewall's option",
    firewall('pf({ table: "x", flavour: "freebds" })'),
    /Did you mean '"freebsd"'\?/,
  ],
  [
    "a property of the bundle",
    bundle(one, "", "neverBlok: [],"),
    /^neverBlok \| the bundle "test" cannot have a property "neverBlok" \| did you mean neverBlock\?$/,
  ],
  [
    "a property of a detection",
    bundle(one.replace("threshold:", "treshold:")),
    /detection "One" .* \| did you mean threshold\?$/,
  ],
  [
    "a property of a preset, without functions around",
    bundle(scan.replace("name:", "treshold: 3, name:")),
    /^treshold \| detection "S" cannot have a property "treshold" \| did you mean threshold\?$/,
  ],
  [
    "the detection of a response",
    responses('{ kind: "block", when: { detection: "Oen" }, for: "1 hr" }'),
    /did you mean "One"\?$/,
  ],
  ["a level", bundle(one.replace("level: 6", "level: 66")), /it is a whole number from 0 to 16$/],
  [
    "a comparison",
    bundle(one.replace("per:", 'where: (c) => c.conn?.proto === "tpc", per:')),
    /did you mean "tcp"\?$/,
  ],
  [
    "a log's name",
    bundle(
      'onLog("shh", { name: "X", per: () => 1, count: { events: true }, threshold: 5, window: { sliding: "1 min" }, notice: { message: () => "x" }, rule: { level: 6, description: "d" } })',
      'import { onLog } from "zopf";',
    ),
    /^"shh" \| .* \| did you mean "ssh"\?$/,
  ],
] as const)
  test(`a misspelt word: ${title}`, async () => {
    assert.match(await told(source), expected);
  });

for (const [title, source, expected] of [
  [
    "threshold",
    bundle(one.replace("threshold: 5,", "")),
    /^name: "One" \| detection "One" has no threshold \| write threshold: 20 \(The count at which it fires, 1 or more\)$/,
  ],
  [
    "two of the second",
    bundle(
      `${one}, ${detection("Two")
        .replace("threshold: 5,", "")
        .replace(/window: .*?},/, "")}`,
    ),
    /^name: "Two" \| detection "Two" has no threshold and no window \| write threshold: .*; write window: { sliding: "5 min" }/,
  ],
  [
    "an event, with functions",
    bundle(one.replace('event: "new_connection",', "")),
    /^name: "One" \| detection "One" has no event \| write event: "new_connection"/,
  ],
  [
    "a name",
    bundle(one.replace('name: "One",', "")),
    /^kind: "zeek" \| detection 1 of the list has no name \| write name: "Port_Scan"/,
  ],
  [
    "a kind",
    bundle(one.replace('kind: "zeek",', "")),
    /^name: "One" \| detection "One" has no kind \| write kind: "zeek"/,
  ],
  [
    "a rule's level",
    bundle(one.replace("level: 6,", "")),
    /^rule \| rule of detection "One" has no level \| write level: 10/,
  ],
  [
    "a notice's message",
    bundle(one.replace(/message: .*? },/, "},")),
    /^notice \| notice of detection "One" has no message \| write message: \(hit\) => `scan by \$\{hit\.key\}`/,
  ],
  [
    "what a burst counts",
    bundle(burst.replace("of: { rule: 5 },", "")),
    /detection "B" has no of \| write of: { detection:/,
  ],
  [
    "one of several",
    bundle(burst.replace("{ rule: 5 }", "{}")),
    /^of \| of of detection "B" has none of detection, rule, group \| write detection: .*; or write rule: 5716.*; or write group:/,
  ],
  [
    "a preset's name",
    bundle(scan.replace('scan: "half-open",', "")),
    /detection "S" has no scan \| write scan: "half-open"/,
  ],
  [
    "a block's length",
    responses('{ kind: "block", when: { detection: "One" } }'),
    /^kind: "block" \| block of "One" has no for \| write for: "10 min"/,
  ],
  ["a firewall's table", firewall("pf({})"), /^{ \| pf\(…\) has no table \| write table: "ossec_blocked"/],
  [
    "OSSEC's home",
    bundle(one).replace('home: "/var/ossec"', ""),
    /^ossec \| ossec of the bundle "test" has no home \| write home: "\/var\/ossec"/,
  ],
  [
    "the engine",
    bundle(one).replace('ossec: { home: "/var/ossec" },', ""),
    /^name: "test" \| the bundle "test" has no ossec \| write ossec: { home: "\/var\/ossec" }/,
  ],
  [
    "in a constant with a type",
    bundle("one", `const one: Detection = ${one.replace("threshold: 5,", "")};`),
    /^name: "One" \| detection "One" has no threshold/,
  ],
] as const)
  test(`a missing property: ${title}`, async () => {
    assert.match(await told(source), expected);
  });

test("a property that comes with a spread is not missing", async () => {
  const spread = bundle(one.replace("threshold: 5,", "...more,"), "const more = { threshold: 5 };");
  assert.ok((await loadText(spread)).ok);
  assert.match(
    await told(bundle(one.replace("threshold: 5,", "...more,"), 'const more = { threshold: "5" };')),
    /'string' is not assignable to type 'number'/,
  );
});

test.run();
