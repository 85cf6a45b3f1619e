import type { RecordKey } from "../logs/merge.js";
import type { LogRow } from "../logs/rows.js";
import type { LogValue } from "../logs/types.js";
import { naturalRemoval } from "./removal.js";

/** A flow at least this long (s) may be a clock of its own: its packets are counted. */
export const STEADY_FROM = 10;

/** When the connection of a row was removed; notes what the row says on the way. */
export interface RemovalKey extends RecordKey {
  natural: number;
  last: number;
  packets: number;
}

/** Numbers that `measure` says of a row. */
export const MEASURES = 3;

/** Columns that the keys read as numbers, in this order; behind them the time of writing, where it is known. */
const measured = ["duration", "orig_pkts", "resp_pkts"];
const WRITTEN = measured.length;

const textOf = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * Columns asked for and behind them those that the removal estimate needs.
 *
 * @param written the column that says when a row was written, where an archive has one: no estimate then
 */
export function removalKeys(
  asked: readonly string[],
  removals: ReadonlyMap<string, number> | undefined,
  written?: string,
) {
  const columns = [...asked];
  const placeOf = (name: string): number => {
    const at = columns.indexOf(name);
    return at >= 0 ? at : columns.push(name) - 1;
  };
  for (const name of measured) placeOf(name);
  const proto = placeOf("proto");
  const state = placeOf("conn_state");
  const history = placeOf("history");
  const uid = removals === undefined ? -1 : placeOf("uid");

  let current: LogRow | undefined;
  const historyOf = (): LogValue => {
    current?.rest();
    return current?.values[history];
  };
  /** Says of a row by itself: its last packet, its natural removal, its packets where they matter. */
  const measure = (read: LogRow, out: Float64Array): void => {
    current = read;
    const { values, numbers, ts } = read;
    // NaN where it is unset; less than none is a damaged row's.
    const length = Math.max(numbers[0] || 0, 0);
    const last = ts + length;
    out[0] = last;
    out[1] = naturalRemoval(ts, last, values[proto], values[state], historyOf);
    out[2] = length >= STEADY_FROM ? (numbers[1] || 0) + (numbers[2] || 0) : 0;
  };

  const make = (): RemovalKey => {
    const own = new Float64Array(MEASURES);
    const key: RemovalKey & { previous: number } = {
      natural: 0,
      last: 0,
      packets: 0,
      previous: Number.NEGATIVE_INFINITY,
      of(row) {
        // A row that was looked at where it was read brings its measures along.
        const isMeasured = row.marks.length > 0;
        if (!isMeasured) measure(row, own);
        const measures = isMeasured ? row.numbers : own;
        key.last = measures[0] ?? 0;
        key.natural = measures[1] ?? 0;
        key.packets = measures[2] ?? 0;
        let removal = key.natural;
        if (written !== undefined) removal = row.numbers[WRITTEN] ?? removal;
        if (uid >= 0) removal = removals?.get(textOf(row.values[uid]) ?? "") ?? removal;
        if (removal > key.previous) key.previous = removal;
        return key.previous;
      },
    };
    return key;
  };
  /** Those whose values `make`'s keys read of every row. */
  const always = ["proto", "conn_state", "uid"];
  const numbers = written === undefined ? measured : [...measured, written];
  return { columns, always, numbers, measure, make };
}
