import type { ZeekClock } from "./clock.js";

/** Which attribute the table has; a table has at most one (spec/zeek.md 2.1.7). */
export type Expiry = "create" | "write" | "read";

export interface ExpiringTableOptions<K, V> {
  readonly expiry: Expiry;
  /** Seconds; a function is asked again at every tick, as Zeek evaluates the expression. */
  readonly timeout: number | (() => number);
  /**
   * `&expire_func`: called while the entry is still present. 0 or less lets the entry go, x > 0 keeps
   * it until the first tick later than now + x seconds (spec/zeek.md 2.5).
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
 * decides which stamps are refreshed (spec/zeek.md 2.2). An entry past its timeout that no tick has met
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

interface Entry<V> {
  value: V;
  /** Whole seconds since the first packet. */
  stamp: number;
}

interface Renewed<K, V> {
  readonly stamp: number;
  readonly key: K;
  readonly entry: Entry<V>;
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

  // In the order of their stamps: a refreshed entry moves to the end. Entries that `expireFunc` kept
  // have stamps out of that order and stand apart.
  const ordered = new Map<K, Entry<V>>();
  const apart = new Map<K, Entry<V>>();
  const renewed: Renewed<K, V>[] = [];
  let due = Number.NEGATIVE_INFINITY;
  /** Entries that the round of this tick has still to look at. */
  let left = 0;

  // A script looks at one key several times in a row: `k !in t`, `t[k]`, `|t[k]|`.
  let lastKey: K | undefined;
  let lastEntry: Entry<V> | undefined;
  const find = (key: K): Entry<V> | undefined => {
    if (lastEntry !== undefined && key === lastKey) return lastEntry;
    lastEntry = ordered.get(key) ?? (apart.size > 0 ? apart.get(key) : undefined);
    lastKey = key;
    return lastEntry;
  };
  const size = () => ordered.size + apart.size;
  const discard = (key: K) => {
    lastEntry = undefined;
    if (!ordered.delete(key)) apart.delete(key);
  };

  const stampNow = () => {
    const start = clock.start();
    return start === undefined ? 0 : Math.floor(clock.now() - start);
  };

  const refresh = (key: K, entry: Entry<V>): void => {
    const stamp = stampNow();
    if (entry.stamp === stamp && ordered.has(key)) return;
    entry.stamp = stamp;
    discard(key);
    ordered.set(key, entry);
  };

  /** Asks `expireFunc` about an entry past its time. */
  const expire = (key: K, entry: Entry<V>, now: number, start: number, seconds: number): void => {
    const more = expireFunc === undefined ? 0 : expireFunc(key, entry.value);
    if (find(key) !== entry) return;
    discard(key);
    if (!(more > 0)) {
      onExpired?.(key, entry.value, now);
      return;
    }
    entry.stamp = Math.floor(now - start - seconds + more);
    apart.set(key, entry);
    heapPush(renewed, { stamp: entry.stamp, key, entry });
  };

  /** Lets entries past their time go, at most a step of them. */
  const expireStep = (now: number, start: number, seconds: number): void => {
    const isOver = (stamp: number) => start + stamp + seconds < now;
    let looked = 0;
    // Read first: an entry that expireFunc keeps must not be met twice in one step.
    const keptBefore: Renewed<K, V>[] = [];
    while (keptBefore.length < step) {
      const top = renewed[0];
      if (top === undefined || !isOver(top.stamp)) break;
      heapPop(renewed);
      const isCurrent = apart.get(top.key) === top.entry && top.entry.stamp === top.stamp;
      if (isCurrent) keptBefore.push(top);
    }
    for (const { key, entry } of keptBefore) {
      looked++;
      expire(key, entry, now, start, seconds);
    }
    for (const [key, entry] of ordered) {
      if (looked >= step || !isOver(entry.stamp)) break;
      looked++;
      expire(key, entry, now, start, seconds);
    }
  };

  clock.register({
    due: () => due,
    run: (now) => {
      if (left <= 0) left = size();
      const start = clock.start() ?? now;
      const seconds = currentTimeout();
      // A negative timeout switches expiry off; 0 means "older than this second".
      if (seconds >= 0 && size() > 0) expireStep(now, start, seconds);
      left -= step;
      due = now + (left > 0 ? stepDelay : tickInterval);
    },
  });

  return {
    assign(key, value) {
      const entry = find(key);
      if (entry === undefined) {
        lastEntry = { value, stamp: stampNow() };
        ordered.set(key, lastEntry);
      } else {
        entry.value = value;
        if (expiry !== "create") refresh(key, entry);
      }
    },
    has(key) {
      const entry = find(key);
      if (entry !== undefined && expiry === "read") refresh(key, entry);
      return entry !== undefined;
    },
    get(key) {
      const entry = find(key);
      if (entry !== undefined && expiry === "read") refresh(key, entry);
      return entry?.value;
    },
    peek: (key) => find(key)?.value,
    delete: discard,
    size,
    *entries() {
      for (const part of [ordered, apart]) for (const [key, entry] of part) yield [key, entry.value] as const;
    },
  };
}
