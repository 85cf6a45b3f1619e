import type { DuckDBConnection } from "@duckdb/node-api";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { codes } from "../replay/codes.js";
import { type LineDates, syslogLines } from "../replay/syslog-source.js";
import { duckdb as sql } from "../targets/sql/dialect.js";
import { type Duckdb, parquet } from "./duckdb.js";
import { lineColumns, wholeLine } from "./line-columns.js";
import { timestampOf } from "./schema.js";
import { readSyslogLine, textOf } from "./syslog-line.js";

export interface LinesInput {
  readonly file: string;
  readonly dates: LineDates;
  /** Where the parts go until they have their places. */
  readonly aside: string;
  /** Tells tables apart. */
  readonly number: number;
  readonly stopped: () => boolean;
}

export interface LinesWritten {
  readonly rows: number;
  /** When the first and the last line were written, in seconds. */
  readonly from: number;
  readonly to: number;
  readonly warnings: readonly Diagnostic[];
}

/** Lines after which it is asked whether to stop. */
const sometimes = 10_000;

/**
 * Puts the lines of a log into Parquet, those that the replay reads and at its times; a text says why not, null that it was
 * stopped.
 *
 * @throws what DuckDB says
 */
export async function writeLines(
  input: LinesInput,
  duckdb: Duckdb,
  connection: DuckDBConnection,
): Promise<LinesWritten | string | null> {
  const table = `zopf_lines_${input.number}`;
  const { time, host, program, pid, message, header, raw, form } = lineColumns;
  const run = (statement: string) => duckdb.run(statement, connection);
  await run(
    `CREATE TABLE ${table} (${[host, program, pid, message, header].join(" VARCHAR, ")} VARCHAR, ${raw} BLOB, ${form} VARCHAR, _written DOUBLE, _file VARCHAR, _line INTEGER)`,
  );
  try {
    const read = await append(input, table, connection);
    if (read === null || typeof read === "string") return read;
    const moment = timestampOf("_written");
    await run(
      `COPY (SELECT ${moment} AS ${time}, *, CAST(${moment} AS DATE) AS day FROM ${table}) TO ${sql.text(input.aside)} (${parquet}, PARTITION_BY (day), WRITE_PARTITION_COLUMNS false)`,
    );
    return read;
  } finally {
    await run(`DROP TABLE ${table}`);
  }
}

/** Reads the file into a table. */
async function append(
  { file, dates, stopped }: LinesInput,
  table: string,
  connection: DuckDBConnection,
): Promise<LinesWritten | string | null> {
  const appender = await connection.createAppender(table);
  const warnings: Diagnostic[] = [];
  const errors: Diagnostic[] = [];
  let rows = 0;
  let from = 0;
  let to = 0;
  const text = (value: string | null): void => {
    if (value === null) appender.appendNull();
    else appender.appendVarchar(textOf(value));
  };
  try {
    const lines = syslogLines({ file, ...dates }, (diagnostic) => {
      (diagnostic.severity === "error" ? errors : warnings).push(diagnostic);
    });
    for await (const { text: line, time, lineNumber } of lines) {
      const { host, program, pid, message, header, form, isText } = readSyslogLine(line);
      for (const value of [host, program, pid, message]) text(value);
      text(header === "" ? null : header);
      if (isText) appender.appendNull();
      else appender.appendBlob(Buffer.from(line, "latin1"));
      appender.appendVarchar(form);
      appender.appendDouble(time);
      appender.appendVarchar(file);
      appender.appendInteger(lineNumber ?? 0);
      appender.endRow();
      if (rows === 0) from = time;
      to = time;
      rows += 1;
      if (rows % sometimes === 0 && stopped()) return null;
    }
  } finally {
    appender.closeSync();
  }
  const [bad] = errors;
  if (bad !== undefined)
    return bad.code === codes.noTime.code
      ? `${bad.message}: --assume-date says when they were written`
      : bad.message;
  return rows === 0 ? "it holds no line" : { rows, from, to, warnings };
}

/**
 * Of two files' rows (what stands behind FROM), how many lines of the shorter one are not those of the longer one, whose last
 * may be cut; and by how many lines one is longer.
 */
export function differentLines(a: string, b: string): string {
  const { raw } = lineColumns;
  const last = `least((SELECT max(_line) FROM ${a}), (SELECT max(_line) FROM ${b}))`;
  const lines = (from: string): string => `(SELECT _line AS n, ${wholeLine} AS x, ${raw} AS r FROM ${from})`;
  const begins = "starts_with(a.x, b.x) OR starts_with(b.x, a.x)";
  return (
    `SELECT count(*) FILTER (NOT CASE WHEN n = ${last} THEN ${begins} ELSE a.x = b.x AND a.r IS NOT DISTINCT FROM b.r END), ` +
    `abs((SELECT count(*) FROM ${a}) - (SELECT count(*) FROM ${b})) FROM ${lines(a)} AS a JOIN ${lines(b)} AS b USING (n)`
  );
}
