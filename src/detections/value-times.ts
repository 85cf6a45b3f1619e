import type { ZeekValue } from "../model/expression.js";

/** Up to here a look through all values is as fast as a Map, and costs far less memory. */
const mostUnindexed = 16;

/** Different values and when each was last seen: the inner table of a distinct count. */
export interface ValueTimes {
  /** The first `size` are in use; the others are room that an entry before has left. */
  values: ZeekValue[];
  times: number[];
  size: number;
  /** Position of each value; null while they are few. */
  positions: Map<ZeekValue, number> | null;
}

export function createValueTimes(): ValueTimes {
  return { values: [], times: [], size: 0, positions: null };
}

/** Empties it for another key. Little room is kept: most keys have few values. */
export function clearValueTimes(seen: ValueTimes): void {
  seen.size = 0;
  seen.positions = null;
  if (seen.values.length <= mostUnindexed) return;
  seen.values = [];
  seen.times = [];
}

function positionOf({ values, size, positions }: ValueTimes, value: ZeekValue): number {
  if (positions !== null) return positions.get(value) ?? -1;
  for (let i = 0; i < size; i++) if (values[i] === value) return i;
  return -1;
}

const positionsOf = ({ values, size }: ValueTimes): Map<ZeekValue, number> =>
  new Map(values.slice(0, size).map((known, position) => [known, position]));

/** `seen[value] = now` */
export function put(seen: ValueTimes, value: ZeekValue, now: number): void {
  const at = positionOf(seen, value);
  if (at >= 0) {
    seen.times[at] = now;
    return;
  }
  seen.positions?.set(value, seen.size);
  seen.values[seen.size] = value;
  seen.times[seen.size] = now;
  seen.size++;
  if (seen.positions === null && seen.size > mostUnindexed) seen.positions = positionsOf(seen);
}

/** Leaves out what is not younger than the window. */
export function dropOlder(seen: ValueTimes, now: number, window: number): void {
  const { values, times, size } = seen;
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const time = times[i];
    const value = values[i];
    if (time === undefined || value === undefined || !(now - time < window)) continue;
    values[kept] = value;
    times[kept] = time;
    kept++;
  }
  if (kept === size) return;
  seen.size = kept;
  if (kept > mostUnindexed) {
    values.length = kept;
    times.length = kept;
  }
  if (seen.positions !== null) seen.positions = kept > mostUnindexed ? positionsOf(seen) : null;
}

/** Different values: the inner set of a distinct count. */
export interface Values {
  /** The first `size` are in use. */
  list: ZeekValue[];
  size: number;
  /** The same; null while they are few. */
  index: Set<ZeekValue> | null;
}

export function createValues(): Values {
  return { list: [], size: 0, index: null };
}

/** Empties it for another key. */
export function clearValues(seen: Values): void {
  seen.size = 0;
  seen.index = null;
}

/** `add seen[value]`; how many there are then. */
export function addValue(seen: Values, value: ZeekValue): number {
  const { list, size, index } = seen;
  if (index !== null) return index.add(value).size;
  for (let i = 0; i < size; i++) if (list[i] === value) return size;
  if (size === mostUnindexed) {
    seen.index = new Set(list);
    return seen.index.add(value).size;
  }
  list[size] = value;
  seen.size++;
  return seen.size;
}
