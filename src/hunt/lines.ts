import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { LineCutter, lineLimit } from "../files/lines.js";
import type { ArchivedLine, ArchivedLines, PreparedLines } from "../logtest/archived-lines.js";
import type { Ruleset } from "../ossec/definitions.js";
import { all, any, TRUE } from "../targets/sql/condition.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import { type LineColumns, type LineCondition, lineCondition, oddLines } from "../targets/sql/lines.js";
import { codes } from "./codes.js";
import { linesLog } from "./columns.js";
import { missingColumn } from "./foreign.js";
import type { ExactLines, Store, StoredLog, StoredRow, StoredValue } from "./store.js";

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

/** Stretches of time in which every line is fetched, at most; beyond it those that are near to one another are joined. */
const mostStretches = 5000;

/** Lines somewhere in the store, as SQL. */
interface LineSource {
  /** What stands behind FROM. */
  readonly from: string;
  readonly where: string;
  /** Seconds. */
  readonly time: string;
  /** What tells lines of the same time apart. */
  readonly order: readonly string[];
  /** What is read of each beside its time. */
  readonly wanted: readonly string[];
  /** What it has in common with each line that the engine takes for the same. */
  readonly same: readonly string[];
  /** 1 where it is not known which lines the engine takes for the same, else 0. */
  readonly odd: string;
}

/** A table of lines. */
interface LineTable {
  readonly columns: LineColumns;
  /** All lines that have a time. */
  readonly source: LineSource;
  /** What the engine gets of a row of `wanted`, with its time in front. */
  lines(row: StoredRow): readonly ArchivedLine[];
}

/**
 * Lines of a table, for OSSEC's engine: those that can matter to its rules (`lineCondition`), in the order of their
 * times. What the engine makes of them is what it makes of all lines, for the others change nothing in it but this: the
 * daemon drops a line that equals one of the last three. So where two lines that are fetched are equal, or may be, all lines
 * of the seconds from the one to the other are fetched as well.
 *
 * What the rules need is looked for once where the store keeps what it finds; else twice, for the equal lines first.
 */
export class HuntedLines implements ArchivedLines {
  readonly name: string;
  readonly #options: LineHuntOptions;
  #rows: number | null = null;
  #fetched = 0;

  constructor(options: LineHuntOptions) {
    this.#options = options;
    this.name = options.store.name;
  }

  /** Null before the lines are prepared. Those that were fetched are counted as they come. */
  counts(): LineCounts | null {
    return this.#rows === null ? null : { rows: this.#rows, fetched: this.#fetched };
  }

  async prepare(rules: Ruleset): Promise<PreparedLines> {
    const { store, maxRows, whole } = this.#options;
    const log = store.log(linesLog);
    const at = { file: store.name, line: 1, column: 1 };
    const table = log === undefined ? null : lineTable(log, store.dialect);
    if (log === undefined || table === null)
      return {
        ok: false,
        diagnostics: [missingColumn(store.name, linesLog, "message", [...(log?.types.keys() ?? [])])],
      };
    const diagnostics: Diagnostic[] = [];
    const found = lineCondition(rules, table.columns, store.dialect);
    const rows = await this.#timed(log, table.source.time, diagnostics);
    this.#rows = rows;
    if (!whole && found.whole !== null)
      diagnostics.push(
        codes.everyLine(at, `${found.whole}: all ${rows.toLocaleString("en-US")} lines are read`),
      );
    const all = { sources: [table.source], most: rows };
    const { dropsRepeatedLines } = rules.dialect.engine;
    const { sources, most } =
      whole || found.condition === TRUE ? all : await this.#chosen(table.source, found, dropsRepeatedLines);
    if (Math.min(most, rows) > maxRows)
      return {
        ok: false,
        diagnostics: [
          ...diagnostics,
          codes.tooMany(
            at,
            `${Math.min(most, rows).toLocaleString("en-US")} of ${rows.toLocaleString("en-US")} lines would be fetched, and --max-rows is ${maxRows.toLocaleString("en-US")}`,
            "narrow it with --from or --to, or allow more",
          ),
        ],
      };
    return { ok: true, diagnostics, lines: this.#lines(sources, table) };
  }

  async #query(purpose: string, sql: string): Promise<readonly StoredRow[]> {
    this.#options.onQuery?.(purpose, sql);
    this.#options.onProgress?.(purpose);
    return this.#options.store.rows(sql);
  }

  /** How many lines have a time; the others are left out. */
  async #timed({ from, within }: StoredLog, time: string, diagnostics: Diagnostic[]): Promise<number> {
    const [[every = 0, timed = 0] = []] = await this.#query(
      "lines",
      `SELECT count(*), count(${time}) FROM ${from} WHERE ${within}`,
    );
    const rows = Number(timed);
    const timeless = Number(every) - rows;
    if (timeless > 0)
      diagnostics.push(
        codes.timeless(
          { file: this.name, line: 1, column: 1 },
          `${timeless.toLocaleString("en-US")} lines have no time and are left out`,
        ),
      );
    return rows;
  }

  /** Which lines are fetched, and how many at most. */
  async #chosen(
    every: LineSource,
    { condition }: LineCondition,
    drops: boolean,
  ): Promise<{ readonly sources: readonly LineSource[]; readonly most: number }> {
    const { store } = this.#options;
    const matching = { ...every, where: all([every.where, condition]) };
    const wanted = store.keepsAll ? await this.#kept(matching) : matching;
    const { count, stretches } = await this.#equal(wanted);
    if (!drops || stretches.length === 0) return { sources: [wanted], most: count };
    const inside = (time: string): string => during(time, stretches, store.dialect);
    const between = { ...every, where: all([every.where, inside(every.time)]) };
    const [[more = 0] = []] = await this.#query(
      "lines between equal ones",
      `SELECT count(*) FROM ${between.from} WHERE ${between.where}`,
    );
    const sources =
      wanted === matching
        ? [{ ...every, where: all([every.where, any([condition, inside(every.time)])]) }]
        : [{ ...wanted, where: `NOT ${inside(wanted.time)}` }, between];
    return { sources, most: count + Number(more) };
  }

  /** Puts the lines that can matter aside. */
  async #kept({ from, where, time, order, wanted, same, odd }: LineSource): Promise<LineSource> {
    const { store, maxRows, onQuery, onProgress } = this.#options;
    const columns = [...named("o", order), ...named("c", wanted), ...named("s", same)];
    // More than may be fetched are not put aside.
    const limit = Number.isSafeInteger(maxRows) ? ` LIMIT ${maxRows + 1}` : "";
    const sql = `SELECT ${time} AS t, ${odd} AS odd, ${columns.join(", ")} FROM ${from} WHERE ${where}${limit}`;
    onQuery?.("lines that can matter", sql);
    onProgress?.("lines that can matter");
    const of = (letter: string, list: readonly string[]): readonly string[] =>
      list.map((_, i) => `${letter}${i}`);
    return {
      from: await store.keep("lines that can matter", sql),
      where: TRUE,
      time: "t",
      order: of("o", order),
      wanted: of("c", wanted),
      same: of("s", same),
      odd: "odd",
    };
  }

  /** How many lines there are, and the seconds from lines to equal ones, and of those that may be equal to any. */
  async #equal({ from, where, time, same, odd }: LineSource): Promise<{
    readonly count: number;
    readonly stretches: readonly (readonly [number, number])[];
  }> {
    const second = (value: string): string => this.#options.store.dialect.quotient(value, 1);
    const keys = same.map((_, i) => `s${i}`).join(", ");
    const lines = `SELECT ${time} AS t, ${odd} AS o, ${named("s", same).join(", ")} FROM ${from} WHERE ${where}`;
    const groups = `SELECT min(t) AS a, max(t) AS b, count(*) AS n, (CASE WHEN count(*) > 1 OR max(o) = 1 THEN 1 ELSE 0 END) AS k FROM (${lines}) AS r GROUP BY ${keys}`;
    const found = await this.#query(
      "lines that are equal",
      `SELECT k, c, d, sum(n) AS n FROM (SELECT k, n, (CASE WHEN k = 1 THEN ${second("a")} ELSE 0 END) AS c, (CASE WHEN k = 1 THEN ${second("b")} ELSE 0 END) AS d FROM (${groups}) AS g) AS h GROUP BY k, c, d`,
    );
    return {
      count: found.reduce((sum, [, , , n]) => sum + Number(n), 0),
      stretches: few(found.flatMap(([k, a, b]) => (Number(k) === 1 ? [[Number(a), Number(b)]] : []))),
    };
  }

  async *#lines(sources: readonly LineSource[], table: LineTable): AsyncGenerator<ArchivedLine> {
    const { store, onQuery, onProgress } = this.#options;
    const sql = inOrder(sources);
    onQuery?.("the lines", sql);
    onProgress?.("the lines");
    for await (const some of store.stream(sql)) {
      this.#fetched += some.length;
      for (const row of some) yield* table.lines(row);
    }
  }
}

/** Lines of one or more sources, in the order of their times. */
function inOrder(sources: readonly LineSource[]): string {
  const select = ({ from, where, time, order, wanted }: LineSource): string =>
    `SELECT ${[`${time} AS t`, ...named("c", wanted), ...named("o", order)].join(", ")} FROM ${from} WHERE ${where}`;
  const rows =
    sources.length === 1
      ? sources.map(select).join("")
      : `SELECT * FROM (${sources.map(select).join(" UNION ALL ")}) AS u`;
  return `${rows} ORDER BY ${["t", ...(sources[0]?.order ?? []).map((_, i) => `o${i}`)].join(", ")}`;
}

/** All lines of a log of an archive, in the order of their times. */
export async function* everyLine(store: Store, log: StoredLog): AsyncGenerator<ArchivedLine> {
  const table = lineTable(log, store.dialect);
  if (table === null) return;
  for await (const some of store.stream(inOrder([table.source])))
    for (const row of some) yield* table.lines(row);
}

const named = (letter: string, columns: readonly string[]): readonly string[] =>
  columns.map((sql, i) => `${sql} AS ${letter}${i}`);

/** Whether a time lies in one of the stretches of whole seconds. */
function during(
  time: string,
  stretches: readonly (readonly [number, number])[],
  dialect: SqlDialect,
): string {
  const seconds = stretches.filter(([a, b]) => a === b).map(([a]) => a);
  const least = Math.min(...stretches.map(([a]) => a));
  const most = Math.max(...stretches.map(([, b]) => b));
  const terms = [
    ...(seconds.length === 0 ? [] : [`${dialect.quotient(time, 1)} IN (${seconds.join(", ")})`]),
    ...stretches.filter(([a, b]) => a < b).map(([a, b]) => `(${time} >= ${a} AND ${time} < ${b + 1})`),
  ];
  // The bounds tell engines which parts of the table they need not read.
  return `(${time} >= ${least} AND ${time} < ${most + 1} AND ${any(terms)})`;
}

const lineTable = (log: StoredLog, dialect: SqlDialect): LineTable | null =>
  log.exact === null ? tableOfRows(log, dialect) : tableOfLines(log, log.exact);

/** Lines as `zopf archive` has put them into columns; they come back byte for byte. */
function tableOfLines(
  { from, within, written, order, place }: StoredLog,
  { text, raw, form, program, message }: ExactLines,
): LineTable {
  const isCut = `${form} = 'header'`;
  const bytes = `${form} = 'bytes'`;
  return {
    columns: {
      host: "''",
      program: `(CASE WHEN ${isCut} THEN ${program} ELSE '' END)`,
      message: `(CASE WHEN ${isCut} THEN ${message} ELSE ${text} END)`,
      odd: bytes,
    },
    source: {
      from,
      where: within,
      time: written,
      order,
      wanted: [text, `hex(${raw})`, place?.file ?? "''", place?.line ?? "0"],
      // The engine compares lines without their control bytes.
      same: [
        `(CASE WHEN ${bytes} THEN regexp_replace(${text}, '[\\x00-\\x1f\\x7f]', '', 'g') ELSE ${text} END)`,
      ],
      odd: "0",
    },
    lines: ([at = null, line = "", bytesOf = null, file = "", number = 0]) => [
      {
        text:
          bytesOf === null
            ? Buffer.from(String(line), "utf8").toString("latin1")
            : Buffer.from(String(bytesOf), "hex").toString("latin1"),
        time: Number(at),
        file: String(file),
        lineNumber: Number(number),
      },
    ],
  };
}

/** Rows of a table, each written as a syslog daemon would have written it. */
function tableOfRows(log: StoredLog, dialect: SqlDialect): LineTable | null {
  const sql = (column: string): string | undefined => log.columns(column)?.sql;
  const time = sql("time");
  const stored = sql("message");
  if (time === undefined || stored === undefined) return null;
  const text = (column: string | undefined): string =>
    column === undefined ? "''" : `coalesce(${column}, '')`;
  const [host, message, name, pid] = [
    text(sql("host")),
    text(stored),
    text(sql("program")),
    text(sql("pid")),
  ];
  const program =
    pid === "''"
      ? name
      : `(CASE WHEN ${pid} = '' OR ${name} = '' THEN ${name} ELSE concat(${name}, '[', ${pid}, ']') END)`;
  const columns = { host, program, message };
  const { odd, long } = oddLines(columns, dialect);
  const { exact, read } = texts(dialect);
  return {
    columns,
    source: {
      from: log.from,
      where: all([log.within, `${time} IS NOT NULL`]),
      time,
      // Engines do not order by constants, which stand for columns that a table lacks.
      order: [host, program, message].filter((column) => column !== "''"),
      wanted: [exact(host), exact(program), exact(message)],
      same: [
        // The date is a part of a line, but of those that are written as they are, and of pieces behind the first.
        `(CASE WHEN (${host} = '' AND ${program} = '') OR ${long} THEN ${dialect.double("0")} ELSE ${time} END)`,
        `(CASE WHEN ${long} THEN '' ELSE concat(${host}, ' ', ${program}, ' ', ${message}) END)`,
      ],
      odd: `(CASE WHEN ${odd} THEN 1 ELSE 0 END)`,
    },
    lines: ([at = null, ...parts]) => {
      const [ownHost = "", ownProgram = "", ownMessage = ""] = parts.slice(0, 3).map(read);
      const line = { time: Number(at), host: ownHost, program: ownProgram, message: ownMessage };
      return writtenLines(line).map((written) => ({ text: written, time: line.time }));
    },
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

/** Stretches of whole seconds as few as may be: what is nearest to one another becomes one. */
function few(stretches: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  let found = joined(stretches, 0);
  for (let gap = 1; found.length > mostStretches; gap *= 2) found = joined(found, gap);
  return found;
}

/** Stretches that meet, or are at most so many seconds apart, become one. */
function joined(
  stretches: readonly (readonly [number, number])[],
  gap: number,
): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const [a, b] of [...stretches].sort((x, y) => x[0] - y[0])) {
    const last = found.at(-1);
    if (last !== undefined && a <= last[1] + gap) last[1] = Math.max(last[1], b);
    else found.push([a, b]);
  }
  return found;
}
