import type { ZeekValue } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import type { ZeekClock } from "../../zeek/tables/clock.js";
import { createExpiringTable, type Expiry } from "../../zeek/tables/expiring-table.js";
import { addAmount, createSlidingSum } from "./sliding-sum.js";
import { addValue, createValues, createValueTimes, dropOlder, put } from "./value-times.js";

/** A key as a table's index: the value of a single part, or one text for the parts of a tuple. */
export type TableKey = string | number | boolean;

/** The count at which it fires, "refused" where a new key finds the table full, undefined otherwise. */
export type Outcome = number | "refused" | undefined;

/** Told of a key that leaves the table without having fired. */
export type Gone = (parts: readonly ZeekValue[], best: number, bestTime: number) => void;

/** The emitted script's table and event: the same accesses in the same order (spec/zeek.md 2.2). */
export interface Counter {
  /**
   * Counts one event of a key.
   *
   * @param parts makes the parts of the key; called once for a new key
   * @param value the counted value or the amount; not looked at where events are counted
   */
  observe(key: TableKey, parts: () => readonly ZeekValue[], value: ZeekValue, now: number): Outcome;
  /** Keys followed at the moment. */
  size(): number;
  /** Tells `gone` of every key still followed. */
  finish(): void;
}

interface Followed<Counts> {
  readonly parts: readonly ZeekValue[];
  readonly counts: Counts;
  best: number;
  bestTime: number;
}

/** How one kind of count works inside an entry of the table. */
interface Counting<Counts> {
  create(): Counts;
  /** Adds the event. The count if it is worth looking at: above `best`, or enough; else NaN. */
  add(counts: Counts, value: ZeekValue, now: number, best: number): number;
  readonly expiry: Expiry;
  /** Seconds. */
  readonly timeout: number;
  /** True where every event assigns to the entry, which restarts `&write_expire`. */
  readonly assigns: boolean;
}

/** A sliding window's entries are only collected once they are surely out of it: stamps are cut to seconds. */
const slidingSlack = 1;

const expiries = { fixed: "create", writeExpire: "write", readExpire: "read" } as const;

export function createCounter(detection: ZeekDetectionModel, clock: ZeekClock, gone: Gone): Counter {
  const { count, window } = detection;
  const sliding = window.kind === "sliding";
  const table = sliding
    ? { expiry: "write" as const, timeout: window.seconds + slidingSlack, assigns: true }
    : { expiry: expiries[window.kind], timeout: window.seconds, assigns: count.kind !== "distinct" };
  switch (count.kind) {
    case "distinct":
      return sliding
        ? follow(detection, clock, gone, { ...table, ...slidingValues(detection) })
        : follow(detection, clock, gone, { ...table, ...values });
    case "events":
      return sliding
        ? follow(detection, clock, gone, { ...table, ...slidingEvents(detection) })
        : follow(detection, clock, gone, { ...table, ...numbers(() => 1) });
    case "sum":
      return sliding
        ? follow(detection, clock, gone, { ...table, ...slidingSums(detection) })
        : follow(detection, clock, gone, { ...table, ...numbers(amountOf) });
    default:
      return count satisfies never;
  }
}

type Inner<Counts> = Pick<Counting<Counts>, "create" | "add">;

const values: Inner<ReturnType<typeof createValues>> = { create: createValues, add: addValue };

function slidingValues({
  threshold,
  window,
}: ZeekDetectionModel): Inner<ReturnType<typeof createValueTimes>> {
  return {
    create: createValueTimes,
    add(seen, value, now, best) {
      put(seen, value, now);
      const most = seen.values.length;
      if (most <= best && most < threshold) return Number.NaN;
      dropOlder(seen, now, window.seconds);
      return seen.values.length;
    },
  };
}

function slidingEvents({ threshold, window }: ZeekDetectionModel): Inner<{ times: number[] }> {
  return {
    create: () => ({ times: [] }),
    add(counts, _, now, best) {
      counts.times.push(now);
      if (counts.times.length > 2 * threshold) counts.times = counts.times.slice(-threshold);
      const { times } = counts;
      const nth = times[times.length - threshold];
      if (nth !== undefined && now - nth < window.seconds) return threshold;
      return times.length > best ? within(times, now, window.seconds) : Number.NaN;
    },
  };
}

/** How many of the times, which do not fall, are younger than the window. */
function within(times: readonly number[], now: number, window: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (now - (times[middle] ?? 0) < window) high = middle;
    else low = middle + 1;
  }
  return times.length - low;
}

const amountOf = (value: ZeekValue): number => (typeof value === "number" ? value : 0);

function slidingSums({ window, caps }: ZeekDetectionModel): Inner<ReturnType<typeof createSlidingSum>> {
  return {
    create: createSlidingSum,
    add: (sum, value, now) => addAmount(sum, amountOf(value), now, window.seconds, caps.members),
  };
}

function numbers(amount: (value: ZeekValue) => number): Inner<{ n: number }> {
  return {
    create: () => ({ n: 0 }),
    add(counts, value) {
      counts.n += amount(value);
      return counts.n;
    },
  };
}

function follow<Counts>(
  detection: ZeekDetectionModel,
  clock: ZeekClock,
  gone: Gone,
  counting: Counting<Counts>,
): Counter {
  const { threshold, caps } = detection;
  const reach = thresholdFor(detection);
  const leave = ({ parts, best, bestTime }: Followed<Counts>): void => gone(parts, best, bestTime);
  const table = createExpiringTable<TableKey, Followed<Counts>>(clock, {
    expiry: counting.expiry,
    timeout: counting.timeout,
    onExpired: (_, entry) => leave(entry),
  });
  return {
    observe(key, parts, value, now) {
      let entry = table.get(key);
      if (entry === undefined) {
        if (table.size() >= caps.keys) return "refused";
        entry = { parts: parts(), counts: counting.create(), best: 0, bestTime: now };
        table.assign(key, entry);
      } else if (counting.assigns) table.assign(key, entry);
      const n = counting.add(entry.counts, value, now, entry.best);
      if (n >= reach) {
        table.delete(key);
        return n;
      }
      if (n > entry.best && n < threshold) {
        entry.best = n;
        entry.bestTime = now;
      }
      return undefined;
    },
    size: () => table.size(),
    finish() {
      for (const [, entry] of table.entries()) leave(entry);
    },
  };
}

/** The threshold as the script's constant: whole for counts and ints. */
function thresholdFor({ count, threshold }: ZeekDetectionModel): number {
  const fractional =
    count.kind === "sum" && (count.of.type.kind === "double" || count.of.type.kind === "interval");
  return fractional ? threshold : Math.ceil(threshold);
}
