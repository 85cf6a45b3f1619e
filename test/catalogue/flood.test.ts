/** A flood of invented sources against a slow scan: the table of the long window is full, and the scan is found. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileDetections } from "./catalogue.js";
import { attacker, firedOn, host, type Row, rows } from "./traffic.js";

const slow = (keys: number) =>
  compileDetections(`{ kind: "scan", scan: "slow", name: "Slow_Scan", caps: { keys: ${keys} } }`);

/** One SYN each five minutes, as `nmap -T0` sends them, to 30 ports: the threshold. */
const scan = (from: number): readonly Row[] =>
  rows(30, (index) => ({ at: from + index * 300, port: 1 + index, fromPort: 45_000 + index }));

/** Sources that nobody is at, with so many probes each, within ten seconds. */
const flood = (sources: number, probes: number, at: number): readonly Row[] =>
  rows(sources * probes, (index) => {
    const source = Math.floor(index / probes);
    return {
      at: at + (10 * index) / (sources * probes),
      from: `64.${source >> 16}.${(source >> 8) & 255}.${source & 255}`,
      fromPort: 40_000,
      to: host(index % 200),
      port: 80 + (index % probes),
    };
  });

test("100,000 invented sources silence no slow scan, neither one that has begun nor one that begins", async () => {
  const model = await slow(100_000);
  for (const at of [0, 4000]) {
    const fired = await firedOn(model, [...flood(110_000, 1, at), ...scan(60)]);
    assert.equal(
      fired.map(({ source, message }) => `${source}: ${message}`),
      [`${attacker}: ${attacker} probed 30 ports and hosts over hours`],
      String(at),
    );
  }
});

test("nor do fewer that send more, up to half of the threshold each, against one that has come further", async () => {
  const model = await slow(500);
  for (const probes of [2, 5, 14]) {
    const fired = await firedOn(model, [...flood(2000, probes, 6000), ...scan(0)]);
    assert.equal([...new Set(fired.map(({ source }) => source))], [attacker], String(probes));
  }
});

test("floods again and again", async () => {
  const model = await slow(500);
  const floods = Array.from({ length: 40 }, (_, turn) => flood(2000, 1, 1000 + turn * 200)).flat();
  const fired = await firedOn(model, [...floods, ...scan(0)]);
  assert.equal([...new Set(fired.map(({ source }) => source))], [attacker]);
});

test.run();
