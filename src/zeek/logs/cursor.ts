import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { nearNames } from "../../diagnostics/near-names.js";
import { unread } from "../../files/input.js";
import type { ReadingWatch } from "../../files/reading-watch.js";
import { readBytes } from "../../files/streamed-input.js";
import { WholeLines } from "../../files/whole-lines.js";
import { logNameOf } from "./names.js";
import { createProblemLog, type ProblemLog } from "./problems.js";
import {
  bindTsv,
  createJsonRows,
  type JsonRows,
  type LogRow,
  noMarks,
  nothingLeft,
  type TsvRows,
  type Wanted,
} from "./rows.js";
import { headerColumns, NO_HEADER, readBareHeader, readHeaderLine, type TsvHeader } from "./schema.js";
import { columnNamed, type LogColumn, type LogType } from "./types.js";

export interface ReadOptions {
  /** Columns to decode, in the order in which `row.values` holds them; left out: all of the log. */
  readonly columns?: readonly string[];
  /** Columns without which a record is of no use; a header without one is an unknown header. */
  readonly required?: readonly string[];
  /** Columns that are read for their values: reported where a TSV header, or all JSON records, lack one. */
  readonly expected?: readonly string[];
  /** JSON records may all lack an expected column: it is of what need not be set. */
  readonly sparse?: boolean;
  /** Columns whose values `row.rest()` brings, where that saves time. */
  readonly later?: readonly string[];
  /** Columns that `row.numbers` holds at once, in this order. */
  readonly numbers?: readonly string[];
  /** Types of columns in JSON logs, where the name does not tell. */
  readonly types?: ReadonlyMap<string, LogType>;
  /** What `-` is called in diagnostics and what log it holds when it does not say. */
  readonly path?: string;
  /** What the log holds, where it is no file. */
  readonly text?: string;
  readonly watch?: ReadingWatch;
}

/**
 * A log being read. `next` works on what is in memory and is cheap; when it returns false, `fill`
 * fetches more, and returns false at the end.
 */
export interface LogCursor {
  readonly file: string;
  /** The record that `next` found; the same object every time. */
  readonly row: LogRow;
  /** What `row.values` holds; changes where a header in mid-file changes it. */
  columns(): readonly LogColumn[];
  next(): boolean;
  fill(): Promise<boolean>;
  close(): Promise<void>;
  /** Records delivered so far. */
  records(): number;
  /** Records skipped so far. */
  skipped(): number;
  /** Bytes read so far, as stored. */
  rawBytes(): number;
  /** Columns that are read for their values and that the log does not have; complete with the diagnostics. */
  lacking(): readonly string[];
  /** What was wrong; complete once `fill` has returned false. */
  diagnostics(): readonly Diagnostic[];
}

const newline = 10;
const carriageReturn = 13;
const hash = 0x23;
const brace = 0x7b;
/** A longer line is skipped, in bytes. */
export const longestLine = 1 << 22;

class LogReader implements LogCursor {
  readonly file: string;
  readonly row: LogRow;
  readonly #wanted: Wanted;
  /** Columns of which a TSV header is reported where it does not name them. */
  readonly #expected: readonly string[];
  readonly #sparse: boolean;
  readonly #state = unread();
  readonly #bytes: AsyncGenerator<Buffer>;
  readonly #lines = new WholeLines(longestLine);
  readonly #problems: ProblemLog;
  readonly #json: JsonRows;
  readonly #defaultPath: string | undefined;
  /** What the log has turned out to be. */
  #mode: "none" | "tsv" | "json" = "none";
  #header: TsvHeader = NO_HEADER;
  #tsv: TsvRows | undefined;
  /** The row in hand is one that `#tsv.regular` has read. */
  #isRegular = false;
  #headers = 0;
  #line = 0;
  #records = 0;
  #finished = false;
  readonly #watch: ReadingWatch | undefined;
  /** Bytes that the watch knows of. */
  #watched = 0;

  constructor(file: string, options: ReadOptions) {
    const { columns, required = [], later, numbers } = options;
    this.file = file;
    this.#watch = options.watch;
    this.#wanted = { columns, required, later, numbers };
    this.#expected = options.expected ?? [];
    this.#sparse = options.sparse ?? false;
    this.#bytes = options.text === undefined ? readBytes(file, this.#state) : bytesOf(options.text);
    this.#problems = createProblemLog(file, this.#state, required);
    this.#json = createJsonRows(this.#wanted, options.types);
    this.#defaultPath = options.path ?? logNameOf(file);
    this.row = {
      values: [],
      numbers: new Float64Array(numbers?.length ?? 0),
      marks: noMarks,
      ts: Number.NaN,
      file,
      line: 0,
      path: this.#defaultPath,
      rest: nothingLeft,
    };
  }

  columns(): readonly LogColumn[] {
    return this.#mode === "tsv" ? (this.#tsv?.columns ?? []) : this.#json.columns;
  }

  records(): number {
    return this.#records;
  }

  skipped(): number {
    return this.#problems.count();
  }

  lacking(): readonly string[] {
    return [...this.#problems.lacking(), ...this.#unseen()];
  }

  /** Columns of which no JSON record had a value, though Zeek always sets them. */
  #unseen(): readonly string[] {
    const unseen = this.#mode === "json" && !this.#sparse && this.#records > 0 ? this.#json.unseen() : [];
    return unseen.filter((name) => this.#expected.includes(name));
  }

  rawBytes(): number {
    return this.#state.rawBytes;
  }

  diagnostics(): readonly Diagnostic[] {
    return this.#problems.report({
      records: this.#records,
      headers: this.#headers,
      lastLine: this.#line,
      unseen: this.#unseen(),
    });
  }

  next(): boolean {
    const lines = this.#lines;
    while (lines.at < lines.end) {
      const tsv = this.#tsv;
      const isRow = tsv !== undefined && lines.buffer[lines.at] !== hash;
      if (!(isRow ? this.#readRow(tsv) : this.#readOther())) continue;
      this.row.line = this.#line;
      this.#records++;
      return true;
    }
    return false;
  }

  /** Reads a line of the TSV log at hand. True when the row was filled. */
  #readRow(tsv: TsvRows): boolean {
    const { row } = this;
    const lines = this.#lines;
    const { buffer, at: start } = lines;
    this.#line++;
    const regularStop = tsv.regular === undefined ? -1 : tsv.regular.read(buffer, start, row);
    this.#isRegular = regularStop >= 0;
    if (this.#isRegular) lines.at = regularStop + 1;
    else {
      const stop = tsv.scan(buffer, start, lines.end);
      lines.at = stop + 1;
      if (stop === start) return false;
      const problem = tsv.decode(buffer, row);
      if (problem !== undefined) {
        this.#problems.note(problem, this.#line);
        return false;
      }
    }
    row.path = this.#header.path ?? this.#defaultPath;
    return true;
  }

  /** Reads a line that is no row of the TSV log at hand. True when the row was filled. */
  #readOther(): boolean {
    const lines = this.#lines;
    const { buffer, at: start } = lines;
    const stop = buffer.indexOf(newline, start);
    lines.at = stop + 1;
    this.#line++;
    const end = stop > start && buffer[stop - 1] === carriageReturn ? stop - 1 : stop;
    if (end === start) return false;
    const first = buffer[start];
    if (first === hash) {
      const read = readHeaderLine(this.#header, buffer.toString("latin1", start, end));
      this.#header = read.header;
      if (read.changed) this.#bind();
      return false;
    }
    if (first === brace && this.#mode !== "tsv") return this.#readJson(start, end);
    if (this.#mode === "json") this.#problems.note("json", this.#line);
    else this.#readBareHeader(start, end);
    return false;
  }

  #readJson(start: number, end: number): boolean {
    this.#mode = "json";
    this.row.path = this.#defaultPath;
    const problem = this.#json.decode(this.#lines.buffer, start, end, this.row);
    if (problem !== undefined) this.#problems.note(problem, this.#line);
    return problem === undefined;
  }

  /** A first line without `#` may name the columns. */
  #readBareHeader(start: number, end: number): void {
    const bare =
      this.#mode === "none" ? readBareHeader(this.#lines.buffer.toString("latin1", start, end)) : undefined;
    if (bare === undefined) this.#problems.note("header", this.#line);
    else {
      this.#header = bare;
      this.#bind();
    }
  }

  /** Binds the rows that follow to the header. */
  #bind(): void {
    const { row } = this;
    const columns = headerColumns(this.#header);
    const tsv = columns === undefined ? undefined : bindTsv(columns, this.#header.style, this.#wanted);
    if (tsv !== undefined) this.#headers++;
    if (columns !== undefined) this.#reportMissing(columns);
    this.#tsv = tsv;
    this.#mode = columns === undefined ? "none" : "tsv";
    row.values = [];
    row.rest =
      tsv === undefined
        ? nothingLeft
        : () =>
            (this.#isRegular && tsv.regular !== undefined ? tsv.regular : tsv).rest(this.#lines.buffer, row);
  }

  #reportMissing(columns: readonly LogColumn[]): void {
    const names = new Map(columns.map(({ name }, place) => [name, place]));
    for (const name of this.#expected)
      if (columnNamed(name, names) === undefined)
        this.#problems.missing(name, this.#line, nearNames(name, names.keys()));
  }

  async fill(): Promise<boolean> {
    if (this.#lines.useRest()) return true;
    if (this.#finished) return false;
    if (this.#watch?.stopped() === true) {
      await this.close();
      return false;
    }
    const chunk = await this.#bytes.next();
    await this.#watch?.read(this.#state.rawBytes - this.#watched);
    this.#watched = this.#state.rawBytes;
    if (chunk.done === true) return this.#finish();
    if (!this.#lines.accept(chunk.value)) {
      this.#line++;
      this.#problems.note("long", this.#line);
    }
    return true;
  }

  #finish(): boolean {
    this.#finished = true;
    const isWhole = this.#state.damage === undefined;
    if (!this.#lines.finish(isWhole)) return false;
    if (!isWhole) this.#problems.note("cut", this.#line + 1);
    return isWhole;
  }

  async close(): Promise<void> {
    this.#finished = true;
    await this.#bytes.return(undefined);
  }
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

/** Opens a log (`-`: standard input). Nothing is read before the first `fill`. */
export function openLog(file: string, options: ReadOptions = {}): LogCursor {
  return new LogReader(file, options);
}

/** Calls back for every record of one log; the row is reused. For merged logs see `mergeLogs`. */
export async function forEachRecord(
  file: string,
  options: ReadOptions,
  each: (row: LogRow, cursor: LogCursor) => void,
): Promise<readonly Diagnostic[]> {
  const cursor = openLog(file, options);
  do {
    while (cursor.next()) each(cursor.row, cursor);
  } while (await cursor.fill());
  await cursor.close();
  return cursor.diagnostics();
}
