import type { ZeekClock } from "./clock.js";
import type { Expiry } from "./expiring-table.js";

export interface SlotTableOptions {
  readonly expiry: Expiry;
  /** Seconds. */
  readonly timeout: number;
  /** Told of an entry that a tick has just removed; its slot is free for the next one afterwards. */
  readonly onExpired: (slot: number, key: number) => void;
  /** `table_expire_interval`, 10 s. */
  readonly tickInterval?: number;
  /** `table_incremental_step`, 5,000 entries. */
  readonly step?: number;
  /** `table_expire_delay`, 0.01 s. */
  readonly stepDelay?: number;
}

/**
 * An expiring table (see {@link ExpiringTable}) without `&expire_func` whose keys are small whole numbers, for
 * millions of accesses: entries are slots of a few typed arrays, and nothing is left to the garbage collector.
 * What belongs to an entry the owner keeps by its slot.
 */
export interface SlotTable {
  /** The entry's slot; -1 where there is none. No access in Zeek's sense. */
  find(key: number): number;
  /** Makes the entry of an absent key. */
  add(key: number): number;
  /** Restarts the entry's time, as the access of the table's attribute does. */
  refresh(slot: number): void;
  delete(slot: number): void;
  size(): number;
  /** Key of a slot in use. */
  keyOf(slot: number): number;
  /** Slots in use. */
  slots(): Iterable<number>;
}

const NONE = -1;
const FIRST_SIZE = 64;

const wider = <A extends Int32Array | Float64Array>(into: A, from: A): A => {
  into.set(from);
  return into;
};

export function createSlotTable(clock: ZeekClock, options: SlotTableOptions): SlotTable {
  const { timeout, onExpired } = options;
  const tickInterval = options.tickInterval ?? 10;
  const step = options.step ?? 5000;
  const stepDelay = options.stepDelay ?? 0.01;

  /** Slot of a key, plus one. */
  let slotOf = new Int32Array(FIRST_SIZE);
  let keys = new Int32Array(FIRST_SIZE);
  /** Whole seconds since the first packet. */
  let stamps = new Float64Array(FIRST_SIZE);
  // A list in the order of stamps.
  let before = new Int32Array(FIRST_SIZE);
  let after = new Int32Array(FIRST_SIZE);
  let oldest = NONE;
  let newest = NONE;
  const free: number[] = [];
  let used = 0;
  let size = 0;
  let due = Number.NEGATIVE_INFINITY;
  /** Entries that the round of this tick has still to look at. */
  let left = 0;

  const append = (slot: number): void => {
    before[slot] = newest;
    after[slot] = NONE;
    if (newest === NONE) oldest = slot;
    else after[newest] = slot;
    newest = slot;
  };
  const unlink = (slot: number): void => {
    const earlier = before[slot] ?? NONE;
    const later = after[slot] ?? NONE;
    if (earlier === NONE) oldest = later;
    else after[earlier] = later;
    if (later === NONE) newest = earlier;
    else before[later] = earlier;
  };
  const stampNow = (): number => {
    const start = clock.start();
    return start === undefined ? 0 : Math.floor(clock.now() - start);
  };
  const discard = (slot: number): void => {
    unlink(slot);
    slotOf[keys[slot] ?? 0] = 0;
    free.push(slot);
    size--;
  };
  const grow = (): void => {
    const length = keys.length * 2;
    keys = wider(new Int32Array(length), keys);
    stamps = wider(new Float64Array(length), stamps);
    before = wider(new Int32Array(length), before);
    after = wider(new Int32Array(length), after);
  };

  clock.register({
    due: () => due,
    run: (now) => {
      if (left <= 0) left = size;
      const start = clock.start() ?? now;
      for (let looked = 0; oldest !== NONE && looked < step; looked++) {
        const slot = oldest;
        // A negative timeout switches expiry off.
        if (timeout < 0 || !(start + (stamps[slot] ?? 0) + timeout < now)) break;
        const key = keys[slot] ?? 0;
        discard(slot);
        onExpired(slot, key);
      }
      left -= step;
      due = now + (left > 0 ? stepDelay : tickInterval);
    },
  });

  return {
    find: (key) => (slotOf[key] ?? 0) - 1,
    add(key) {
      let slot = free.pop();
      if (slot === undefined) {
        if (used === keys.length) grow();
        slot = used++;
      }
      if (key >= slotOf.length) slotOf = wider(new Int32Array(Math.max(key + 1, slotOf.length * 2)), slotOf);
      slotOf[key] = slot + 1;
      keys[slot] = key;
      stamps[slot] = stampNow();
      append(slot);
      size++;
      return slot;
    },
    refresh(slot) {
      const stamp = stampNow();
      if (stamps[slot] === stamp) return;
      stamps[slot] = stamp;
      if (slot === newest) return;
      unlink(slot);
      append(slot);
    },
    delete: discard,
    size: () => size,
    keyOf: (slot) => keys[slot] ?? 0,
    *slots() {
      for (let slot = oldest; slot !== NONE; slot = after[slot] ?? NONE) yield slot;
    },
  };
}
