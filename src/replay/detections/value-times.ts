import type { ZeekValue } from "../../model/expression.js";

/** Up to here a look through all values is as fast as a Map, and costs far less memory. */
const mostUnindexed = 16;

/** Different values and when each was last seen: the inner table of a distinct count. */
export interface ValueTimes {
  values: ZeekValue[];
  times: number[];
  /** Position of each value; null while they are few. */
  positions: Map<ZeekValue, number> | null;
}

/** Of a key's first value: most keys have no second one, and an array that grows has room for many. */
const nothing: ZeekValue[] = [];
const never: number[] = [];

export function createValueTimes(): ValueTimes {
  return { values: nothing, times: never, positions: null };
}

/** `seen[value] = now` */
export function put(seen: ValueTimes, value: ZeekValue, now: number): void {
  const { values, times } = seen;
  if (values.length === 0) {
    seen.values = [value];
    seen.times = [now];
    return;
  }
  const at = seen.positions === null ? values.indexOf(value) : (seen.positions.get(value) ?? -1);
  if (at >= 0) {
    times[at] = now;
    return;
  }
  seen.positions?.set(value, values.length);
  values.push(value);
  times.push(now);
  if (seen.positions === null && values.length > mostUnindexed)
    seen.positions = new Map(values.map((known, position) => [known, position]));
}

/** Leaves out what is not younger than the window. */
export function dropOlder(seen: ValueTimes, now: number, window: number): void {
  const { values, times } = seen;
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const time = times[i];
    const value = values[i];
    if (time === undefined || value === undefined || !(now - time < window)) continue;
    values[kept] = value;
    times[kept] = time;
    kept++;
  }
  if (kept === values.length) return;
  values.length = kept;
  times.length = kept;
  if (seen.positions !== null)
    seen.positions =
      kept > mostUnindexed ? new Map(values.map((known, position) => [known, position])) : null;
}

/** Different values: the inner set of a distinct count. */
export interface Values {
  list: ZeekValue[];
  /** The same; null while they are few. */
  index: Set<ZeekValue> | null;
}

export function createValues(): Values {
  return { list: nothing, index: null };
}

/** `add seen[value]`; how many there are then. */
export function addValue(seen: Values, value: ZeekValue): number {
  const { list, index } = seen;
  if (index !== null) return index.add(value).size;
  if (list.length === 0) {
    seen.list = [value];
    return 1;
  }
  if (list.includes(value)) return list.length;
  list.push(value);
  if (list.length > mostUnindexed) {
    seen.index = new Set(list);
    seen.list = nothing;
    return seen.index.size;
  }
  return list.length;
}
