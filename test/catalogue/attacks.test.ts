/** Scanners that try to get by, and innocents that look like scanners: all presets at once, with their defaults. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { oracle, repository } from "../zeek/helpers.js";
import { compile, example, type Fired, replayed } from "./catalogue.js";
import { firedOn, type Row, rows, target } from "./traffic.js";

const model = await compile(example);
const pair = await compile(join(repository, "examples", "zeek-pair-scan", "scanning.zopf.ts"));

/** Forty connections to the target, or as many as `ports` has. */
interface Traffic {
  readonly history: string;
  readonly state?: string;
  readonly from: string;
  /** The port of the first one and how much higher the next one's is. */
  readonly fromPort: readonly [number, number];
  readonly ports: readonly [number, number] | readonly number[];
  readonly many?: number;
  readonly proto?: "tcp" | "udp";
  readonly packets?: number;
  readonly to?: string;
}

function rowsOf({
  from,
  fromPort,
  ports,
  many = 40,
  history,
  state = "S0",
  ...more
}: Traffic): readonly Row[] {
  const count = ports.length === 2 ? many : ports.length;
  return rows(count, (index) => ({
    at: index / 10,
    from,
    fromPort: fromPort[0] + fromPort[1] * index,
    port: ports.length === 2 ? (ports[0] ?? 0) + (ports[1] ?? 0) * index : (ports[index] ?? 0),
    history,
    state,
    to: target,
    ...more,
  }));
}

const each: readonly [number, number] = [45_000, 1];
const server: readonly [number, number] = [61_000, 0];
const idle = [22, 80, 443, 993, 5222, 8443];

/** As the real Zeek logged them (../shared/oracle/zeek/live/attacks). */
const innocents: Readonly<Record<string, Traffic>> = {
  "SYN-ACK backscatter": {
    from: "70.0.1.1",
    fromPort: [9999, 0],
    ports: [1000, 100],
    history: "H",
    state: "OTH",
  },
  "RST backscatter": { from: "70.0.1.3", fromPort: server, ports: [1000, 100], history: "R", state: "OTH" },
  "a server's data, one way": {
    from: "70.0.2.1",
    fromPort: server,
    ports: [33_000, 100],
    history: "D",
    state: "OTH",
  },
  "a server's ACKs, one way": {
    from: "70.0.2.2",
    fromPort: server,
    ports: [33_000, 100],
    history: "A",
    state: "OTH",
  },
  "a server's late FINs": {
    from: "70.0.2.3",
    fromPort: server,
    ports: [33_000, 100],
    history: "F",
    state: "SH",
  },
  "a client's data, from the middle on": {
    from: "70.0.2.4",
    fromPort: each,
    ports: [2000, 1],
    history: "Dd",
    state: "OTH",
  },
  "keep-alives of idle connections": {
    from: "70.0.2.5",
    fromPort: each,
    ports: idle,
    history: "Ar",
    state: "RSTRH",
  },
  "late FINs of idle connections": {
    from: "70.0.2.6",
    fromPort: each,
    ports: idle,
    history: "Fr",
    state: "RSTR",
  },
  "a UDP server heard one way": {
    from: "70.0.4.1",
    fromPort: [50_000, 0],
    ports: [33_600, 1],
    proto: "udp",
    history: "D",
  },
};

/** Presets that must find the scanner, at least. */
const scanners: Readonly<Record<string, readonly [Traffic, readonly string[]]>> = {
  "SYN with data, closed": [
    { from: "66.9.0.2", fromPort: each, ports: [1100, 1], history: "STr", state: "REJ" },
    ["Rejected_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN with data, filtered": [
    { from: "66.9.0.3", fromPort: each, ports: [1100, 1], history: "ST" },
    ["Half_Open_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN and its own RST, closed": [
    { from: "66.9.0.4", fromPort: each, ports: [1100, 1], history: "SRr", state: "REJ", packets: 2 },
    ["Rejected_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN and its own RST, filtered": [
    { from: "66.9.0.5", fromPort: each, ports: [1100, 1], history: "SR", state: "RSTOS0", packets: 2 },
    ["Half_Open_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN and its own RST, open": [
    { from: "66.9.0.5", fromPort: each, ports: [1100, 1], history: "SRhR", state: "RSTO", packets: 2 },
    ["Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN and blind data, filtered": [
    { from: "66.9.0.11", fromPort: each, ports: [1100, 1], history: "SD", packets: 2 },
    ["Half_Open_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "SYN and blind data, closed": [
    { from: "66.9.0.11", fromPort: each, ports: [1100, 1], history: "SDr", state: "REJ", packets: 2 },
    ["Rejected_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
  "UDP, silent": [
    { from: "66.9.0.8", fromPort: [45_000, 0], ports: [1100, 1], proto: "udp", history: "D" },
    ["Udp_Scan", "Any_State_Scan"],
  ],
  "SYN from port 53": [
    { from: "66.9.0.7", fromPort: [53, 0], ports: [1100, 1], history: "S" },
    ["Half_Open_Scan", "Connect_Scan", "Random_Scan", "Slow_Scan", "Any_State_Scan"],
  ],
};

const named = (fired: readonly Fired[]): readonly string[] =>
  [...new Set(fired.map(({ detection, source }) => `${detection} ${source}`))].sort();

for (const [title, traffic] of Object.entries(innocents))
  test(`not named: ${title}`, async () => {
    assert.equal(named(await firedOn(model, rowsOf(traffic))), []);
    assert.equal(named(await firedOn(pair, rowsOf(traffic))), []);
  });

for (const [title, [traffic, by]] of Object.entries(scanners))
  test(`named: ${title}`, async () => {
    const found = new Set((await firedOn(model, rowsOf(traffic))).map(({ detection }) => detection));
    for (const detection of by) assert.ok(found.has(detection), detection);
  });

test("first touches of a darknet, as Zeek 9.1 has them once they are looked up", async () => {
  const touch = (from: string, row: Partial<Row>): readonly Row[] =>
    rows(4, (index) => ({ at: index, from, to: `162.212.158.${index}`, fromPort: 45_000, ...row }));
  const fired = await firedOn(model, [
    ...touch("66.50.0.1", { proto: "udp", port: 1900, history: "D" }),
    ...touch("66.50.0.2", { fromPort: 53, port: 445 }),
    ...touch("66.50.0.3", { port: 445 }),
    ...touch("66.50.0.4", { fromPort: 2000, port: 3389 }),
    ...touch("66.50.0.5", { proto: "icmp", fromPort: 8, port: 0, history: "", state: "OTH" }),
    ...touch("66.50.0.6", { port: 443, history: "D", state: "OTH" }),
    ...touch("66.50.0.7", { proto: "udp", port: 161, history: "D" }),
    ...touch("66.50.0.8", { port: 443, history: "H", state: "OTH" }),
  ]);
  assert.equal(
    named(fired),
    [1, 2, 3, 4, 5, 7].map((last) => `Darknet_Touch 66.50.0.${last}`),
  );
});

const recorded = join(oracle, "live", "attacks");
if (!existsSync(recorded)) console.log("skipped: ../shared/oracle/zeek/live/attacks is not there");
else
  test("the recorded attacks: every innocent unnamed, every scanner found that is not turned", async () => {
    const names: unknown = JSON.parse(readFileSync(join(recorded, "names.json"), "utf8"));
    if (typeof names !== "object" || names === null) throw new Error("names.json");
    const conn = join(recorded, "conn.log");
    const found = new Set((await replayed(model, conn)).map(({ source }) => source));
    const byPair = new Set((await replayed(pair, conn)).map(({ source }) => source));
    for (const source of [...found, ...byPair]) assert.match(source, /^66\./);
    // From ports 53: Zeek takes the scanned host for the originator.
    const turned = ["66.9.0.9", "66.9.0.10"];
    const scanning = Object.keys(names).filter((source) => source.startsWith("66."));
    assert.equal(
      scanning.filter((source) => !found.has(source)),
      turned,
    );
  });

test.run();
