import { laterPackets, openingPacket } from "../zeek/connections/events.js";
import { createEventQueue, type ReorderWindow } from "../zeek/connections/queue.js";
import { createClock } from "../zeek/tables/clock.js";

/** Seconds between two ticks of a table, `table_expire_interval`. */
const tickInterval = 10;

/**
 * The moments at which Zeek's tables tick, of all rows of the logs: those that are not fetched are packets, too, and
 * drive the clock. It is the queue of the replay (src/zeek/connections/queue.ts) with a clock of one table.
 *
 * A tick comes at the first packet ten seconds after the one before it. Fed to a replay as its recorded packets,
 * the ticks and the times of the events that it plays, which are packets as well, give the same ticks again.
 */
export class Ticks {
  readonly #window: ReorderWindow;
  readonly #clock = createClock();
  readonly #queue;
  #due = Number.NEGATIVE_INFINITY;
  #times = new Float64Array(1024);
  #count = 0;

  constructor(window: ReorderWindow) {
    this.#window = window;
    this.#queue = createEventQueue(this.#clock, { window, width: 0 }, () => undefined);
    this.#clock.register({
      due: () => this.#due,
      run: (now) => {
        this.#due = now + tickInterval;
        if (this.#count === this.#times.length) {
          const wider = new Float64Array(2 * this.#count);
          wider.set(this.#times);
          this.#times = wider;
        }
        this.#times[this.#count++] = now;
      },
    });
  }

  /** A row of conn.log. Rows of all logs come in the order of writing; times in seconds. */
  connection(written: number, ts: number, last: number, packets: number): void {
    this.#queue.reached(written);
    openingPacket(this.#queue, ts, written, this.#window);
    if (last > ts) laterPackets(this.#queue, ts, last, packets);
    this.#queue.packet(written);
  }

  /** A row of another log. */
  record(written: number): void {
    this.#queue.reached(written);
    this.#queue.packet(written);
  }

  /** @param end the trace's last packet; null: a running Zeek's logs */
  finish(end: number | null): Float64Array {
    this.#queue.flush(end ?? undefined);
    return this.#times.subarray(0, this.#count);
  }
}
