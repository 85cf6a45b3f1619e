/** Ticks of all rows are those of the replay's own queue. */
import "../seed.js";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Ticks } from "../../src/hunt/ticks.js";
import { laterPackets, openingPacket } from "../../src/zeek/connections/events.js";
import { createEventQueue } from "../../src/zeek/connections/queue.js";
import { createClock } from "../../src/zeek/tables/clock.js";

const test = suite("hunt: when tables tick");

interface Row {
  readonly written: number;
  /** Null: a row of another log. */
  readonly ts: number | null;
  readonly last: number;
  readonly packets: number;
}

/** A table of the replay, and its queue. */
function byQueue(rows: readonly Row[], seconds: number, end: number | null): readonly number[] {
  const clock = createClock();
  const window = { seconds, events: 1_000_000 };
  const queue = createEventQueue(clock, { window, width: 0 }, () => undefined);
  const ticks: number[] = [];
  let due = Number.NEGATIVE_INFINITY;
  clock.register({
    due: () => due,
    run: (now) => {
      due = now + 10;
      ticks.push(now);
    },
  });
  for (const { written, ts, last, packets } of rows) {
    queue.reached(written);
    if (ts !== null) {
      openingPacket(queue, ts, written, window);
      if (last > ts) laterPackets(queue, ts, last, packets);
    }
    queue.packet(written);
  }
  queue.flush(end ?? undefined);
  return ticks;
}

function byTicks(rows: readonly Row[], seconds: number, end: number | null): readonly number[] {
  const ticks = new Ticks({ seconds, events: 1_000_000 });
  for (const { written, ts, last, packets } of rows)
    if (ts === null) ticks.record(written);
    else ticks.connection(written, ts, last, packets);
  return [...ticks.finish(end)];
}

/** Log time from row to row, how long before it was written a row began, how long it lasted, its packets. */
const rowArbitrary = (most: number) =>
  fc.record({
    step: fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: most, noNaN: true }),
      fc.integer({ min: 0, max: 10 }),
      fc.oneof({ arbitrary: fc.constant(0), weight: 30 }, fc.constantFrom(100, 700, 5000)),
    ),
    before: fc.oneof(
      fc.double({ min: 0, max: 30, noNaN: true }),
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.integer({ min: 0, max: 700 }),
      fc.constant(null),
    ),
    lasts: fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 5, noNaN: true }),
      fc.double({ min: 8, max: 400, noNaN: true }),
      fc.integer({ min: 8, max: 700 }),
    ),
    isAhead: fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.constant(true)),
    packets: fc.oneof(
      fc.constantFrom(0, 1, 2, 3, 12),
      fc.integer({ min: 0, max: 3000 }),
      fc.constant(4_000_000),
    ),
  });

const microsecond = (time: number): number => Math.round(time * 1e6) / 1e6;

const logArbitrary = fc
  .constantFrom(0.05, 0.5, 3, 20)
  .chain((most) => fc.array(rowArbitrary(most), { maxLength: 400, size: "max" }))
  .map((steps) => {
    let written = 1_700_000_000;
    return steps.map(({ step, before, lasts, isAhead, packets }): Row => {
      written = microsecond(written + step);
      const ts = before === null ? null : microsecond(written - before);
      const last = (ts ?? written) + (isAhead ? lasts : Math.min(lasts, before ?? 0));
      return { written, ts, last: microsecond(last), packets };
    });
  });

test("random logs: the ticks of the replay's queue", () => {
  let ticks = 0;
  fc.assert(
    fc.property(
      logArbitrary,
      fc.constantFrom(600, 600, 0, 0.5, 5, 60, 3600),
      fc.boolean(),
      (rows, seconds, isLive) => {
        const ends = rows.map(({ ts, last, written }) => (ts === null ? written : last));
        const end = isLive || rows.length === 0 ? null : Math.max(...ends);
        const expected = byQueue(rows, seconds, end);
        assert.equal(byTicks(rows, seconds, end), expected);
        ticks += expected.length;
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 100) },
  );
  assert.ok(ticks > 300, `${ticks} ticks`);
});

test("a busy log: thousands of connections, flows, and a pause", () => {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const rows: Row[] = [];
  let written = 1_700_000_000;
  for (let i = 0; i < 60_000; i++) {
    written += i === 30_000 ? 40_000 : random() * 0.1;
    const before = random() < 0.1 ? random() * 700 : 5 + random() * 60;
    const ts = microsecond(written - before);
    const last = microsecond(ts + (random() < 0.2 ? Math.max(0, before - 5) : random()));
    rows.push({ written: microsecond(written), ts, last, packets: Math.floor(random() ** 4 * 100_000) });
  }
  for (const seconds of [600, 30]) {
    const expected = byQueue(rows, seconds, null);
    assert.ok(expected.length > 250);
    assert.equal(byTicks(rows, seconds, null), expected);
  }
});

test("more rows than an earlier hunt knew: what it knew is not worked out again", () => {
  let known = 0;
  fc.assert(
    fc.property(
      logArbitrary,
      fc.constantFrom(600, 60, 5),
      fc.double({ min: 0, max: 1 }),
      (rows, seconds, share) => {
        const window = { seconds, events: 1_000_000 };
        const split = Math.floor(rows.length * share);
        const add = (ticks: Ticks, some: readonly Row[]): void => {
          for (const { written, ts, last, packets } of some)
            if (ts === null) ticks.record(written);
            else ticks.connection(written, ts, last, packets);
        };
        const before = new Ticks(window);
        add(before, rows.slice(0, split));
        const until = (rows[split]?.written ?? Number.POSITIVE_INFINITY) - seconds;
        const left = before.finish(null).filter((tick) => tick < until);
        const again = new Ticks(window, left);
        const from = (left.at(-1) ?? Number.NEGATIVE_INFINITY) - before.ahead;
        add(
          again,
          rows.filter(({ written }) => written >= from),
        );
        assert.equal([...again.finish(null)], byQueue(rows, seconds, null));
        known += left.length;
      },
    ),
    { numRuns: 100 },
  );
  assert.ok(known > 0, `${known} ticks were known`);
});

test.run();
