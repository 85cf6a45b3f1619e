/** What a bundle can say about a preset, and what each then does. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { presets } from "../../src/catalogue/index.js";
import type { Model } from "../../src/model/model.js";
import { workspace } from "../compiler/workspace.js";
import { compileDetections, zeekDetections } from "./catalogue.js";
import { attacker, firedOn, host, type Row, rows, target } from "./traffic.js";

const only = (text: string): Promise<Model> => compileDetections(`{ kind: "scan", name: "Found", ${text} }`);
const sources = async (text: string, traffic: readonly Row[]): Promise<readonly string[]> => [
  ...new Set((await firedOn(await only(text), traffic)).map(({ source }) => source)),
];

test("threshold and window: one less or a little slower stays silent", async () => {
  const scan = (count: number, gap: number) => rows(count, (index) => ({ at: index * gap, port: 1 + index }));
  const asked = 'scan: "half-open", threshold: 7, window: "60 sec"';
  assert.equal(await sources(asked, scan(7, 9)), [attacker]);
  assert.equal(await sources(asked, scan(6, 9)), []);
  assert.equal(await sources(asked, scan(7, 12)), []);
});

test("from: outside, inside, anywhere", async () => {
  const both = ["10.1.2.3", attacker].flatMap((from) =>
    rows(10, (index) => ({ at: index, from, port: 1 + index })),
  );
  assert.equal(await sources('scan: "half-open"', both), [attacker]);
  assert.equal(await sources('scan: "half-open", from: "outside"', both), [attacker]);
  assert.equal(await sources('scan: "half-open", from: "inside"', both), ["10.1.2.3"]);
  assert.equal((await sources('scan: "half-open", from: "anywhere"', both)).length, 2);
});

test("per: the ports of one host, or of all", async () => {
  const spread = rows(10, (index) => ({ at: index, to: host(index % 5), port: 1 + index }));
  assert.equal(await sources('scan: "half-open"', spread), [attacker]);
  assert.equal(await sources('scan: "half-open", per: "pair"', spread), []);
  assert.equal(await sources('scan: "half-open", per: "pair", threshold: 2', spread), [attacker]);
});

test("where: a further condition", async () => {
  const scan = rows(5, (index) => ({ at: index, port: 1 + index }));
  assert.equal(await sources('scan: "half-open", where: (c) => c.id.resp_p !== port("9/tcp")', scan), [
    attacker,
  ]);
  assert.equal(await sources('scan: "half-open", where: (c) => c.id.resp_p !== port("3/tcp")', scan), []);
});

test("the message, and what a preset says itself", async () => {
  const scan = rows(20, (index) => ({ at: index, port: 1 + index }));
  const messages = async (text: string) =>
    (await firedOn(await only(text), scan)).map(({ message }) => message);
  assert.is((await messages('scan: "half-open"'))[0], `${attacker} sent SYNs to 5 ports without an answer`);
  assert.is((await messages('scan: "any-state"'))[0], `${attacker} probed 20 ports of ${target}`);
  assert.is(
    (await messages('scan: "any-state", notice: { message: (hit) => hit.key[1] + " by " + hit.key[0] }'))[0],
    `${target} by ${attacker}`,
  );
});

test("the rule: the preset's where the bundle says nothing", async () => {
  const [said] = zeekDetections(await only('scan: "traceroute"'));
  assert.equal(said?.rule.level, 3);
  assert.equal(said?.rule.groups, ["zeek", "scan"]);
  const [asked] = zeekDetections(await only('scan: "traceroute", rule: { level: 9, id: 100_777 }'));
  assert.equal([asked?.rule.level, asked?.rule.id], [9, 100_777]);
  assert.is(asked?.rule.description, said?.rule.description);
});

test("slow: a probe every eleven minutes, over hours", async () => {
  const probes = (minutes: number) =>
    rows(40, (index) => ({ at: index * minutes * 60, port: 1 + index, to: host(index % 7) }));
  assert.equal(await sources('scan: "slow"', probes(11)), [attacker]);
  assert.equal(await sources('scan: "slow"', probes(13)), []);
  assert.equal(await sources('scan: "half-open"', probes(11)), []);
});

test("darknet: probes of networks where nothing lives", async () => {
  const asked = 'scan: "darknet", networks: ["203.0.113.0/24", "2a02:6b8:77::/48"]';
  const touch = (row: Partial<Row>) =>
    rows(3, (index) => ({ at: index * 60, to: `203.0.113.${index}`, ...row }));
  assert.equal(await sources(asked, touch({})), [attacker]);
  assert.equal(await sources(asked, touch({ proto: "udp", history: "D" })), [attacker]);
  assert.equal(
    await sources(asked, touch({ proto: "icmp", fromPort: 8, port: 0, history: "", state: "OTH" })),
    [attacker],
  );
  assert.equal(await sources(asked, touch({ to: target })), []);
  assert.equal(await sources(asked, touch({ history: "H", state: "OTH" })), []);
  assert.equal(await sources(asked, touch({ history: "R", state: "OTH" })), []);
  assert.equal(
    await sources(
      asked,
      rows(3, (index) => ({ at: index, from: "2a01:4f8:77::1", to: `2a02:6b8:77::${index + 1}` })),
    ),
    ["2a01:4f8:77::1"],
  );
});

test("honeypot: only a finished handshake", async () => {
  const asked = 'scan: "honeypot", networks: ["162.212.157.188"]';
  for (const history of ["ShADadFf", "ShAdR", "ShADdr", "ShDdr", "ShAR", "ShA"])
    assert.equal(await sources(asked, [{ at: 0, history, state: "SF" }]), [attacker], history);
  // Blind ACKs and data in another's name: the honeypot objects, or the victim does.
  for (const history of ["ShAr", "ShARr", "ShRAr", "ShADr", "ShAaR", "ShARar", "SA", "SAhR"])
    assert.equal(await sources(asked, [{ at: 0, history }]), [], history);
  for (const history of ["S", "Sr", "Sh", "ShR", "H", "A"])
    assert.equal(await sources(asked, [{ at: 0, history }]), [], history);
  assert.equal(await sources(asked, [{ at: 0, to: host(1), history: "ShADadFf" }]), []);
});

test("ping-flood: the rate", async () => {
  const ping = (packets: number, duration: number): readonly Row[] => [
    { at: 0, proto: "icmp", fromPort: 8, port: 0, history: "", state: "OTH", packets, duration },
  ];
  assert.equal(await sources('scan: "ping-flood"', ping(1000, 50)), [attacker]);
  assert.equal(await sources('scan: "ping-flood"', ping(1000, 200)), []);
  assert.equal(await sources('scan: "ping-flood", rate: 4', ping(1000, 200)), [attacker]);
  assert.equal(await sources('scan: "ping-flood"', ping(99, 1)), []);
});

test("smurf: broadcast addresses by name", async () => {
  const ping = (to: string): readonly Row[] => [
    { at: 0, to, proto: "icmp", fromPort: 8, port: 0, history: "", state: "OTH", packets: 9, duration: 1 },
  ];
  assert.equal(await sources('scan: "smurf"', ping("162.212.157.255")), [attacker]);
  assert.equal(await sources('scan: "smurf"', ping("162.212.157.127")), []);
  const named = 'scan: "smurf", broadcast: ["162.212.157.127"]';
  assert.equal(await sources(named, ping("162.212.157.127")), [attacker]);
  assert.equal(await sources(named, ping("162.212.157.255")), []);
});

test("traceroutePorts: a range of one's own", async () => {
  const probes = rows(20, (index) => ({ at: index, port: 30_000 + index, proto: "udp", history: "D" }));
  const range = "traceroutePorts: [30000, 30100]";
  assert.equal(await sources('scan: "udp"', probes), [attacker]);
  assert.equal(await sources(`scan: "udp", ${range}`, probes), []);
  assert.equal(await sources(`scan: "traceroute", ${range}`, probes), [attacker]);
});

const wrong: readonly (readonly [string, string, string, string])[] = [
  ["no such preset", 'scan: JSON.parse("\\"syn\\"")', "bundle/shape", "scan"],
  ["a threshold of 0", 'scan: "slow", threshold: 0', "bundle/number", "threshold"],
  ["no length of time", 'scan: "slow", window: JSON.parse("\\"6 hours\\"")', "bundle/duration", "window"],
  ["a darknet of nothing", 'scan: "darknet", networks: []', "bundle/number", "networks"],
  ["a network that is none", 'scan: "darknet", networks: ["example.com"]', "bundle/network", "networks"],
  ["ports in the wrong order", 'scan: "udp", traceroutePorts: [9, 1]', "bundle/shape", "traceroutePorts"],
  ["a rate of 0", 'scan: "ping-flood", rate: 0', "bundle/number", "rate"],
  ["a rule that is none", 'scan: "slow", rule: JSON.parse("7")', "bundle/shape", "rule"],
  ["a level that is none", 'scan: "slow", rule: { level: JSON.parse("17") }', "bundle/level", "level"],
  ["who the sources are", 'scan: "slow", from: JSON.parse("\\"abroad\\"")', "bundle/shape", "from"],
  [
    "a message without end",
    'scan: "slow", notice: { message: () => "x".repeat(2000) }',
    "bundle/text",
    "message",
  ],
  [
    "a condition that Zeek cannot have",
    'scan: "slow", where: (c) => c.uid.normalize() === ""',
    "EXPRESSION-UNSUPPORTED",
    "normalize",
  ],
];

const bundle = (detection: string, more = "") => `import { defineBundle, pf } from "zopf";
export default defineBundle({
  name: "catalogue",
  zeek: { logs: "/zeek/logs", site: "/zeek/site" },
  ossec: { home: "/var/ossec" },
  detections: [{ kind: "scan", name: "Found",
    ${detection} }],
  ${more}
});
export const used = pf;
`;

for (const [title, detection, code, word] of wrong)
  test(`told at its place: ${title}`, async () => {
    const place = workspace().write("bundle.zopf.ts", bundle(detection));
    const { diagnostics } = await place.build();
    const found = diagnostics.find((diagnostic) => diagnostic.code === code);
    assert.ok(found, diagnostics.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`).join("\n"));
    assert.is(found?.line, 7, word);
    assert.is(place.read("generated"), null);
  });

test("what names the victim cannot feed a block", async () => {
  const block = `firewall: pf({ table: "t" }), neverBlock: ["192.0.2.1"],
  responses: [{ kind: "block", when: { detection: "Found" }, for: "10 min" }],`;
  const { diagnostics } = await workspace().write("bundle.zopf.ts", bundle('scan: "smurf"', block)).build();
  assert.ok(diagnostics.some(({ code }) => code === "bundle/innocent"));
});

test("every preset has its numbers and words", () => {
  for (const { about, protection, limits, defaults, message, description } of presets) {
    for (const text of [about, protection, limits, defaults.source]) assert.ok(text.length > 10);
    assert.match(message, /\{source\}/);
    assert.match(description, /^Zeek: /);
  }
});

test.run();
