import type { ZeekValue } from "../model/expression.js";
import type { ZeekDetectionModel } from "../model/model.js";
import type { ZeekClock } from "../zeek/tables/clock.js";
import type { Expiry } from "../zeek/tables/expiring-table.js";
import { createSlotTable } from "../zeek/tables/slot-table.js";
import type { Keys } from "./keys.js";
import { addAmount, clearSlidingSum, createSlidingSum } from "./sliding-sum.js";
import {
  addValue,
  clearValues,
  clearValueTimes,
  createValues,
  createValueTimes,
  dropOlder,
  put,
} from "./value-times.js";

/** The count at which it fires, "refused" where a new key finds the table full, undefined otherwise. */
export type Outcome = number | "refused" | undefined;

/** Told of a key (a number of `Keys`) that leaves the table without having fired. */
export type Gone = (key: number, best: number, bestTime: number) => void;

/** Told whenever a new key finds the table full, before any makes room for it. */
export type Full = (now: number) => void;

/** Those that hold keys while a table has them. */
export type KeyHolding = Pick<Keys<never>, "hold" | "release">;

/** The emitted script's table and event: the same accesses in the same order (docs/reference/zeek.md#refreshing-a-stamp). */
export interface Counter {
  /**
   * Counts one event of a key.
   *
   * @param key a number of `Keys`
   * @param value the counted value or the amount; not looked at where events are counted
   */
  observe(key: number, value: ZeekValue, now: number): Outcome;
  /** Keys followed at the moment. */
  size(): number;
  /** Tells `gone` of every key still followed. */
  finish(): void;
}

/** How one kind of count works inside an entry of the table. */
interface Counting<Counts> {
  create(): Counts;
  /** Makes them those of a new key. */
  clear(counts: Counts): void;
  /** Adds the event. The count if it is worth looking at: above `best`, or enough; else NaN. */
  add(counts: Counts, value: ZeekValue, now: number, best: number): number;
  readonly expiry: Expiry;
  /** Seconds. */
  readonly timeout: number;
  /** True where every event assigns to the entry, which restarts `&write_expire`. */
  readonly assigns: boolean;
  /** How far a key has come; null: keys with little make no room for others. */
  readonly progress: ((counts: Counts, now: number) => number) | null;
}

/** A look for keys that may be forgotten is not repeated that soon where it has found few. */
const secondsBetweenLooks = 60;

/** A sliding window's entries are only collected once they are surely out of it: stamps are cut to seconds. */
const slidingSlack = 1;

const expiries = { fixed: "create", writeExpire: "write", readExpire: "read" } as const;

export function createCounter(
  detection: ZeekDetectionModel,
  clock: ZeekClock,
  keys: KeyHolding,
  gone: Gone,
  full: Full,
): Counter {
  const { count, window } = detection;
  const sliding = window.kind === "sliding";
  const table = sliding
    ? { expiry: "write" as const, timeout: window.seconds + slidingSlack, assigns: true }
    : { expiry: expiries[window.kind], timeout: window.seconds, assigns: count.kind !== "distinct" };
  switch (count.kind) {
    case "distinct":
      return sliding
        ? follow(detection, clock, keys, gone, full, { ...table, ...slidingValues(detection) })
        : follow(detection, clock, keys, gone, full, { ...table, ...values });
    case "events":
      return sliding
        ? follow(detection, clock, keys, gone, full, { ...table, ...slidingEvents(detection) })
        : follow(detection, clock, keys, gone, full, {
            ...table,
            ...numbers(
              () => 1,
              ({ n }) => n,
            ),
          });
    case "sum":
      return sliding
        ? follow(detection, clock, keys, gone, full, { ...table, ...slidingSums(detection) })
        : follow(detection, clock, keys, gone, full, { ...table, ...numbers(amountOf, null) });
    default:
      return count satisfies never;
  }
}

type Inner<Counts> = Pick<Counting<Counts>, "create" | "clear" | "add" | "progress">;

const values: Inner<ReturnType<typeof createValues>> = {
  create: createValues,
  clear: clearValues,
  add: addValue,
  progress: ({ size }) => size,
};

function slidingValues({
  threshold,
  window,
}: ZeekDetectionModel): Inner<ReturnType<typeof createValueTimes>> {
  return {
    create: createValueTimes,
    clear: clearValueTimes,
    add(seen, value, now, best) {
      put(seen, value, now);
      const most = seen.size;
      if (most <= best && most < threshold) return Number.NaN;
      dropOlder(seen, now, window.seconds);
      return seen.size;
    },
    progress(seen, now) {
      dropOlder(seen, now, window.seconds);
      return seen.size;
    },
  };
}

function slidingEvents({ threshold, window }: ZeekDetectionModel): Inner<{ times: number[] }> {
  return {
    create: () => ({ times: [] }),
    clear(counts) {
      counts.times = [];
    },
    add(counts, _, now, best) {
      counts.times.push(now);
      if (counts.times.length > 2 * threshold) counts.times = counts.times.slice(-threshold);
      const { times } = counts;
      const nth = times[times.length - threshold];
      if (nth !== undefined && now - nth < window.seconds) return threshold;
      return times.length > best ? within(times, now, window.seconds) : Number.NaN;
    },
    progress: ({ times }, now) => within(times, now, window.seconds),
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
    clear: clearSlidingSum,
    add: (sum, value, now) => addAmount(sum, amountOf(value), now, window.seconds, caps.members),
    progress: null,
  };
}

function numbers(
  amount: (value: ZeekValue) => number,
  progress: ((counts: { readonly n: number }) => number) | null,
): Inner<{ n: number }> {
  return {
    create: () => ({ n: 0 }),
    clear(counts) {
      counts.n = 0;
    },
    add(counts, value) {
      counts.n += amount(value);
      return counts.n;
    },
    progress,
  };
}

function follow<Counts>(
  detection: ZeekDetectionModel,
  clock: ZeekClock,
  keys: KeyHolding,
  gone: Gone,
  full: Full,
  counting: Counting<Counts>,
): Counter {
  const { threshold, caps } = detection;
  const { expiry } = counting;
  const reach = thresholdFor(detection);
  // What belongs to an entry, by its slot.
  const counts: Counts[] = [];
  const best: number[] = [];
  const bestTime: number[] = [];
  const madeAs: number[] = [];
  let made = 0;
  const leave = (slot: number, key: number): void => gone(key, best[slot] ?? 0, bestTime[slot] ?? 0);
  const table = createSlotTable(clock, {
    expiry,
    timeout: counting.timeout,
    onExpired(slot, key) {
      leave(slot, key);
      keys.release(key);
    },
  });
  // `t[k]` is a read, `t[k] = v` a write.
  const refreshes = expiry === "read" || (expiry === "write" && counting.assigns);
  const open = (key: number, now: number): number => {
    const slot = table.add(key);
    keys.hold(key);
    const known = counts[slot];
    if (known === undefined) counts[slot] = counting.create();
    else counting.clear(known);
    best[slot] = 0;
    bestTime[slot] = now;
    madeAs[slot] = made++;
    return slot;
  };
  const { progress } = counting;
  let crowdedUntil = 0;
  const forget = (least: number, now: number): void => {
    if (progress === null) return;
    const few = [...table.slots()].filter((slot) => {
      const own = counts[slot];
      return own !== undefined && progress(own, now) < least;
    });
    for (const slot of few) {
      const key = table.keyOf(slot);
      leave(slot, key);
      table.delete(slot);
      keys.release(key);
    }
  };
  /** The script's function of that name: keys with the least go, level by level. */
  const makeRoom = (now: number): boolean => {
    full(now);
    if (progress === null) return false;
    const half = Math.floor(caps.keys / 2);
    if (now >= crowdedUntil) {
      for (let least = 2; table.size() > half && least <= reach; least *= 2) forget(least, now);
      if (table.size() > half) crowdedUntil = now + secondsBetweenLooks;
    }
    return table.size() < caps.keys;
  };
  return {
    observe(key, value, now) {
      let slot = table.find(key);
      if (slot < 0) {
        if (table.size() >= caps.keys && !makeRoom(now)) return "refused";
        slot = open(key, now);
      } else if (refreshes) table.refresh(slot);
      const own = counts[slot];
      if (own === undefined) return undefined;
      const most = best[slot] ?? 0;
      const n = counting.add(own, value, now, most);
      if (n >= reach) {
        table.delete(slot);
        keys.release(key);
        return n;
      }
      if (n > most && n < threshold) {
        best[slot] = n;
        bestTime[slot] = now;
      }
      return undefined;
    },
    size: () => table.size(),
    finish() {
      const inOrder = [...table.slots()].sort((a, b) => (madeAs[a] ?? 0) - (madeAs[b] ?? 0));
      for (const slot of inOrder) leave(slot, table.keyOf(slot));
    },
  };
}

/** The threshold as the script's constant: whole for counts and ints. */
function thresholdFor({ count, threshold }: ZeekDetectionModel): number {
  const fractional =
    count.kind === "sum" && (count.of.type.kind === "double" || count.of.type.kind === "interval");
  return fractional ? threshold : Math.ceil(threshold);
}
