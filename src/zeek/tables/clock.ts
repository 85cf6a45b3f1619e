/**
 * Zeek's clock offline: the time of the packet in hand, which never goes back, and the timers that it
 * drives (docs/reference/zeek.md#clock and #expiry-rule). Times are epoch seconds.
 */
export interface Timer {
  /** When it is due; Infinity for never. */
  readonly due: () => number;
  /** Runs it at the packet time `now`; it sets its own next due time. */
  readonly run: (now: number) => void;
}

export interface ZeekClock {
  /** Time of the newest packet; 0 before the first, as in `zeek_init`. */
  now(): number;
  /** Time of the first packet; undefined before it. */
  start(): number | undefined;
  /** When the next timer is due: between packets before this time nothing can happen. */
  nextDue(): number;
  /** A packet at `time`: runs the timers that are due, each once, before any event of the packet. */
  advance(time: number): void;
  /** Adds a timer. */
  register(timer: Timer): void;
  /** Tells the clock that a timer's due time has changed outside its own run. */
  changed(): void;
}

export function createClock(): ZeekClock {
  const timers: Timer[] = [];
  let now = 0;
  let start: number | undefined;
  let nextDue = Number.POSITIVE_INFINITY;

  const changed = () => {
    nextDue = Number.POSITIVE_INFINITY;
    for (const timer of timers) nextDue = Math.min(nextDue, timer.due());
  };

  return {
    now: () => now,
    start: () => start,
    nextDue: () => (start === undefined ? Number.NEGATIVE_INFINITY : nextDue),
    advance(time) {
      if (Number.isNaN(time)) return;
      if (start === undefined) {
        start = time;
        now = time;
        changed();
      }
      if (time > now) now = time;
      if (now < nextDue) return;
      for (const timer of timers) if (timer.due() <= now) timer.run(now);
      changed();
    },
    register(timer) {
      timers.push(timer);
      changed();
    },
    changed,
  };
}
