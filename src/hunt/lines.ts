import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { LineCutter, lineLimit } from "../files/lines.js";
import type { ArchivedLine, ArchivedLines, PreparedLines } from "../logtest/archived-lines.js";
import type { Ruleset } from "../ossec/definitions.js";
import { all, any, TRUE } from "../targets/sql/condition.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import { type LineCondition, lineCondition } from "../targets/sql/lines.js";
import { codes } from "./codes.js";
import { linesLog } from "./columns.js";
import { missingColumn } from "./foreign.js";
import type { Store, StoredLog, StoredRow, StoredValue } from "./store.js";

export interface LineHuntOptions {
  readonly store: Store;
  /** Every line is read, whatever the rules need. */
  readonly whole: boolean;
  readonly maxRows: number;
  readonly onQuery?: ((purpose: string, sql: string) => void) | undefined;
  readonly onProgress?: ((what: string) => void) | undefined;
}

/** How many of a table's lines were looked at. */
export interface LineCounts {
  readonly rows: number;
  readonly fetched: number;
}

/** Stretches of time in which every line is fetched, at most; beyond it all lines are. */
const mostStretches = 5000;

/**
 * Lines of a table, for OSSEC's engine: those that can matter to its rules (`lineCondition`), in the order of their
 * times, each written as a syslog daemon writes it. What the engine makes of them is what it makes of all lines, for the
 * others change nothing in it but this: the daemon drops a line that equals one of the last three. So where two lines
 * that are fetched are equal, or may be, all lines of the seconds from the one to the other are fetched as well.
 */
export class HuntedLines implements ArchivedLines {
  readonly name: string;
  readonly #options: LineHuntOptions;
  #counts: LineCounts | null = null;

  constructor(options: LineHuntOptions) {
    this.#options = options;
    this.name = options.store.name;
  }

  /** Null before the lines are prepared. */
  counts(): LineCounts | null {
    return this.#counts;
  }

  async prepare(rules: Ruleset): Promise<PreparedLines> {
    const { store, maxRows, whole } = this.#options;
    const log = store.log(linesLog);
    const at = { file: store.name, line: 1, column: 1 };
    const columns = log === undefined ? null : columnsOf(log);
    if (log === undefined || columns === null)
      return {
        ok: false,
        diagnostics: [missingColumn(store.name, linesLog, "message", [...(log?.types.keys() ?? [])])],
      };
    const diagnostics: Diagnostic[] = [];
    const { dialect } = store;
    const found = lineCondition(rules, columns, dialect);
    const count = async (purpose: string, condition: string): Promise<number> => {
      const [[rows = 0] = []] = await this.#rows(
        purpose,
        `SELECT count(*) FROM ${log.from} WHERE ${all([log.within, condition])}`,
      );
      return Number(rows);
    };
    const [[every = 0, timed = 0] = []] = await this.#rows(
      "lines",
      `SELECT count(*), count(${columns.time}) FROM ${log.from} WHERE ${log.within}`,
    );
    const rows = Number(timed);
    const timeless = Number(every) - rows;
    if (timeless > 0)
      diagnostics.push(
        codes.timeless(at, `${timeless.toLocaleString("en-US")} lines have no time and are left out`),
      );
    let { condition } = found;
    if (whole) condition = TRUE;
    else if (found.whole !== null)
      diagnostics.push(
        codes.everyLine(at, `${found.whole}: all ${rows.toLocaleString("en-US")} lines are read`),
      );
    else if (rules.dialect.engine.dropsRepeatedLines)
      condition = any([condition, await this.#between(log, columns, found)]);
    const fetched = condition === TRUE ? rows : await count("lines that can matter", condition);
    this.#counts = { rows, fetched };
    if (fetched > maxRows)
      return {
        ok: false,
        diagnostics: [
          ...diagnostics,
          codes.tooMany(
            at,
            `${fetched.toLocaleString("en-US")} of ${rows.toLocaleString("en-US")} lines would be fetched, and --max-rows is ${maxRows.toLocaleString("en-US")}`,
            "narrow it with --from or --to, or allow more",
          ),
        ],
      };
    return { ok: true, diagnostics, lines: this.#lines(log, columns, condition) };
  }

  async #rows(purpose: string, sql: string): Promise<readonly StoredRow[]> {
    this.#options.onQuery?.(purpose, sql);
    this.#options.onProgress?.(purpose);
    return this.#options.store.rows(sql);
  }

  /** The times between lines that are equal, or that are not read as the table has them. */
  async #between(
    log: StoredLog,
    columns: TableLine,
    { condition, odd, long }: LineCondition,
  ): Promise<string> {
    const { dialect } = this.#options.store;
    const { time, host, program, message } = columns;
    const where = (more: string): string => `FROM ${log.from} WHERE ${all([log.within, more])}`;
    // The date is a part of a line, but of those that are written as they are, and of pieces behind the first.
    const moment = `(CASE WHEN (${host} = '' AND ${program} = '') OR ${long} THEN ${dialect.double("0")} ELSE ${time} END)`;
    const text = `(CASE WHEN ${long} THEN '' ELSE concat(${host}, ' ', ${program}, ' ', ${message}) END)`;
    const equal = `SELECT min(t) AS a, max(t) AS b FROM (SELECT ${time} AS t, ${moment} AS m, ${text} AS x ${where(condition)}) AS r GROUP BY m, x HAVING count(*) > 1`;
    const other = `SELECT ${time} AS a, ${time} AS b ${where(odd)}`;
    const second = (value: string): string => dialect.quotient(value, 1);
    const found = await this.#rows(
      "times of equal lines",
      `SELECT DISTINCT ${second("a")} AS c, ${second("b")} AS d FROM (${equal} UNION ALL ${other}) AS u`,
    );
    const stretches = joined(found.map(([a, b]) => [Number(a), Number(b)] as const));
    if (stretches.length > mostStretches) return TRUE;
    const seconds = stretches.filter(([a, b]) => a === b).map(([a]) => a);
    return any([
      ...(seconds.length === 0 ? [] : [`${second(time)} IN (${seconds.join(", ")})`]),
      ...stretches.filter(([a, b]) => a < b).map(([a, b]) => `(${time} >= ${a} AND ${time} < ${b + 1})`),
    ]);
  }

  async *#lines(log: StoredLog, columns: TableLine, condition: string): AsyncGenerator<ArchivedLine> {
    const { store, onQuery, onProgress } = this.#options;
    const { host, program, message, time } = columns;
    const { exact, read } = texts(store.dialect);
    // Engines do not order by constants, which stand for columns that a table lacks.
    const order = [time, host, program, message].filter((column) => column !== "''");
    const wanted = [time, exact(host), exact(program), exact(message)].map((sql, i) => `${sql} AS c${i}`);
    const sql = `SELECT ${wanted.join(", ")} FROM ${log.from} WHERE ${all([log.within, `${time} IS NOT NULL`, condition])} ORDER BY ${order.join(", ")}`;
    onQuery?.("the lines", sql);
    onProgress?.("the lines");
    for await (const rows of store.stream(sql))
      for (const [at = null, ...parts] of rows) {
        const [ownHost = "", ownProgram = "", text = ""] = parts.map(read);
        for (const line of writtenLines({
          time: Number(at),
          host: ownHost,
          program: ownProgram,
          message: text,
        }))
          yield { text: line, time: Number(at) };
      }
  }
}

/** A table's columns, as texts that are never NULL. */
interface TableLine {
  /** Seconds. */
  readonly time: string;
  readonly host: string;
  readonly program: string;
  readonly message: string;
}

function columnsOf(log: StoredLog): TableLine | null {
  const sql = (column: string): string | undefined => log.columns(column)?.sql;
  const time = sql("time");
  const message = sql("message");
  if (time === undefined || message === undefined) return null;
  const text = (column: string | undefined): string =>
    column === undefined ? "''" : `coalesce(${column}, '')`;
  const program = text(sql("program"));
  const pid = text(sql("pid"));
  return {
    time,
    host: text(sql("host")),
    program:
      pid === "''"
        ? program
        : `(CASE WHEN ${pid} = '' OR ${program} = '' THEN ${program} ELSE concat(${program}, '[', ${pid}, ']') END)`,
    message: text(message),
  };
}

/** How texts come out of an engine byte for byte, and what they are here: latin1. */
function texts({ name }: SqlDialect): {
  readonly exact: (sql: string) => string;
  readonly read: (value: StoredValue) => string;
} {
  // ClickHouse's texts are any bytes, of which its JSON shows only those that are UTF-8.
  return name === "clickhouse"
    ? { exact: (sql) => `hex(${sql})`, read: (value) => Buffer.from(String(value), "hex").toString("latin1") }
    : { exact: (sql) => sql, read: (value) => Buffer.from(String(value), "utf8").toString("latin1") };
}

/** A row of a table of lines. Texts are latin1, a byte a unit. */
export interface TableRow {
  /** Epoch seconds, to the microsecond. */
  readonly time: number;
  /** Empty: not known; so with the program. */
  readonly host: string;
  readonly program: string;
  readonly message: string;
}

/**
 * A row as the line that a syslog daemon would have written: with the date of RFC 3339, which says the whole moment. A row
 * with neither host nor program is a line as it stands. Of a newline rsyslog's `#012` is left; lines longer than OSSEC
 * reads are its pieces.
 */
export function writtenLines({ time, host, program, message }: TableRow): readonly string[] {
  const body = message.replaceAll("\n", "#012");
  const header =
    host === "" && program === ""
      ? ""
      : `${dateOf(time)} ${host === "" ? "" : `${host.replaceAll("\n", "#012")} `}${program === "" ? "" : `${program.replaceAll("\n", "#012")}: `}`;
  const line = `${header}${body}`;
  if (line.length < lineLimit) return [line];
  return [...new LineCutter().push(Buffer.from(`${line}\n`, "latin1"))];
}

/** `2026-06-11T11:04:47.123456+00:00` */
function dateOf(time: number): string {
  const micros = Math.round(time * 1e6);
  const seconds = Math.floor(micros / 1e6);
  const fraction = `${micros - seconds * 1e6}`.padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}+00:00`;
}

/** Stretches that meet become one. */
function joined(stretches: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const [a, b] of [...stretches].sort((x, y) => x[0] - y[0])) {
    const last = found.at(-1);
    if (last !== undefined && a <= last[1]) last[1] = Math.max(last[1], b);
    else found.push([a, b]);
  }
  return found;
}
