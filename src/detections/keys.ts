import type { ZeekValue } from "../model/expression.js";
import type { Shared } from "./shared.js";

/** A key as a table's index: the value of a single part, or one text for the parts of a tuple. */
export type TableKey = string | number | boolean;

/**
 * The keys that tables hold at the moment, as small numbers which tables use as an index. Detections that count
 * by the same expressions share them: a row's key is looked up once.
 */
export interface Keys<Row> {
  /** Number of a row's key; good until the next row, and for as long as somebody holds it. */
  of(row: Row): number;
  key(number: number): TableKey;
  parts(number: number): readonly ZeekValue[];
  hold(number: number): void;
  release(number: number): void;
}

const NONE = -1;

/** @param generation changes with every row */
export function createKeys<Row>(parts: readonly Shared<Row>[], generation: () => number): Keys<Row> {
  const keyOf = tableKey(parts);
  const [first] = parts;
  const isSingle = parts.length === 1;
  const numbers = new Map<TableKey, number>();
  const keys: TableKey[] = [];
  const values: (readonly ZeekValue[] | null)[] = [];
  const holders: number[] = [];
  const free: number[] = [];
  let at = Number.NaN;
  let last = NONE;

  const forget = (number: number): void => {
    if (number === NONE || holders[number] !== 0) return;
    numbers.delete(keys[number] ?? "");
    values[number] = null;
    free.push(number);
  };
  const partsOf = (row: Row): readonly ZeekValue[] | null => {
    if (!isSingle || first === undefined) return parts.map((part) => part(row));
    const value = first(row);
    return typeof value === "object" ? [value] : null;
  };
  return {
    of(row) {
      const now = generation();
      if (at === now) return last;
      at = now;
      const key = keyOf(row);
      const known = numbers.get(key);
      if (known === last && known !== undefined) return known;
      forget(last);
      last = known ?? free.pop() ?? keys.length;
      if (known !== undefined) return known;
      numbers.set(key, last);
      keys[last] = key;
      values[last] = partsOf(row);
      holders[last] = 0;
      return last;
    },
    key: (number) => keys[number] ?? "",
    parts: (number) => values[number] ?? [keys[number] ?? ""],
    hold(number) {
      holders[number] = (holders[number] ?? 0) + 1;
    },
    release(number) {
      holders[number] = (holders[number] ?? 0) - 1;
      if (number !== last) forget(number);
    },
  };
}

/** The parts as one primitive: itself when there is one, a text when there are several. */
export function tableKey<Row>(parts: readonly Shared<Row>[]): (row: Row) => TableKey {
  const [first, second] = parts;
  if (first === undefined) return () => true;
  if (second === undefined)
    return (row) => {
      const value = first(row);
      return typeof value === "object" ? joined(value) : value;
    };
  if (parts.length === 2) return (row) => `${textOf(first(row))}${separator}${textOf(second(row))}`;
  return (row) => joined(parts.map((part) => part(row)));
}

/** No byte of a Zeek string is this unit, so parts joined by it never run into each other. */
const separator = "\u0100";

export function joined(parts: readonly ZeekValue[]): string {
  return parts.map(textOf).join(separator);
}

const textOf = (part: ZeekValue): string => (typeof part === "object" ? joined(part) : String(part));
