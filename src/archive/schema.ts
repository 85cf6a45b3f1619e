import { logTypeOf } from "../detections/lines.js";
import { duckdb, type SqlDialect } from "../targets/sql/dialect.js";
import type { LogType, ScalarType } from "../zeek/logs/types.js";
import { parseZeekType, recordOfLog, zeekRecord } from "../zeek-records/records.js";

/** How a column of an archive is stored. Text is as Zeek's TSV escapes it; the empty text is empty. */
export function storedType(type: LogType): string {
  return type.kind === "set" || type.kind === "vector" ? `${scalar(type.of)}[]` : scalar(type.kind);
}

function scalar(kind: ScalarType): string {
  switch (kind) {
    case "time":
      return "TIMESTAMP";
    case "interval":
    case "double":
      return "DOUBLE";
    case "count":
      return "UBIGINT";
    case "int":
      return "BIGINT";
    case "port":
      return "USMALLINT";
    case "bool":
      return "BOOLEAN";
    case "addr":
    case "subnet":
    case "string":
    case "enum":
    case "any":
      return "VARCHAR";
    default:
      return kind satisfies never;
  }
}

/** A time of Zeek's (seconds as a double) as DuckDB's, to the microsecond: Zeek writes no finer ones. */
export const timestampOf = (seconds: string): string =>
  `make_timestamp(CAST(round(${seconds} * 1e6) AS BIGINT))`;

/** And back: the very double that the log's text stands for. */
export const secondsOf = (timestamp: string): string => `(epoch_us(${timestamp}) / 1e6)`;

/** Types of a log's columns, as Zeek's scripts declare them; empty for a log that zopf does not know. */
export function knownColumns(log: string): ReadonlyMap<string, LogType> {
  const columns = new Map<string, LogType>();
  for (const { name, type: spelled } of recordOfLog(log)?.fields ?? []) {
    const type = parseZeekType(spelled);
    if (type.kind !== "record") columns.set(name, logTypeOf(type));
    else
      for (const inner of zeekRecord(type.name)?.fields ?? [])
        columns.set(`${name}.${inner.name}`, logTypeOf(parseZeekType(inner.type)));
  }
  return columns;
}

/** The column that holds how long after `ts` a row of the log was written, at the least. */
export const afterOf = (log: string): string | null => recordOfLog(log)?.stream?.after ?? null;

/** How the columns of a SELECT that all have their types are called. */
export interface WrittenColumns {
  has(column: string): boolean;
  /** Seconds for times. */
  sql(column: string): string;
}

/**
 * When Zeek wrote a row by what it says for itself, in seconds: `naturalRemoval` of src/zeek/connections/removal.ts
 * as SQL, and the same double; test/archive/archive.test.ts compares them.
 */
export function naturallyWritten(log: string, columns: WrittenColumns, dialect: SqlDialect = duckdb): string {
  const or = (column: string, other: string): string =>
    columns.has(column) ? `coalesce(${columns.sql(column)}, ${other})` : other;
  const ts = columns.sql("ts");
  if (log !== "conn") {
    const after = afterOf(log);
    return after === null || !columns.has(after) ? ts : `${ts} + greatest(${or(after, "0")}, 0)`;
  }
  const last = `(${ts} + ${dialect.greater(or("duration", "0"), "0")})`;
  const proto = or("proto", "''");
  const state = or("conn_state", "''");
  const slow = dialect.matches(or("history", "''"), "^\\^?[ADad]*$");
  return (
    `CASE WHEN ${proto} <> 'tcp' THEN ${last} + 60 WHEN ${state} = 'S0' THEN ${ts} + 5 ` +
    `WHEN ${state} IN ('S1', 'S2', 'S3') OR (${state} = 'OTH' AND ${slow}) THEN ${last} + 300 ELSE ${last} + 5 END`
  );
}
