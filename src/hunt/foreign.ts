import { naturallyWritten } from "../archive/schema.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import { codes } from "./codes.js";
import { ForeignColumns, linesLog, ownerOf, timeColumn } from "./columns.js";
import type { Names } from "./names.js";
import type { StoredLog } from "./store.js";

/** Which rows of a store are looked at: those of `ts` from one moment on, up to another; epoch seconds. */
export interface TimeRange {
  readonly from: number | null;
  readonly to: number | null;
}

/** A table that zopf did not write. */
export interface ForeignTable {
  /** Where it is, for people. */
  readonly place: string;
  /** The log that it holds. */
  readonly log: string;
  /** What stands behind FROM. */
  readonly from: string;
  readonly dialect: SqlDialect;
  /** @throws what the engine says */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
}

/** The statement by which engines tell a table's columns, and the names and types that they tell. */
const described = ({ dialect, from }: ForeignTable): string =>
  dialect.name === "duckdb" ? `DESCRIBE SELECT * FROM ${from}` : `DESCRIBE TABLE ${from}`;

/** Binds a table's columns to those of a log and looks at their types; a log only where nothing is wrong. */
export async function foreignLog(
  table: ForeignTable,
  names: Names,
  range: TimeRange,
): Promise<
  | { readonly ok: true; readonly log: StoredLog; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
> {
  const { place, log: name, from, dialect } = table;
  const there = (await table.rows(described(table))).map(([column, type]) => ({
    name: String(column),
    type: String(type),
  }));
  const foreign = new ForeignColumns(place, name, names, dialect, there);
  const diagnostics = [...foreign.diagnostics];
  const time = timeColumn(name);
  const seconds = foreign.columns.get(time)?.sql;
  const columns = there.map((column) => column.name);
  if (seconds === undefined) {
    if (!diagnostics.some(({ message }) => message.includes(`${ownerOf(name)} ${time} is`)))
      diagnostics.push(missingColumn(place, name, time, columns));
    return { ok: false, diagnostics };
  }
  const hasTime = dialect.finite(seconds);
  const [[least = null, timeless = 0] = []] = await table.rows(
    `SELECT min(CASE WHEN ${hasTime} THEN ${seconds} ELSE NULL END) AS a, sum(CASE WHEN ${hasTime} THEN 0 ELSE 1 END) AS b FROM ${from}`,
  );
  const wrong = least === null ? null : wrongUnit(Number(least));
  if (wrong !== null)
    diagnostics.push(
      codes.columnType(
        { file: place, line: 1, column: 1 },
        `its times are no seconds: the first would be in the year ${wrong.year}`,
        `say in which unit ${time} is, in zopf.config.json: {"hunt": {"names": {"columns": {"${name}": {"${time}": {"column": "${time}", "unit": "${wrong.unit}"}}}}}}`,
      ),
    );
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const copies = names.except.get(name);
  const warnings: Diagnostic[] = [];
  // Of lines it is counted which of those in the range have no time.
  if (name !== linesLog && Number(timeless) > 0)
    warnings.push(
      codes.timeless(
        { file: place, line: 1, column: 1 },
        `${Number(timeless).toLocaleString("en-US")} rows of ${name} have no time and are left out`,
      ),
    );
  const terms = [
    ...(name === linesLog ? [] : [hasTime]),
    ...(copies === undefined || !columns.includes(copies)
      ? []
      : [`(CASE WHEN ${dialect.identifier(copies)} THEN 1 ELSE 0 END) = 0`]),
    ...(range.from === null ? [] : [`${seconds} >= ${range.from}`]),
    ...(range.to === null ? [] : [`${seconds} < ${range.to}`]),
  ];
  const written = naturallyWritten(
    name,
    {
      has: (column) => foreign.columns.has(column),
      sql: (column) => foreign.columns.get(column === "ts" ? time : column)?.sql ?? "NULL",
    },
    dialect,
  );
  const uid = foreign.columns.get("uid")?.sql;
  const log: StoredLog = {
    from,
    columns: (column) => foreign.columns.get(column),
    written,
    within: terms.length === 0 ? "1 = 1" : terms.join(" AND "),
    order: [seconds, ...(uid === undefined ? [] : [uid])],
    place: null,
    pieces: null,
    types: new Map([...foreign.columns].map(([column, { type }]) => [column, type])),
    bytes: null,
    exact: null,
  };
  return { ok: true, log, diagnostics: warnings };
}

/** Of times that are larger than seconds can be by now. */
function wrongUnit(least: number): { readonly year: number; readonly unit: string } | null {
  if (least < 1e11) return null;
  const year = 1970 + Math.round(least / 31_556_952);
  return { year, unit: least < 1e14 ? "ms" : least < 1e17 ? "us" : "ns" };
}

export function missingColumn(
  place: string,
  log: string,
  column: string,
  there: readonly string[],
): Diagnostic {
  return codes.noColumn(
    { file: place, line: 1, column: 1 },
    `the table of ${log} has no column for ${ownerOf(log)} ${column}; it has ${there.slice(0, 30).join(", ")}`,
    `say which one it is in zopf.config.json: {"hunt": {"names": {"columns": {"${log}": {"${column}": "…"}}}}}`,
  );
}
