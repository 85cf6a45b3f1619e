import { all, any, TRUE } from "./condition.js";
import type { SqlDialect } from "./dialect.js";

/**
 * How the keys of a detection are looked for that can fire at all, in one scan of a large log for many detections:
 * by the first part of the key alone, and by the rows within one bucket of time. Enough rows for a firing lie
 * within a stretch that is no longer than a bucket, so in one bucket or two neighbours; of two one has half of them.
 * Rows are put into buckets by when they were written, no earlier than their event and at most `lateness` later,
 * which the length of the buckets allows for.
 */
export interface BusyScan {
  readonly from: string;
  /** The first part of the key. */
  readonly key: string;
  /** When a row was written, or the trace's end where that is earlier, in seconds of the epoch. */
  readonly time: string;
  /** Seconds within which all rows are written that a firing counts. */
  readonly seconds: number;
  /** The condition: all of these must hold. */
  readonly terms: readonly BusyTerm[];
  /** The column of text that the first part of the key is; null: something that is made of columns. */
  readonly column: string | null;
  /** Rows in a bucket that make a key busy. */
  readonly enough: number;
  /** Whether only the rows around a busy bucket decide; else all rows of a busy key do. */
  readonly slides: boolean;
}

/** A part of a condition. */
export interface BusyTerm {
  readonly sql: string;
  /** The only column that it looks at; null: several, or what is made of one. */
  readonly column: string | null;
}

/** The terms that look at the first part of the key alone, and the others. */
export const ownTerms = ({ terms, column }: BusyScan): readonly BusyTerm[] =>
  terms.filter((term) => column !== null && term.column === column);
export const otherTerms = ({ terms, column }: BusyScan): readonly BusyTerm[] =>
  terms.filter((term) => column === null || term.column !== column);

/** Those that all of several lists have. */
export function sharedTerms([first = [], ...others]: readonly (readonly BusyTerm[])[]): readonly string[] {
  const lists = others.map((terms) => new Set(terms.map(({ sql }) => sql)));
  return first.map(({ sql }) => sql).filter((sql) => lists.every((list) => list.has(sql)));
}

/** The busy keys of several detections. */
export interface BusyKeys {
  /** A query for them: columns `k0`, `b` (the bucket), and `n0` …, rows in it of each detection. */
  readonly table: string;
  /** Seconds of a bucket. */
  readonly length: number;
  /** Whether a row of `table` is a busy key of a detection's, by its number. */
  readonly isBusy: readonly string[];
}

/** So many conditions tell which rows are counted; of more the rows that fail all are too few. */
const fewScans = 3;

/** Whether two can be looked for together. */
export const areOneScan = (one: BusyScan, other: BusyScan): boolean =>
  one.from === other.from && one.key === other.key && one.time === other.time;

/** @param scans that can be looked for together */
export function busyKeys(
  scans: readonly [BusyScan, ...BusyScan[]],
  { quotient }: Pick<SqlDialect, "quotient">,
): BusyKeys {
  const [{ from, key, time, column }] = scans;
  const length = Math.max(...scans.map(({ seconds }) => seconds));
  // What is asked of the key alone is dear of every row, and cheap of the few keys that are busy; but where many
  // conditions are worked out for a row, that comes first.
  const terms = scans.map((scan) => (scans.length > 1 ? scan.terms : otherTerms(scan)));
  const shared = sharedTerms(terms);
  const rest = terms.map((own) => all(own.map(({ sql }) => sql).filter((sql) => !shared.includes(sql))));
  const flags = rest.map((condition, i) => `CASE WHEN ${condition} THEN 1 END AS c${i}`);
  // Each condition is worked out twice where it says which rows are counted, and how.
  const wanted = scans.length <= fewScans ? [...shared, any(rest)] : shared;
  const counts = scans.map((_, i) => `count(c${i}) AS n${i}`);
  const rows = `SELECT ${[`${key} AS k0`, `${quotient(time, length)} AS b`, ...flags].join(", ")} FROM ${from} WHERE ${all(wanted)}`;
  const grouped = `SELECT k0, b, ${counts.join(", ")} FROM (${rows}) AS r GROUP BY k0, b`;
  const named = column === null ? "" : `, k0 AS ${column}`;
  const isBusy = scans.map((scan, i) => {
    // Of an absent column and an empty one the key is the same.
    const own = scan.column === null ? TRUE : any([all(ownTerms(scan).map(({ sql }) => sql)), "k0 = ''"]);
    return all([`n${i} >= ${scan.enough}`, own]);
  });
  const numbers = scans.map((_, i) => `n${i}`).join(", ");
  return {
    table: `SELECT k0, b, ${numbers}${named} FROM (${grouped}) AS g WHERE ${any(isBusy.map((_, i) => `n${i} >= ${scans[i]?.enough ?? 0}`))}`,
    length,
    isBusy,
  };
}

/** Terms over one column, worked out once for each of its values instead of in each row. */
export interface ValueTerms {
  /** A query for the values: no longer than `most` where it is worth it. */
  readonly table: string;
  /** The scans, with what `kept` (the answer of `table`) says in place of the terms. */
  readonly scans: (kept: string) => readonly BusyScan[];
}

/** So many terms over a column are worth a look at its values. */
const worthTerms = 3;
/** Values of a column at most that are worked out aside. */
export const mostValues = 10_000;

/**
 * Speed: memoisation by a join. The history of a connection has a few hundred different values in millions of rows,
 * and each detection matches expressions against it; a probe of a small hash table costs less than one match.
 */
export function valueTerms(scans: readonly BusyScan[]): ValueTerms | null {
  const byColumn = new Map<string, Set<string>>();
  for (const scan of scans)
    for (const { sql, column } of otherTerms(scan))
      if (column !== null) byColumn.set(column, (byColumn.get(column) ?? new Set()).add(sql));
  const [most] = [...byColumn].sort(([, a], [, b]) => b.size - a.size);
  const [first] = scans;
  if (most === undefined || first === undefined || most[1].size < worthTerms) return null;
  const [column, found] = most;
  const places = new Map([...found].map((sql, i) => [sql, i]));
  const flags = [...places].map(([sql, i]) => `CASE WHEN ${sql} THEN 1 ELSE 0 END AS zopf_term${i}`);
  const values = `SELECT DISTINCT ${column} FROM ${first.from}`;
  return {
    table: `SELECT ${column} AS zopf_value, ${flags.join(", ")} FROM (${values}) AS r LIMIT ${mostValues + 1}`,
    scans: (kept) =>
      scans.map((scan) => ({
        ...scan,
        from: `${scan.from} AS t JOIN ${kept} AS v ON t.${column} IS NOT DISTINCT FROM v.zopf_value`,
        terms: scan.terms.map(({ sql, column: of }) => {
          const place = places.get(sql);
          return { sql: place === undefined ? sql : `zopf_term${place} = 1`, column: of };
        }),
      })),
  };
}
