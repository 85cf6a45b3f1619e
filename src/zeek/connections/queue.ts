import type { LogValue } from "../logs/types.js";
import type { ZeekClock } from "../tables/clock.js";
import { type Bin, createBins } from "./bins.js";
import { type Arrival, createPending } from "./pending.js";
import { createTrains } from "./trains.js";

/**
 * Puts events that come out of order into the order of their times, within a window, and drives the
 * clock by the packet times in between. Memory is bounded by the window.
 *
 * When tables tick depends on the log alone, not on which of its events somebody wants: every packet that a row
 * tells of counts, unless the row came later than the window allows. That is what lets `zopf hunt` find the ticks
 * of rows that it does not fetch (src/hunt/ticks.ts).
 */
export interface ReorderWindow {
  /** Log time that an event may come late; 600 s. */
  readonly seconds: number;
  /** Events held back at most; 1,000,000. */
  readonly events: number;
}

export const DEFAULT_WINDOW: ReorderWindow = { seconds: 600, events: 1_000_000 };

/** What is told of packets that no event stands for. */
export interface PacketSink {
  packet(time: number): void;
  /** Packets at even gaps from `first` to `last`: a steady flow, which is a clock of its own. */
  steady(first: number, last: number, gap: number): void;
}

export interface EventQueue extends PacketSink {
  /** Adds an event (copied). False when it comes later than the window allows: it happens when met. */
  push(arrival: Arrival): boolean;
  /** Says that log time has come to `time`: events from before the window are late from now on. */
  reached(time: number): void;
  /** Delivers the rest. `end`: the trace ends there and nothing can be later (offline). */
  flush(end?: number): void;
}

export interface QueueOptions {
  readonly window: ReorderWindow;
  /** Values an event keeps at most. */
  readonly width: number;
}

/**
 * @param deliver gets every event once, in order, with the clock at its time and all table ticks of
 *   the packets up to it done. The objects are reused.
 */
export function createEventQueue(
  clock: ZeekClock,
  options: QueueOptions,
  deliver: (event: Readonly<Arrival>, late: boolean) => void,
): EventQueue {
  const { window, width } = options;
  const pending = createPending(width);
  const bins = createBins();
  const trains = createTrains();
  const values = new Array<LogValue>(width).fill(undefined);
  const current: Arrival = {
    time: 0,
    rank: 0,
    natural: 0,
    tag: 0,
    ts: 0,
    line: 0,
    file: "",
    wantedBy: 0,
    values,
  };
  /** Everything before this second has been delivered. */
  let released = Number.NEGATIVE_INFINITY;
  /** Events before this time are late. (A property: it changes with most rows, which a variable pays for.) */
  const late = { before: Number.NEGATIVE_INFINITY };

  const compare = (a: number, b: number): number =>
    (pending.time[a] ?? 0) - (pending.time[b] ?? 0) || (pending.rank[a] ?? 0) - (pending.rank[b] ?? 0);

  const inOrder = (slots: number[]): number[] => {
    for (let i = 1; i < slots.length; i++) {
      if (compare(slots[i - 1] ?? 0, slots[i] ?? 0) > 0) return slots.sort(compare);
    }
    return slots;
  };

  /** The earliest packet of the second at or after `from`; `slots` are in order. */
  const firstPacket = (packets: readonly number[], slots: readonly number[], from: number): number => {
    let first = Number.POSITIVE_INFINITY;
    for (const time of packets) if (time >= from && time < first) first = time;
    for (const slot of slots) {
      const time = pending.time[slot] ?? 0;
      if (time >= from) return Math.min(first, time);
    }
    return first;
  };

  /** Runs the ticks due up to `time`, each at the packet at which Zeek would run it. */
  const tickUntil = (bin: Bin, slots: readonly number[], time: number): void => {
    while (clock.nextDue() <= time) {
      const due = clock.nextDue();
      const known = firstPacket(bin.packets, slots, due);
      // Flows are asked only where the second of the tick has no packet that is known for itself.
      const packet = Math.min(known, trains.firstFrom(due));
      if (packet > time) break;
      clock.advance(packet);
      // Times so large that ten seconds more are the same number.
      if (clock.nextDue() <= due) break;
    }
  };

  const releaseFirst = (): void => {
    const bin = bins.takeFirst();
    if (bin === undefined) return;
    const slots = inOrder(bin.events);
    released = bin.second + 1;
    // A slot given back keeps its time, which the clock still looks at, until another event takes it.
    for (const slot of slots) {
      const time = pending.time[slot] ?? 0;
      if (clock.nextDue() <= time) tickUntil(bin, slots, time);
      clock.advance(time);
      pending.release(slot, current, values);
      deliver(current, pending.late[slot] === 1);
    }
    if (clock.nextDue() <= released) tickUntil(bin, slots, released);
  };

  /** The trace ends: what was to happen later happens now, in its order, after everything else. */
  const clampTo = (end: number): void => {
    const last = Math.max(Math.floor(end), released);
    const later: number[] = [];
    for (const bin of bins.from(last)) {
      const slots = inOrder(bin.events);
      bin.events = [];
      for (const slot of slots) {
        const time = pending.time[slot] ?? 0;
        const isCut = time === end && pending.rank[slot] === 0 && (pending.natural[slot] ?? 0) > end;
        (time > end || isCut ? later : bin.events).push(slot);
      }
      bin.packets = bin.packets.filter((time) => time <= end);
    }
    const bin = bins.at(last);
    for (const slot of later) {
      pending.time[slot] = end;
      pending.rank[slot] = 2;
      bin.events.push(slot);
    }
  };

  return {
    push(arrival) {
      const mark = late.before;
      const isLate = arrival.time < mark;
      const second = Math.floor(isLate ? mark : arrival.time);
      if (second < released || !Number.isFinite(second)) {
        deliver(arrival, true);
        return false;
      }
      const slot = pending.take(arrival);
      if (isLate) {
        pending.time[slot] = mark;
        pending.late[slot] = 1;
      }
      bins.at(second).events.push(slot);
      if (pending.count() > window.events) releaseFirst();
      return !isLate;
    },
    packet(time) {
      const second = Math.floor(time);
      if (time < late.before || second < released || !Number.isFinite(second)) return;
      // A packet before the next tick drives nothing any more.
      if (time >= clock.nextDue()) bins.at(second).packets.push(time);
    },
    steady(first, last, gap) {
      if (gap > 0 && last >= late.before && clock.nextDue() <= last)
        trains.add({ first, last, gap, from: late.before }, released);
    },
    reached(time) {
      const mark = time - window.seconds;
      if (mark > late.before) late.before = mark;
      for (;;) {
        const second = bins.first();
        if (second === undefined || second + 1 > late.before) return;
        releaseFirst();
      }
    },
    flush(end) {
      if (end !== undefined) clampTo(end);
      while (bins.first() !== undefined) releaseFirst();
      if (end !== undefined) clock.advance(end);
    },
  };
}
