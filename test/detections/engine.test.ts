import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine, type DetectionEngine, type DetectionOutput } from "../../src/detections/index.js";
import { addAmount, createSlidingSum } from "../../src/detections/sliding-sum.js";
import type { ZeekValue } from "../../src/model/expression.js";
import type { NoticeLog, ZeekDetectionModel } from "../../src/model/model.js";
import { effectiveLocalNets } from "../../src/zeek/values/local-nets.js";
import { makePort } from "../../src/zeek/values/port.js";
import {
  addr,
  count,
  field,
  hitCount,
  hitKey,
  message,
  origH,
  pairScan,
  port,
  portScanS0,
  respP,
} from "../targets/zeek/models.js";

const dedicated: NoticeLog = {
  kind: "dedicated",
  path: "zopf_perimeter",
  filter: "zopf-perimeter",
  file: "/var/log/zeek/current/zopf_perimeter.log",
  key: null,
  source: "src",
};

interface Probe {
  readonly time: number;
  readonly source: string;
  readonly target: string;
  readonly port: number;
  readonly bytes: number;
  readonly history: string;
}

const start = 1_781_175_600;

const probe = (time: number, number: number, more: Partial<Probe> = {}): Probe => ({
  time: start + time,
  source: "66.132.172.191",
  target: "162.212.157.188",
  port: makePort("tcp", number),
  bytes: number,
  history: "S",
  ...more,
});

const fields: Readonly<Record<string, (row: Probe) => ZeekValue>> = {
  id$orig_h: (row) => row.source,
  id$resp_h: (row) => row.target,
  id$resp_p: (row) => row.port,
  conn: () => true,
  conn$conn_state: () => "S0",
  conn$orig_bytes: (row) => row.bytes,
  history: (row) => row.history,
};

function run(
  detections: readonly ZeekDetectionModel[],
  probes: readonly Probe[],
  noticeLog: NoticeLog = dedicated,
): { readonly outputs: readonly DetectionOutput[]; readonly engine: DetectionEngine<Probe> } {
  const outputs: DetectionOutput[] = [];
  const engine = createEngine<Probe>({
    detections,
    noticeLog,
    readerOf: () => (_, path) => fields[path.join("$")] ?? (() => undefined),
    localNets: effectiveLocalNets(),
    emit: (output) => outputs.push(output),
  });
  for (const row of probes) {
    engine.packet(row.time);
    for (const event of engine.events) engine.event(event, row);
  }
  return { outputs, engine };
}

const times = (
  outputs: readonly DetectionOutput[],
  kind: DetectionOutput["kind"] = "notice",
): readonly number[] => outputs.flatMap((output) => (output.kind === kind ? [output.time - start] : []));

const at = (...seconds: readonly number[]): readonly Probe[] =>
  seconds.map((time, index) => probe(time, index + 1));

test("chain.md: lone SYNs at 0, 1, 2, 3 and 50 s make one notice", () => {
  assert.equal(times(run([portScanS0], at(0, 1, 2, 3, 50)).outputs), [50]);
});

test("chain.md: at 0 to 3 and 65 s, or 20 s apart, none", () => {
  assert.equal(times(run([portScanS0], at(0, 1, 2, 3, 65)).outputs), []);
  assert.equal(times(run([portScanS0], at(0, 20, 40, 60, 80, 100, 120)).outputs), []);
});

test("a sliding window loses nothing to the whole-second stamps of the table", () => {
  // Written at 10.9 the stamp is 10; with a timeout of exactly the window the tick at 70.5 would take it.
  const early = [0, 10.5, 10.6, 10.7, 10.9].map((time, index) => probe(time, index === 0 ? 1 : index));
  const late = [20.4, 30.4, 40.4, 50.4, 60.4, 70.45].map((time) =>
    probe(time, 99, { source: "66.132.172.5" }),
  );
  const last = probe(70.49, 77);
  assert.equal(
    times(run([portScanS0], [...early, ...late, last]).outputs),
    [70.49].map((t) => start + t - start),
  );
});

test("the line is the one that chain.md shows", () => {
  const probes = [0, 0, 0, 0, 0].map((_, index) => ({ ...probe(0, index), time: 1781175601.393801 }));
  const [first] = run([portScanS0], probes).outputs;
  assert.is(
    first?.kind === "notice" ? first.line : "",
    '{"ts":1781175601.393801,"note":"Perimeter::Port_Scan_S0_Detected","msg":"IP 66.132.172.191 suspected of scanning: ' +
      '5 distinct ports in S0 state (no response) in less than a minute","src":"66.132.172.191"}',
  );
});

test("turned connections are left out unless the detection keeps them", () => {
  const turned = at(0, 1, 2, 3, 4).map((row) => ({ ...row, history: "^d" }));
  assert.equal(times(run([portScanS0], turned).outputs), []);
  assert.equal(times(run([{ ...portScanS0, ignoreFlipped: false }], turned).outputs), [4]);
});

test("a hit that stays quiet leaves no row; after the suppression both come again", () => {
  const scan = { ...pairScan, threshold: 3, suppress: 20 };
  const probes = Array.from({ length: 60 }, (_, second) => probe(second, second));
  const { outputs, engine } = run([scan], probes);
  // Suppressed until the first tick at or after 2 + 20 s: ticks are at 0, 10, 20, 30.
  assert.equal(times(outputs), [2, 32]);
  assert.equal(times(outputs, "row"), [2, 32]);
  assert.is(engine.summaries()[0]?.hits, 20);
  assert.is(engine.summaries()[0]?.suppressed, 18);
});

test("suppress 0: every hit is told", () => {
  const probes = Array.from({ length: 9 }, (_, second) => probe(second, second));
  assert.equal(times(run([{ ...pairScan, threshold: 3, suppress: 0 }], probes).outputs), [2, 5, 8]);
});

test("a full table forgets the keys with the least, says so once a window, and follows those that come far", () => {
  const capped = { ...portScanS0, caps: { keys: 10, members: 5 } };
  const flood = Array.from({ length: 5_000 }, (_, index) =>
    probe(index / 50, 1, { source: `66.1.${index >> 8}.${index & 255}` }),
  );
  const scanner = [0.001, 0.003, 0.005, 0.007, 0.009].map((time, index) =>
    probe(time, index, { source: "66.132.172.191" }),
  );
  const later = [50.001, 50.003, 55, 60, 65].map((time, index) =>
    probe(time, index, { source: "66.132.172.192" }),
  );
  const probes = [...flood, ...scanner, ...later].sort((a, b) => a.time - b.time);
  const { outputs, engine } = run([capped], probes);
  assert.equal(
    times(outputs),
    [0.009, 65].map((t) => start + t - start),
  );
  assert.equal(outputs.flatMap((output) => (output.kind === "capacity" ? [output.line] : [])).slice(0, 1), [
    '{"ts":1781175600.2,"note":"Perimeter::Port_Scan_S0_Detected_Capacity","msg":"Port_Scan_S0_Detected follows 10 keys, as many as it may: those with the least are forgotten"}',
  ]);
  const told = times(outputs, "capacity");
  assert.is(told.length, 2);
  assert.ok((told[1] ?? 0) - (told[0] ?? 0) >= 60);
  assert.is(engine.summaries()[0]?.refused, 0);
});

test("where all keys of a full table have come far, new ones are refused", () => {
  const capped = { ...portScanS0, threshold: 2, caps: { keys: 10, members: 5 } };
  const sum = {
    ...capped,
    count: { kind: "sum", of: { type: count, expression: field(count, "c", "conn", "orig_bytes") } },
    threshold: 1_000_000,
  } as const;
  const flood = Array.from({ length: 100 }, (_, index) =>
    probe(index / 50, 1, { source: `66.1.0.${index}` }),
  );
  assert.is(run([capped], flood).engine.summaries()[0]?.refused, 0);
  assert.is(run([sum], flood).engine.summaries()[0]?.refused, 90);
});

test("near misses: the closest first, without those that fired", () => {
  const slow = [0, 1, 2].map((time) => probe(time, time, { source: "66.132.172.3" }));
  const slower = [0, 1].map((time) => probe(time, time, { source: "66.132.172.2" }));
  const probes = [...slow, ...slower, ...at(3, 4, 5, 6, 7, 8)].sort((a, b) => a.time - b.time);
  const { engine } = run([portScanS0], probes);
  assert.equal(
    engine.nearMisses().map((near) => [near.source, near.count, near.threshold, near.time - start]),
    [
      ["66.132.172.3", 3, 5, 2],
      ["66.132.172.2", 2, 5, 1],
    ],
  );
});

test("detections that share guards do not disturb each other", () => {
  const twice = [portScanS0, { ...portScanS0, name: "B", note: "Perimeter::B", threshold: 3 }];
  const { outputs } = run(twice, at(0, 1, 2, 3, 4));
  assert.equal(
    outputs.map((output) => [output.detection, output.time - start]),
    [
      ["B", 2],
      ["Port_Scan_S0_Detected", 4],
    ],
  );
});

/** Fires as the definition says: at least `threshold` within any window since the last hit, looked up naively. */
function naive(
  probes: readonly Probe[],
  window: number,
  threshold: number,
  measure: (inWindow: readonly Probe[]) => number,
): readonly number[] {
  const since = new Map<string, Probe[]>();
  const fired: number[] = [];
  for (const row of probes) {
    const all = since.get(row.source) ?? [];
    since.set(row.source, all);
    all.push(row);
    if (measure(all.filter(({ time }) => row.time - time < window)) < threshold) continue;
    fired.push(row.time - start);
    since.delete(row.source);
  }
  return fired;
}

const probesOf = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 200_000 })),
      number: fc.integer({ min: 1, max: 9 }),
      source: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let milliseconds = 0;
    return steps.map(({ gap, number, source }) => {
      milliseconds += gap % 30_000;
      return probe(milliseconds / 1000, number, { source: `66.132.172.${source}` });
    });
  });

const sliding = (more: Partial<ZeekDetectionModel>): ZeekDetectionModel => ({
  ...portScanS0,
  suppress: 0,
  ...more,
});

test("sliding, different values: as the definition says", () => {
  fc.assert(
    fc.property(
      probesOf,
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(1, 7, 20, 60),
      (probes, threshold, seconds) => {
        const detection = sliding({ threshold, window: { kind: "sliding", seconds } });
        const distinct = (rows: readonly Probe[]): number => new Set(rows.map((row) => row.port)).size;
        assert.equal(times(run([detection], probes).outputs), naive(probes, seconds, threshold, distinct));
      },
    ),
    { numRuns: 300 },
  );
});

test("sliding, events: as the definition says", () => {
  fc.assert(
    fc.property(
      probesOf,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(1, 7, 20, 60),
      (probes, threshold, seconds) => {
        const detection = sliding({
          count: { kind: "events" },
          threshold,
          window: { kind: "sliding", seconds },
        });
        assert.equal(
          times(run([detection], probes).outputs),
          naive(probes, seconds, threshold, (rows) => rows.length),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const bytes = field(count, "c", "conn", "orig_bytes");
const summed = (rows: readonly Probe[]): number => rows.reduce((sum, row) => sum + row.bytes, 0);

test("sliding, sums: as the definition says while there are members enough", () => {
  fc.assert(
    fc.property(
      probesOf,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1, 7, 20, 60),
      (probes, threshold, seconds) => {
        const detection = sliding({
          count: { kind: "sum", of: { type: count, expression: bytes } },
          threshold,
          window: { kind: "sliding", seconds },
          caps: { keys: 100, members: 200 },
        });
        assert.equal(times(run([detection], probes).outputs), naive(probes, seconds, threshold, summed));
      },
    ),
    { numRuns: 300 },
  );
});

test("sliding sums with few members: bounded, never too much, too little by a small stretch at most", () => {
  const amounts = fc.array(fc.record({ gap: fc.nat({ max: 3_000 }), amount: fc.nat({ max: 100 }) }), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 2, max: 12 }), (steps, members) => {
      const window = 20;
      const slack = (window * 2) / (members + 1);
      const sum = createSlidingSum();
      const all: { time: number; amount: number }[] = [];
      const exact = (now: number, length: number): number =>
        all.reduce((total, { time, amount }) => (now - time < length ? total + amount : total), 0);
      let now = 0;
      for (const { gap, amount } of steps) {
        now += gap / 1000;
        all.push({ time: now, amount });
        const total = addAmount(sum, amount, now, window, members);
        assert.ok(sum.times.length <= 2 * members, "bounded");
        assert.ok(total <= exact(now, window), "never too much");
        assert.ok(total >= exact(now, window - slack), "only what is nearly too old may be missing");
      }
    }),
    { numRuns: 300 },
  );
});

test("fixed windows: from a key's first event to a tick after its end", () => {
  const fixed = sliding({ window: { kind: "fixed", seconds: 60 }, threshold: 3 });
  const clock = Array.from({ length: 100 }, (_, second) =>
    probe(second, 1, { source: "66.132.172.9", history: "^d" }),
  );
  const with3 = (third: number): readonly number[] =>
    times(
      run(
        [fixed],
        [...clock, ...at(5, 6, third)].sort((a, b) => a.time - b.time),
      ).outputs,
    );
  // Stamp 5 + 60 < 70: the tick at 70 takes the entry before the events of its packet.
  assert.equal(with3(69.5), [69.5]);
  assert.equal(with3(70), []);
});

test("tuples of values and keys with blanks in them do not run into each other", () => {
  const text = message("%s %s", hitKey(), hitCount());
  const pairs = sliding({
    count: {
      kind: "distinct",
      of: [
        { type: addr, expression: field(addr, "c", "id", "resp_h") },
        { type: port, expression: respP },
      ],
    },
    key: [{ type: addr, expression: origH }],
    threshold: 3,
    message: text,
  });
  const rows = [probe(0, 1), probe(1, 1, { target: "162.212.157.189" }), probe(2, 1), probe(3, 2)];
  assert.equal(times(run([pairs], rows).outputs), [3]);
});

test.run();
