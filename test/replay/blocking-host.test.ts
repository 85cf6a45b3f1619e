/** A host of the replay against execd and the emitted script, with every spelling of an address. */
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from "../../src/firewall/index.js";
import type { FirewallModel, Model } from "../../src/model/model.js";
import { Execd, type ResponseRequest } from "../../src/ossec/response/index.js";
import { BlockingHost } from "../../src/replay/blocking-host.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { random } from "../firewall/generate.js";
import { blockScan, perimeter, wazuh } from "../targets/models.js";
import { sandbox } from "../targets/shells.js";

const test = suite("a host that blocks");

const line = { text: "", time: 0, location: "/var/log/scans", file: "scans", lineNumber: 1 };
const pf: FirewallModel = { kind: "pf", table: "t", log: true };
const nft: FirewallModel = { kind: "nftables", table: "n", family: "inet", log: false };

const noAlert = (): string => "{}";

type Ask = (time: number, ip: string) => ResponseRequest;

/** What the analysis asks for, with the response as the bundle's own ossec.conf has it. */
function asker(model: Model): Ask {
  const [response] = loadGenerated(model, emitOssec(model)).conf.activeResponses;
  if (response === undefined) throw new Error("no response");
  return (time, ip) => ({
    kind: "run",
    time,
    response,
    rule: 100500,
    user: "-",
    ip,
    alertId: `${time}.1`,
    location: line.location,
    filename: "-",
  });
}

function hostOf(model: Model, repeatedOffenders: readonly number[] = []): BlockingHost {
  return new BlockingHost({ model, host: null, repeatedOffenders, detectionOf: () => null });
}

function shown(event: TimelineEvent): string {
  const { kind, time, source } = event;
  const until = event.kind === "block" ? ` until ${event.until}` : "";
  return `${time} ${event.kind === "response" ? event.action : kind} ${source}${until}`;
}

test("two spellings of one address are one source and one block, which ends with the first delete", () => {
  const model = perimeter(undefined, { neverBlock: [], firewalls: [pf] });
  const host = hostOf(model);
  const request = asker(model);
  const events = [
    ...host.request(request(0, "2001:db8::66"), line, noAlert),
    ...host.request(request(300, "2001:DB8:0:0::66"), line, noAlert),
    ...host.advance(10_000),
  ];
  assert.equal(events.map(shown), [
    "0 block 2001:db8::66 until 600",
    "300 already-blocked 2001:db8::66",
    "600 unblock 2001:db8::66",
  ]);
});

test("a block that another spelling's timer will end says so", () => {
  const model = perimeter(undefined, { neverBlock: [], firewalls: [pf] });
  const host = hostOf(model);
  const request = asker(model);
  const events = [
    ...host.request(request(0, "2001:db8::66"), line, noAlert),
    ...host.request(request(300, "2001:DB8::66"), line, noAlert),
    ...host.request(request(700, "2001:db8::66"), line, noAlert),
    ...host.runOut(),
  ];
  assert.equal(events.map(shown), [
    "0 block 2001:db8::66 until 600",
    "300 already-blocked 2001:db8::66",
    "600 unblock 2001:db8::66",
    "700 block 2001:db8::66 until 900",
    "900 unblock 2001:db8::66",
  ]);
});

test("the kernel's timeout ends a block whose timer execd restarts again and again", () => {
  const model = perimeter(undefined, { neverBlock: [], firewalls: [nft] });
  const host = hostOf(model);
  const request = asker(model);
  const events: TimelineEvent[] = [];
  for (let time = 0; time <= 90_000; time += 300) {
    events.push(...host.advance(time - 1));
    events.push(...host.request(request(time, "198.51.100.7"), line, noAlert));
  }
  events.push(...host.runOut());
  // 600 s and a day after the only add.
  assert.equal(events.map(shown), ["0 block 198.51.100.7 until 600", "87000 unblock 198.51.100.7"]);
});

const sources = [
  ["198.51.100.7"],
  ["198.51.100.8"],
  ["203.0.113.77"],
  ["10.1.2.3"],
  ["2a01:4f8::66", "2A01:4F8:0:0::66", "2a01:04f8:0:0:0:0:0:0066"],
  ["2a01:4f8::67", "2A01:4f8:0000::0067"],
  ["fe80::1", "FE80:0::1"],
  ["::ffff:c633:6407", "::FFFF:c633:6407"],
  ["scanner.example", "198.051.100.7"],
];

for (const prefix of [null, { v4: 24, v6: 64 }])
  for (const escalate of [[], [1, 30]])
    test(`the timeline and the script's table agree${prefix === null ? "" : ", networks"}${escalate.length > 0 ? ", longer each time" : ""}`, () => {
      const model = perimeter(undefined, {
        firewalls: [pf],
        neverBlock: [{ network: "203.0.113.77", name: null }],
        responses: [{ ...blockScan, prefix, escalate }],
      });
      const box = sandbox(emitScript(model)[0]?.content ?? "");
      try {
        const table = path.join(box.folder, "tables", pf.table);
        mkdirSync(table);
        box.write("canonical-tables", "");
        const execd = new Execd({ repeatedOffenders: escalate, deletes: "due" });
        const host = hostOf(model, escalate);
        const request = asker(model);
        const blocked = new Set<string>();
        const next = random(11);
        let time = 0;
        for (let step = 0; step < 40; step++) {
          time += next(200);
          const spellings = sources[next(sources.length)] ?? [];
          const asked = request(time, spellings[next(spellings.length)] ?? "");
          for (const event of [...host.advance(time - 1), ...host.request(asked, line, noAlert)]) {
            const entry = ("entry" in event ? event.entry : undefined) ?? event.source ?? "";
            if (event.kind === "block") blocked.add(entry);
            if (event.kind === "unblock" && (event.heldBy ?? 0) === 0) blocked.delete(entry);
          }
          for (const call of [...execd.advance(time - 1), ...execd.request(asked)])
            if (call.kind !== "restart") box.run(["dash"], call.argv);
          assert.equal([...blocked].sort(), readdirSync(table).map(canonical).sort(), `step ${step}`);
        }
        assert.ok(blocked.size > 0);
      } finally {
        box.remove();
      }
    });

function canonical(entry: string): string {
  const text = entry.replace("_", "/");
  const address = parseAddress(text);
  if (address !== null) return formatAddress(address);
  const network = parsePrefix(text);
  return network === null ? text : formatPrefix(network);
}

test("Wazuh: a source that goes on is asked about, the answer is abort, and the time begins anew", () => {
  const model = wazuh({ neverBlock: [], firewalls: [pf] });
  const host = hostOf(model);
  const request = asker(model);
  const alert = (ip: string) => () =>
    `{"rule":{"id":"100500"},"full_log":"\\"srcip\\":\\"9.9.9.9\\"","data":{"srcip":"${ip}"}}`;
  const events = [
    ...host.request(request(0, "198.51.100.7"), line, alert("198.51.100.7")),
    ...host.request(request(300, "198.51.100.7"), line, alert("198.51.100.7")),
    ...host.request(request(400, "x y"), line, alert("x y")),
    ...host.advance(10_000),
  ];
  assert.equal(events.map(shown), [
    "0 block 198.51.100.7 until 600",
    "400 refused x y",
    "900 unblock 198.51.100.7",
  ]);
  const [block] = events;
  assert.equal(block?.kind === "block" ? block.command : null, ["add", "-", "198.51.100.7"]);
});

test.run();
