import type { ZeekClock } from "./clock.js";

/** Which attribute the table has; a table has at most one (docs/reference/zeek.md#expiry-rule, rule 7). */
export type Expiry = "create" | "write" | "read";

export interface ExpiringTableOptions<K, V> {
  readonly expiry: Expiry;
  /** Seconds; a function is asked again at every tick, as Zeek evaluates the expression. */
  readonly timeout: number | (() => number);
  /**
   * `&expire_func`: called while the entry is still present. 0 or less lets the entry go, x > 0 keeps
   * it until the first tick later than now + x seconds (docs/reference/zeek.md#expire-functions).
   */
  readonly expireFunc?: (key: K, value: V) => number;
  /** Called when a tick has removed an entry; not in Zeek, for replay's "what stayed below". */
  readonly onExpired?: (key: K, value: V, now: number) => void;
  /** `table_expire_interval`, 10 s. */
  readonly tickInterval?: number;
  /** `table_incremental_step`, 5,000 entries. */
  readonly step?: number;
  /** `table_expire_delay`, 0.01 s. */
  readonly stepDelay?: number;
}

/**
 * A table or set with an expiry attribute. The methods are named after what a script does, for that
 * decides which stamps are refreshed (docs/reference/zeek.md#refreshing-a-stamp). An entry past its timeout that no tick has met
 * is fully alive.
 */
export interface ExpiringTable<K, V> {
  /** `t[k] = v`, `add s[k]`: a write, and the creation of an absent key. */
  assign(key: K, value: V): void;
  /** `k in t`: a read. */
  has(key: K): boolean;
  /** `t[k]` read, also as the outer step of `add t[k][p]`, `t[k]$f = v`, `|t[k]|`: a read. */
  get(key: K): V | undefined;
  /** The value without any access: for reports, not for detections. */
  peek(key: K): V | undefined;
  /** `delete t[k]`. */
  delete(key: K): void;
  /** `|t|`: refreshes nothing. */
  size(): number;
  /** `for ( k, v in t )`: refreshes nothing; Zeek's own order is arbitrary. */
  entries(): Iterable<readonly [K, V]>;
}

interface Entry<K, V> {
  readonly key: K;
  value: V;
  /** Whole seconds since the first packet. */
  stamp: number;
  /** Neighbours in the order of stamps; both undefined where the entry stands apart. */
  before: Entry<K, V> | undefined;
  after: Entry<K, V> | undefined;
  /** False: a stamp of `expireFunc`'s making, out of the order. */
  isOrdered: boolean;
}

interface Renewed<K, V> {
  readonly stamp: number;
  readonly entry: Entry<K, V>;
}

function heapPush<K, V>(heap: Renewed<K, V>[], item: Renewed<K, V>): void {
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || above.stamp <= item.stamp) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = item;
}

function heapPop<K, V>(heap: Renewed<K, V>[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    const left = heap[child];
    if (left === undefined) break;
    const right = heap[child + 1];
    const smaller = right !== undefined && right.stamp < left.stamp ? right : left;
    if (smaller === right) child++;
    if (smaller.stamp >= last.stamp) break;
    heap[i] = smaller;
    i = child;
  }
  heap[i] = last;
}

/**
 * Makes a table on a clock. Cost: constant an access and constant a packet while no tick is due; a
 * tick looks at the entries that go and at none besides (Zeek walks all of them, with the same effect).
 */
export function createExpiringTable<K, V>(
  clock: ZeekClock,
  options: ExpiringTableOptions<K, V>,
): ExpiringTable<K, V> {
  const { expiry, expireFunc, onExpired } = options;
  const tickInterval = options.tickInterval ?? 10;
  const step = options.step ?? 5000;
  const stepDelay = options.stepDelay ?? 0.01;
  const { timeout } = options;
  const currentTimeout = typeof timeout === "function" ? timeout : () => timeout;

  const all = new Map<K, Entry<K, V>>();
  // A list in the order of stamps: a refreshed entry moves to the end, which costs the map nothing. Entries that
  // `expireFunc` kept have stamps out of that order and are not in it.
  let oldest: Entry<K, V> | undefined;
  let newest: Entry<K, V> | undefined;
  const renewed: Renewed<K, V>[] = [];
  let due = Number.NEGATIVE_INFINITY;
  /** Entries that the round of this tick has still to look at. */
  let left = 0;

  // A script looks at one key several times in a row: `k !in t`, `t[k]`, `|t[k]|`.
  let lastEntry: Entry<K, V> | undefined;
  const find = (key: K): Entry<K, V> | undefined => {
    if (lastEntry !== undefined && key === lastEntry.key) return lastEntry;
    lastEntry = all.get(key);
    return lastEntry;
  };
  const append = (entry: Entry<K, V>): void => {
    entry.isOrdered = true;
    entry.before = newest;
    if (newest === undefined) oldest = entry;
    else newest.after = entry;
    newest = entry;
  };
  const unlink = (entry: Entry<K, V>): void => {
    if (!entry.isOrdered) return;
    const { before, after } = entry;
    if (before === undefined) oldest = after;
    else before.after = after;
    if (after === undefined) newest = before;
    else after.before = before;
    entry.before = undefined;
    entry.after = undefined;
    entry.isOrdered = false;
  };
  const discard = (entry: Entry<K, V>): void => {
    lastEntry = undefined;
    unlink(entry);
    all.delete(entry.key);
  };

  const stampNow = () => {
    const start = clock.start();
    return start === undefined ? 0 : Math.floor(clock.now() - start);
  };

  const refresh = (entry: Entry<K, V>): void => {
    const stamp = stampNow();
    if (entry.stamp === stamp && entry.isOrdered) return;
    entry.stamp = stamp;
    if (entry === newest) return;
    unlink(entry);
    append(entry);
  };

  /** Asks `expireFunc` about an entry past its time. */
  const expire = (entry: Entry<K, V>, now: number, start: number, seconds: number): void => {
    const { key } = entry;
    const more = expireFunc === undefined ? 0 : expireFunc(key, entry.value);
    if (all.get(key) !== entry) return;
    if (!(more > 0)) {
      discard(entry);
      onExpired?.(key, entry.value, now);
      return;
    }
    unlink(entry);
    entry.stamp = Math.floor(now - start - seconds + more);
    heapPush(renewed, { stamp: entry.stamp, entry });
  };

  /** Lets entries past their time go, at most a step of them. */
  const expireStep = (now: number, start: number, seconds: number): void => {
    const isOver = (stamp: number) => start + stamp + seconds < now;
    let looked = 0;
    // Read first: an entry that expireFunc keeps must not be met twice in one step.
    const keptBefore: Entry<K, V>[] = [];
    while (keptBefore.length < step) {
      const top = renewed[0];
      if (top === undefined || !isOver(top.stamp)) break;
      heapPop(renewed);
      const { entry } = top;
      if (all.get(entry.key) === entry && !entry.isOrdered && entry.stamp === top.stamp)
        keptBefore.push(entry);
    }
    for (const entry of keptBefore) {
      looked++;
      expire(entry, now, start, seconds);
    }
    while (oldest !== undefined && looked < step && isOver(oldest.stamp)) {
      const entry = oldest;
      looked++;
      expire(entry, now, start, seconds);
      // Refreshed by `expireFunc` and kept with it: it has its turn, and is no longer the oldest.
      if (entry === oldest) break;
    }
  };

  clock.register({
    due: () => due,
    run: (now) => {
      if (left <= 0) left = all.size;
      const start = clock.start() ?? now;
      const seconds = currentTimeout();
      // A negative timeout switches expiry off; 0 means "older than this second".
      if (seconds >= 0 && all.size > 0) expireStep(now, start, seconds);
      left -= step;
      due = now + (left > 0 ? stepDelay : tickInterval);
    },
  });

  return {
    assign(key, value) {
      const entry = find(key);
      if (entry === undefined) {
        const made = { key, value, stamp: stampNow(), before: undefined, after: undefined, isOrdered: false };
        all.set(key, made);
        append(made);
        lastEntry = made;
      } else {
        entry.value = value;
        if (expiry !== "create") refresh(entry);
      }
    },
    has(key) {
      const entry = find(key);
      if (entry !== undefined && expiry === "read") refresh(entry);
      return entry !== undefined;
    },
    get(key) {
      const entry = find(key);
      if (entry !== undefined && expiry === "read") refresh(entry);
      return entry?.value;
    },
    peek: (key) => find(key)?.value,
    delete(key) {
      const entry = find(key);
      if (entry !== undefined) discard(entry);
    },
    size: () => all.size,
    *entries() {
      for (const entry of all.values()) yield [entry.key, entry.value] as const;
    },
  };
}
