import type { Expression } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";
import type { BusyScan } from "./busy.js";
import { all, any, conditionTerms, TRUE, type Translation, valueSql } from "./condition.js";
import type { SqlDialect } from "./dialect.js";
import { columnsIn, fieldsOf, type TableColumns } from "./fields.js";

/**
 * The keys of a detection that can fire, as SQL: a superset of those that the replay finds.
 *
 * A key fires only where, within a stretch of time that the window bounds, its rows have `threshold` different
 * values (rows, or as large a sum). Time is cut into buckets twice as long as that stretch, in two series that lie
 * half a bucket apart, so that every stretch lies whole in a bucket of one of them. What is counted is never less
 * than what the replay counts: conditions are never narrower (condition.ts), keys that SQL has no form for are
 * left out of the grouping, and different values are told apart by all columns that they are made of.
 */
export interface CandidateQuery {
  /** Of the rows that are counted. */
  readonly condition: string;
  /** The parts of the key, as SQL over the table's columns; none: every row belongs to one candidate. */
  readonly keys: readonly string[];
  /** All keys: columns `k0` …, and `n`, how many rows each has. */
  readonly grouped: string;
  /** Keys with fewer rows in all cannot fire. */
  readonly least: number;
  /** The rows of those that `known` (a subquery with the columns `k0` …) has, with what decides about them. */
  readonly rows: (known: string) => string;
  /** Of the keys of such rows (a subquery), those that can fire; null: all of them. */
  readonly fine: ((rows: string) => string) | null;
  /** The most keys that can be followed at the same time: one row with one number. */
  readonly crowd: string;
  /** Seconds by which a row is written behind its event, at the most; but at a trace's end all events take place. */
  readonly late: number;
  /** Seconds for which a key is followed without another event, at the most. */
  readonly followed: number;
  /** A number that `crowd` never exceeds, for less: one row with one number. */
  readonly crowdBound: string;
  /** How the keys that can fire are looked for in a large log; null: in no other way than in a small one. */
  readonly busy: BusyScan | null;
}

/** The table that holds the rows of a detection's log. */
export interface SqlTable {
  /** What stands behind FROM. */
  readonly from: string;
  readonly columns: TableColumns;
  /** When a row was written, in seconds of the epoch. */
  readonly written: string;
  /** Which of its rows are looked at. */
  readonly within: string;
}

export interface CandidateOptions {
  readonly dialect: SqlDialect;
  readonly localNets: readonly string[];
  /** Log time by which the replay lets rows come late. */
  readonly reorder: number;
  /** The last packet of a finished trace, at which every connection left is removed; null: the log of a running Zeek. */
  readonly end: number | null;
}

/** Seconds between two looks for expired entries, and what a stamp in whole seconds may lose. */
const untilTick = 12;
/** What a sliding window may be longer by, in a calculation with doubles. */
const slack = 1;

export function candidateQuery(
  detection: ZeekDetectionModel,
  table: SqlTable,
  options: CandidateOptions,
): CandidateQuery {
  const { dialect } = options;
  const fields = fieldsOf(detection, table.columns, dialect);
  const translation: Translation = { fields, dialect, localNets: options.localNets };
  const terms = conditionTerms(detection.where, translation);
  const condition = all([
    table.within,
    ...terms.map(({ sql }) => sql),
    ...unturned(detection, table, dialect),
  ]);
  const keys = detection.key.flatMap(({ expression }) => keySql(expression, translation) ?? []);
  const named = keys.map((sql, i) => `${sql} AS k${i}`);
  const names = keys.map((_, i) => `k${i}`);
  const { counted, enough } = counting(detection, table, translation);
  const where = `FROM ${table.from} WHERE ${condition}`;
  const group = (columns: readonly string[]): string =>
    columns.length === 0 ? "" : ` GROUP BY ${columns.join(", ")}`;
  const least = detection.count.kind === "sum" ? 1 : Math.max(1, Math.ceil(detection.threshold));
  const grouped =
    `SELECT ${[...names, "count(*) AS n"].join(", ")} FROM (SELECT ${[...named, "1 AS one"].join(", ")} ${where}) AS r` +
    `${group(names)} HAVING count(*) > 0`;
  const stretch = stretchOf(detection);
  const late = detection.event === "new_connection" ? options.reorder : 0;
  const values = counted ?? [];
  const valueNames = values.map((_, i) => `v${i}`);
  const seconds = eventTime(detection, table, options);
  const time = dialect.micros(seconds);
  const followed = detection.window.seconds + slack + untilTick;
  const looked = [
    ...named,
    ...values.map((sql, i) => `${sql} AS v${i}`),
    ...(stretch === null ? [] : [`${time} AS e`]),
  ];
  const rows = (known: string): string => {
    const chosen = keys.length === 0 ? TRUE : `${tuple(keys)} ${dialect.in} (${known})`;
    return `SELECT ${looked.length === 0 ? "1 AS one" : looked.join(", ")} ${where} AND ${chosen}`;
  };
  // An entry that no event has met for so long is gone: all that a table holds have one within it.
  const crowd = bucketsOf(followed, dialect)
    .map((bucket) => {
      const columns = [...named, `${time} AS e`].join(", ");
      const seen = `SELECT DISTINCT ${[...names, `${bucket} AS b`].join(", ")} FROM (SELECT ${columns} ${where}) AS r`;
      return `SELECT max(m) AS m FROM (SELECT b, count(*) AS m FROM (${seen}) AS d GROUP BY b) AS g`;
    })
    .join(" UNION ALL ");
  // A bucket of the crowd is two of half its length.
  const step = dialect.quotient("e", Math.ceil(followed * 1e6));
  const crowdBound = `SELECT 2 * max(m) AS m FROM (SELECT b, count(*) AS m FROM (SELECT ${step} AS b FROM (SELECT ${time} AS e ${where}) AS r) AS d GROUP BY b) AS g`;
  const busyOf = (): BusyScan | null => {
    const [key] = keys;
    const half = Math.ceil(least / 2);
    if (stretch === null || key === undefined || half < 2 || detection.count.kind === "sum") return null;
    const column = ownColumn(detection, key, translation);
    const only = ([name, ...others]: readonly string[]): string | null => {
      const stored = name === undefined || others.length > 0 ? undefined : dialect.identifier(name);
      return stored !== undefined && table.columns(name ?? "")?.sql === stored ? stored : null;
    };
    return {
      from: table.from,
      key,
      time: options.end === null ? table.written : dialect.lesser(table.written, `${options.end}`),
      seconds: stretch + late,
      terms: [
        { sql: table.within, column: null },
        ...terms.map(({ sql, columns }) => ({ sql, column: only([...new Set(columns)]) })),
      ],
      column: column === null ? null : dialect.identifier(column),
      enough: half,
      slides: detection.window.kind === "sliding",
    };
  };
  const common = {
    condition,
    keys,
    grouped,
    least,
    rows,
    crowd: `SELECT max(m) AS m FROM (${crowd}) AS u`,
    late,
    followed,
    crowdBound,
    busy: busyOf(),
  };
  if (detection.threshold <= 1 && detection.count.kind !== "sum") return { ...common, fine: null };
  const isDistinct = detection.count.kind === "distinct" && counted !== null;
  const series = (source: string, bucket: string | null): string => {
    const columns = [...names, ...valueNames, ...(bucket === null ? [] : [`${bucket} AS b`])];
    if (columns.length === 0) columns.push("1 AS one");
    return `SELECT ${isDistinct ? "DISTINCT " : ""}${columns.join(", ")} FROM (${source}) AS w`;
  };
  const fine = (source: string): string => {
    const buckets = stretch === null ? [null] : bucketsOf(stretch, dialect);
    const groups = [...names, ...(stretch === null ? [] : ["b"])];
    const answers = buckets.map(
      (bucket) =>
        `SELECT ${names.length === 0 ? "1 AS one" : names.join(", ")} FROM (${series(source, bucket)}) AS s${group(groups)} HAVING ${enough}`,
    );
    return `SELECT DISTINCT ${names.length === 0 ? "one" : names.join(", ")} FROM (${answers.join(" UNION ALL ")}) AS c`;
  };
  return { ...common, fine };
}

/** Several parts as one value for IN. */
export const tuple = (parts: readonly string[]): string =>
  parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`;

/** The two series of buckets, as the numbers of a row's buckets. */
function bucketsOf(stretch: number, { quotient }: SqlDialect): readonly string[] {
  const half = Math.ceil(stretch * 1e6);
  return [quotient("e", 2 * half), quotient(`(e + ${half})`, 2 * half)];
}

/** Seconds within which all events lie that a firing counts; null: no bound. */
function stretchOf({ window, count }: ZeekDetectionModel): number | null {
  switch (window.kind) {
    case "sliding":
      return window.seconds + slack;
    case "fixed":
      return window.seconds + untilTick;
    case "writeExpire":
      // Adding to the set inside of an entry is no write of the entry.
      return count.kind === "distinct" ? window.seconds + untilTick : null;
    case "readExpire":
      return null;
    default:
      return window.kind satisfies never;
  }
}

function eventTime(detection: ZeekDetectionModel, table: SqlTable, options: CandidateOptions): string {
  const { dialect, reorder, end } = options;
  const ts = table.columns("ts")?.sql;
  const time =
    detection.event === "new_connection" && ts !== undefined
      ? dialect.greater(ts, `${table.written} - ${reorder}`)
      : table.written;
  return end === null ? time : dialect.lesser(time, `${end}`);
}

/** What is counted, as columns (null: no row's part is known), and when it is enough. */
function counting(
  { count, threshold }: ZeekDetectionModel,
  table: SqlTable,
  translation: Translation,
): { readonly counted: readonly string[] | null; readonly enough: string } {
  const rows = `count(*) >= ${Math.ceil(threshold)}`;
  switch (count.kind) {
    case "events":
      return { counted: [], enough: rows };
    case "distinct": {
      const nodes = count.of.flatMap(({ expression }) => [...walk(expression)]);
      // A value that is made of the clock is another one in every row.
      if (nodes.some((node) => node.kind === "call" && node.function === "network_time"))
        return { counted: [], enough: rows };
      const columns = columnsIn(
        count.of.map(({ expression }) => expression),
        translation.fields,
      );
      const counted = [...new Set(columns)].flatMap((name) => table.columns(name)?.sql ?? []);
      return { counted, enough: rows };
    }
    case "sum": {
      const amount = mostOf(count.of.expression, translation);
      if (amount === null) return { counted: null, enough: "count(*) >= 1" };
      const { dialect } = translation;
      const positive = dialect.greater(dialect.double(amount), dialect.double("0"));
      // Sums of doubles depend on the order by a little.
      return { counted: [positive], enough: `sum(v0) >= ${threshold - 1e-6 * (1 + Math.abs(threshold))}` };
    }
    default:
      return count satisfies never;
  }
}

/** A number that a counted amount never exceeds. */
function mostOf(expression: Expression, translation: Translation): string | null {
  const value = valueSql(expression, translation);
  if (value?.kind === "number") {
    // Of an absent field the replay counts nothing.
    return value.escaped === null ? `coalesce(${value.sql}, 0)` : null;
  }
  if (expression.kind === "field") {
    const field = translation.fields.field(expression.parameter, expression.path, expression.type);
    return field.kind === "unknown" ? (field.most ?? null) : null;
  }
  if (expression.kind !== "conditional") return null;
  const both = [mostOf(expression.whenTrue, translation), mostOf(expression.whenFalse, translation)];
  const [a, b] = both;
  const { double, greater } = translation.dialect;
  return a === undefined || b === undefined || a === null || b === null
    ? null
    : greater(double(a), double(b));
}

/**
 * A part of the key; null where SQL cannot tell whether two are the same. Zeek writes the same text always in the
 * same way, so that escaped text need not be looked into.
 */
function keySql(expression: Expression, translation: Translation): string | null {
  if (expression.kind !== "field") return null;
  const field = translation.fields.field(expression.parameter, expression.path, expression.type);
  if (field.kind !== "value") return null;
  const { kind, sql } = field.value;
  // One type for all numbers, so that they can be compared with what was kept of them.
  const { double } = translation.dialect;
  switch (kind) {
    case "text":
    case "address":
      return `coalesce(${sql}, '')`;
    case "number":
      return double(`coalesce(${double(sql)}, -1)`);
    case "bool":
      return double(`(CASE WHEN ${sql} THEN 1 ELSE 0 END)`);
    default:
      return kind satisfies never;
  }
}

/** The column of text that a part of the key is, as it stands; null: it is made of something else. */
function ownColumn({ key }: ZeekDetectionModel, part: string, translation: Translation): string | null {
  const { fields, dialect } = translation;
  for (const { expression } of key) {
    if (expression.kind !== "field") continue;
    const [column, ...others] = fields.columns(expression.parameter, expression.path, expression.type);
    if (column === undefined || others.length > 0) continue;
    if (part === `coalesce(${dialect.identifier(column)}, '')`) return column;
  }
  return null;
}

/** Connections whose ends Zeek has swapped are left out where the detection says so. */
function unturned(
  { ignoreFlipped, event, rows }: ZeekDetectionModel,
  table: SqlTable,
  dialect: SqlDialect,
): readonly string[] {
  const history = table.columns("history");
  if (!ignoreFlipped || history === undefined || (rows !== null && rows.log !== "conn")) return [];
  const isTurned =
    event === "new_connection"
      ? dialect.matches(history.sql, "^D?\\^")
      : dialect.contains(history.sql, dialect.text("^"));
  return [any([`${history.sql} IS NULL`, `NOT ${isTurned}`])];
}
