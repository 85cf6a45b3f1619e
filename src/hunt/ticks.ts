import { laterPackets, openingPacket } from "../zeek/connections/events.js";
import type { PacketSink, ReorderWindow } from "../zeek/connections/queue.js";
import { packetFrom, type Train } from "../zeek/connections/trains.js";

/** Seconds between two ticks of a table, `table_expire_interval`. */
const tickInterval = 10;
/** What a calculation with times may be wrong by, in shares of an interval. */
const inexact = 1e-6;
/** Flows with packets nearer to each other (s) are asked for one when it is needed; others are remembered packet by packet. */
const dense = 1e-3;

/**
 * The moments at which Zeek's tables tick, of all rows of the logs: those that are not fetched are packets, too, and
 * drive the clock. A tick comes at the first packet ten seconds after the one before it; which packets count is what
 * the replay's queue says (src/zeek/connections/queue.ts): all that a row tells of, but those before the window.
 * test/hunt/ticks.test.ts holds the two against each other.
 *
 * Rows come in the order of writing and tell of packets up to a window (ten minutes) before. Until it is over, a tick
 * is only known to be no later than the ones that follow from the packets so far: more packets make ticks earlier,
 * never later. It is also known to be no earlier than ten seconds a tick behind the last that is settled. Nearly all
 * packets lie outside of those bounds and are not remembered.
 *
 * Fed to a replay as its recorded packets, the ticks and the times of the events that it plays, which are packets as
 * well, give the same ticks again.
 */
export class Ticks implements PacketSink {
  readonly #window: ReorderWindow;
  /** Ticks: `#settled` of them, and behind them those that earlier packets may yet move. */
  #times: Float64Array;
  #count: number;
  #settled: number;
  /** The earliest time that the first tick which is not settled can have. */
  #least = Number.NaN;
  /** Log time has come so far; packets before `#late` come too late. */
  #now = Number.NEGATIVE_INFINITY;
  #late = Number.NEGATIVE_INFINITY;
  /** Packets that a tick may yet be at, by their second. */
  readonly #seconds = new Map<number, number[]>();
  #oldest = Number.NEGATIVE_INFINITY;
  /** Packets of times to which the log has not come: a connection may be written before its last packet. */
  #ahead: number[] = [];
  #trainsAhead: Train[] = [];
  #aheadFrom = Number.POSITIVE_INFINITY;
  #dense: Train[] = [];
  /** The latest packet that was looked at. */
  #seen = Number.NEGATIVE_INFINITY;

  #aheadMost = 0;

  /** @param known ticks that are known: only rows with packets from ten seconds after the last one on are needed then */
  constructor(window: ReorderWindow, known: Float64Array = new Float64Array(0)) {
    this.#window = window;
    this.#times = new Float64Array(known.length + 1024);
    this.#times.set(known);
    this.#count = known.length;
    this.#settled = known.length;
    const last = known.at(-1);
    if (last !== undefined) this.#least = last + tickInterval;
  }

  /** Seconds that a row was written before its last packet, at the most. */
  get ahead(): number {
    return this.#aheadMost;
  }

  /** A row of conn.log. Rows of all logs come in the order of writing; times in seconds. */
  connection(written: number, ts: number, last: number, packets: number): void {
    this.#reached(written);
    if (last - written > this.#aheadMost) this.#aheadMost = last - written;
    openingPacket(this, ts, written, this.#window);
    if (last > ts) laterPackets(this, ts, last, packets);
    this.packet(written);
  }

  /** A row of another log. */
  record(written: number): void {
    this.#reached(written);
    this.packet(written);
  }

  /** @param end the trace's last packet; null: a running Zeek's logs */
  finish(end: number | null): Float64Array {
    this.#fromAhead(Number.POSITIVE_INFINITY);
    this.#now = Number.POSITIVE_INFINITY;
    this.#followOn(this.#settled, this.#now);
    let count = this.#count;
    if (end !== null) {
      // What comes after the end comes at the end, but in seconds that are over.
      const isAfter = (time: number): boolean => time > end && Math.floor(time) + 1 > this.#late;
      while (count > 0 && isAfter(this.#times[count - 1] ?? end)) count--;
      const before = count === 0 ? Number.NEGATIVE_INFINITY : (this.#times[count - 1] ?? end);
      if (end >= before + tickInterval) {
        this.#set(count, end);
        count++;
      }
    }
    return this.#times.subarray(0, count);
  }

  packet(time: number): void {
    // Also what is no number.
    if (!(time >= this.#late)) return;
    if (time > this.#now) this.#later(time);
    else this.#see(time);
  }

  steady(first: number, last: number, gap: number): void {
    if (!(gap > 0 && last >= this.#late && Number.isFinite(last))) return;
    const train = { first, last, gap, from: this.#late };
    if (gap < dense) {
      this.#dense.push(train);
      const begin = Math.max(first, this.#least);
      let tick = Math.min(this.#count, Math.max(this.#settled, this.#lastBefore(begin)));
      while (tick > this.#settled && begin < (this.#times[tick - 1] ?? 0)) tick--;
      this.#followOn(tick, last);
      return;
    }
    this.#follow(train, this.#late, this.#now);
    if (last > this.#now) this.#trainLater(train);
  }

  #reached(time: number): void {
    const late = time - this.#window.seconds;
    // Once a second is often enough, as long as nothing is settled before.
    if (Math.floor(time) > this.#aheadFrom || late > this.#aheadFrom) this.#fromAhead(time);
    if (time > this.#now) this.#now = time;
    if (!(late > this.#late)) return;
    this.#late = late;
    if (Number.isNaN(this.#least)) this.#least = late;
    if (this.#settled < this.#count && (this.#times[this.#settled] ?? late) <= late) this.#settle();
  }

  /** Ticks that no packet to come can be before. */
  #settle(): void {
    while (this.#settled < this.#count && (this.#times[this.#settled] ?? 0) <= this.#late)
      this.#least = (this.#times[this.#settled++] ?? 0) + tickInterval;
    const oldest = Math.floor(this.#late);
    if (oldest - this.#oldest > this.#seconds.size)
      for (const second of this.#seconds.keys()) {
        if (second < oldest) this.#seconds.delete(second);
      }
    else for (let second = this.#oldest; second < oldest; second++) this.#seconds.delete(second);
    this.#oldest = oldest;
    if (this.#dense.length > 0) this.#dense = this.#dense.filter(({ last }) => last >= this.#least);
  }

  #later(time: number): void {
    if (!Number.isFinite(time)) return;
    this.#ahead.push(time);
    if (time < this.#aheadFrom) this.#aheadFrom = time;
  }

  /** Looks at the packets up to a time, to which the log has come: a second at a time, as they would have come. */
  #fromAhead(until: number): void {
    while (this.#aheadFrom < until) {
      const now = Math.min(until, Math.floor(this.#aheadFrom) + 1);
      const [packets, trains] = [this.#ahead, this.#trainsAhead];
      this.#ahead = [];
      this.#trainsAhead = [];
      this.#aheadFrom = Number.POSITIVE_INFINITY;
      this.#now = now;
      for (const time of packets) {
        if (time > now) this.#later(time);
        else this.#see(time);
      }
      for (const train of trains) {
        this.#follow(train, train.from, now);
        if (train.last > now) this.#trainLater(train);
      }
    }
  }

  #trainLater(train: Train): void {
    this.#trainsAhead.push({ ...train, from: this.#now });
    if (this.#now < this.#aheadFrom) this.#aheadFrom = this.#now;
  }

  /** The last tick that could be at a time or before it. */
  #lastBefore(time: number): number {
    return this.#settled + Math.floor((time - this.#least) / tickInterval + inexact);
  }

  /** Packets of a flow from one time to another, as far as a tick may be at them. */
  #follow(train: Train, from: number, to: number): void {
    let asked = Math.max(from, this.#least);
    for (;;) {
      const time = packetFrom(train, asked);
      if (!(time <= to)) return;
      const tick = this.#lastBefore(time);
      asked = time + train.gap / 2;
      if (tick >= this.#count || time < (this.#times[tick] ?? 0)) this.#see(time);
      else {
        const next = this.#least + (tick + 1 - this.#settled - inexact) * tickInterval;
        if (next > asked) asked = next;
      }
    }
  }

  /** A packet of a time to which the log has come. */
  #see(time: number): void {
    if (time < this.#least) return;
    if (time > this.#seen) this.#seen = time;
    const last = this.#lastBefore(time);
    if (last < this.#count && time >= (this.#times[last] ?? 0)) return;
    const second = Math.floor(time);
    const known = this.#seconds.get(second);
    if (known === undefined) this.#seconds.set(second, [time]);
    else known.push(time);
    let tick = Math.min(last, this.#count);
    while (tick > this.#settled && time < this.#dueOf(tick)) tick--;
    if (time >= this.#dueOf(tick) && !(tick < this.#count && time >= (this.#times[tick] ?? 0)))
      this.#followOn(tick, time);
  }

  #dueOf(tick: number): number {
    return tick === 0 ? this.#least : (this.#times[tick - 1] ?? 0) + tickInterval;
  }

  #set(tick: number, time: number): void {
    if (tick === this.#times.length) {
      const wider = new Float64Array(2 * tick);
      wider.set(this.#times);
      this.#times = wider;
    }
    this.#times[tick] = time;
    if (tick >= this.#count) this.#count = tick + 1;
  }

  /** Works ticks out again: from one on, at least up to a time, and further as long as they change. */
  #followOn(from: number, until: number): void {
    for (let tick = from; ; tick++) {
      const due = this.#dueOf(tick);
      // Times so large that ten seconds more are the same number.
      if (tick > 0 && !(due > (this.#times[tick - 1] ?? 0))) return;
      const before = tick < this.#count ? (this.#times[tick] ?? 0) : Number.POSITIVE_INFINITY;
      const time = this.#firstFrom(due, before);
      if (time < before) this.#set(tick, time);
      else if (before >= until) return;
    }
  }

  /** The earliest packet at or after a time, of those before `known`; that if there is none. */
  #firstFrom(due: number, known: number): number {
    let earliest = known;
    for (const train of this.#dense) {
      const time = packetFrom(train, due);
      if (time < earliest && time <= this.#now) earliest = time;
    }
    const end = Math.min(earliest, this.#seen);
    const begin = Math.floor(due);
    // A row whose time is 0 is decades away from the others.
    if (end - begin > this.#seconds.size) {
      for (const [second, times] of this.#seconds)
        if (second >= begin) for (const time of times) if (time >= due && time < earliest) earliest = time;
      return earliest;
    }
    for (let second = begin; second <= end; second++) {
      let first = earliest;
      for (const time of this.#seconds.get(second) ?? []) if (time >= due && time < first) first = time;
      if (first < earliest) return first;
    }
    return earliest;
  }
}
