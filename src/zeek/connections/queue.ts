import type { ZeekClock } from "../tables/clock.js";

/**
 * Puts events that come out of order into the order of their times, within a window, and drives the
 * clock by the packet times in between. Memory is bounded by the window.
 */
export interface ReorderWindow {
  /** Log time that an event may come late; 600 s. */
  readonly seconds: number;
  /** Events held back at most; 1,000,000. */
  readonly events: number;
}

export const DEFAULT_WINDOW: ReorderWindow = { seconds: 600, events: 1_000_000 };

/**
 * Order of events at one packet (spec/zeek.md 1, 2.6): removals that its timers cause, then what it
 * opens itself; removals at the end of a trace come after everything.
 */
export type Rank = 0 | 1 | 2;

export interface Queued<E> {
  time: number;
  rank: Rank;
  /** When it would have happened had the trace gone on; after the trace's end it is a final removal. */
  readonly natural: number;
  readonly event: E;
  /** Set by the queue. */
  readonly late?: boolean;
}

export interface EventQueue<E> {
  /** Adds an event. False when its time has passed already: it was delivered at once. */
  push(item: Queued<E>): boolean;
  /** A packet without an event of its own. */
  packet(time: number): void;
  /** Packets at even gaps from `first` to `last`: a steady flow, which is a clock of its own. */
  steady(first: number, last: number, gap: number): void;
  /** Says that no event before `time` minus the window is expected any more. */
  reached(time: number): void;
  /** Delivers the rest. `end`: the trace ends there and nothing can be later (offline). */
  flush(end?: number): void;
}

interface Train {
  readonly first: number;
  readonly last: number;
  readonly gap: number;
}

/** Steady flows that are remembered; more would not make a busy log's clock any finer. */
const MOST_TRAINS = 64;

/** Events held back even when their time has come, so that long rows can still tell the clock. */
const HELD_FOR_CLOCK = 20_000;

interface Bin<E> {
  events: Queued<E>[];
  packets: number[];
}

const isBefore = <E>(a: Queued<E>, b: Queued<E>) => a.time < b.time || (a.time === b.time && a.rank < b.rank);

function inOrder<E>(events: Queued<E>[]): Queued<E>[] {
  for (let i = 1; i < events.length; i++) {
    const [a, b] = [events[i - 1], events[i]];
    if (a !== undefined && b !== undefined && isBefore(b, a)) {
      return events.sort((x, y) => x.time - y.time || x.rank - y.rank);
    }
  }
  return events;
}

/** The earliest packet at or after `from`; Infinity when there is none. */
function firstPacket<E>(bin: Bin<E>, from: number): number {
  let first = Number.POSITIVE_INFINITY;
  for (const time of bin.packets) if (time >= from && time < first) first = time;
  return first;
}

/** The earliest packet of the steady flows at or after `from`. */
function firstOfTrains(trains: readonly Train[], from: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { first, last, gap } of trains) {
    if (last < from) continue;
    const time = from <= first ? first : first + Math.ceil((from - first) / gap) * gap;
    if (time <= last && time < earliest) earliest = time;
  }
  return earliest;
}

/** Ascending numbers without repetition: the seconds for which there is a bin. */
function createSeconds() {
  const heap: number[] = [];
  return {
    smallest: () => heap[0],
    add(second: number) {
      let i = heap.length;
      heap.push(second);
      while (i > 0) {
        const parent = (i - 1) >> 1;
        const above = heap[parent] ?? 0;
        if (above <= second) break;
        heap[i] = above;
        i = parent;
      }
      heap[i] = second;
    },
    removeSmallest() {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? 0)) child++;
        const value = heap[child] ?? 0;
        if (value >= last) break;
        heap[i] = value;
        i = child;
      }
      heap[i] = last;
    },
  };
}

/**
 * @param deliver gets every event once, in order, with the clock at its time and all table ticks of
 *   the packets up to it done.
 */
export function createEventQueue<E>(
  clock: ZeekClock,
  window: ReorderWindow,
  deliver: (event: E, late: boolean) => void,
): EventQueue<E> {
  const bins = new Map<number, Bin<E>>();
  const seconds = createSeconds();
  let held = 0;
  /** Everything before this second has been delivered. */
  let released = Number.NEGATIVE_INFINITY;
  /** Events before this time are late. */
  let mark = Number.NEGATIVE_INFINITY;
  let trains: Train[] = [];
  let lastSecond = Number.NaN;
  let lastBin: Bin<E> | undefined;

  const binAt = (second: number): Bin<E> => {
    if (second === lastSecond && lastBin !== undefined) return lastBin;
    let bin = bins.get(second);
    if (bin === undefined) {
      bin = { events: [], packets: [] };
      bins.set(second, bin);
      seconds.add(second);
    }
    lastSecond = second;
    lastBin = bin;
    return bin;
  };

  /** Runs the ticks due up to `time`, each at the packet at which Zeek would run it. */
  const tickUntil = (bin: Bin<E>, time: number): void => {
    while (clock.nextDue() <= time) {
      const due = clock.nextDue();
      const packet = Math.min(firstPacket(bin, due), firstOfTrains(trains, due));
      if (packet > time) break;
      clock.advance(packet);
    }
  };

  const releaseFirst = (): void => {
    const second = seconds.smallest();
    const bin = second === undefined ? undefined : bins.get(second);
    if (second === undefined || bin === undefined) return;
    seconds.removeSmallest();
    bins.delete(second);
    lastBin = undefined;
    lastSecond = Number.NaN;
    released = second + 1;
    held -= bin.events.length;
    for (const { time, event, late } of inOrder(bin.events)) {
      tickUntil(bin, time);
      clock.advance(time);
      deliver(event, late === true);
    }
    tickUntil(bin, second + 1);
  };

  /** The trace ends: what was to happen later happens now, in its order, after everything else. */
  const clampTo = (end: number): void => {
    const last = Math.max(Math.floor(end), released);
    const later: Queued<E>[] = [];
    for (const [second, bin] of [...bins].sort((a, b) => a[0] - b[0])) {
      if (second < last) continue;
      const events = inOrder(bin.events);
      bin.events = [];
      for (const item of events) {
        const isFinal = item.time > end || (item.time === end && item.rank === 0 && item.natural > end);
        (isFinal ? later : bin.events).push(item);
      }
      bin.packets = bin.packets.filter((time) => time <= end);
    }
    if (later.length === 0) return;
    const bin = binAt(last);
    for (const item of later) bin.events.push({ ...item, time: end, rank: 2 });
    bin.packets.push(end);
  };

  return {
    push(item) {
      const isLate = item.time < mark;
      const time = isLate ? mark : item.time;
      const second = Math.floor(time);
      if (second < released || !Number.isFinite(second)) {
        deliver(item.event, true);
        return false;
      }
      const bin = binAt(second);
      bin.events.push(isLate ? { ...item, time, late: true } : item);
      bin.packets.push(time);
      held++;
      if (held > window.events) releaseFirst();
      return !isLate;
    },
    packet(time) {
      const second = Math.floor(time);
      if (second >= released && time >= clock.nextDue() && Number.isFinite(second)) binAt(second).packets.push(time);
    },
    steady(first, last, gap) {
      if (!(gap > 0) || last < released || clock.nextDue() > last) return;
      if (trains.length >= MOST_TRAINS) trains = trains.filter((train) => train.last >= released);
      if (trains.length < MOST_TRAINS) trains.push({ first, last, gap });
    },
    reached(time) {
      mark = Math.max(mark, time - window.seconds);
      while (held > HELD_FOR_CLOCK) {
        const second = seconds.smallest();
        if (second === undefined || second + 1 > mark) return;
        releaseFirst();
      }
    },
    flush(end) {
      if (end !== undefined) clampTo(end);
      while (seconds.smallest() !== undefined) releaseFirst();
      if (end !== undefined) clock.advance(end);
    },
  };
}
