import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { type InputState, readBytes } from "../../files/input.js";
import { logNameOf } from "./names.js";
import { createProblemLog } from "./problems.js";
import type { RegularLines } from "./regular.js";
import {
  bindTsv,
  createJsonRows,
  type LogRow,
  noMarks,
  nothingLeft,
  type TsvRows,
  type Wanted,
} from "./rows.js";
import { headerColumns, NO_HEADER, readBareHeader, readHeaderLine, type TsvHeader } from "./schema.js";
import type { LogColumn, LogType } from "./types.js";

export interface ReadOptions {
  /** Columns to decode, in the order in which `row.values` holds them; left out: all of the log. */
  readonly columns?: readonly string[];
  /** Columns without which a record is of no use; a header without one is an unknown header. */
  readonly required?: readonly string[];
  /** Columns that are read for their values: told where a TSV header does not name one. */
  readonly expected?: readonly string[];
  /** Columns whose values `row.rest()` brings, where that saves time. */
  readonly later?: readonly string[];
  /** Columns that `row.numbers` holds at once, in this order. */
  readonly numbers?: readonly string[];
  /** Types of columns in JSON logs, where the name does not tell. */
  readonly types?: ReadonlyMap<string, LogType>;
  /** What `-` is called in diagnostics and what log it holds when it does not say. */
  readonly path?: string;
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
  /** What was wrong; complete once `fill` has returned false. */
  diagnostics(): readonly Diagnostic[];
}

const NEWLINE = 10;
const HASH = 0x23;
const BRACE = 0x7b;
const LONGEST_LINE = 1 << 22;
const EMPTY: Buffer = Buffer.alloc(0);
const END_OF_LINE = Buffer.from("\n");

/** Opens a log (`-`: standard input). Nothing is read before the first `fill`. */
export function openLog(file: string, options: ReadOptions = {}): LogCursor {
  const wanted: Wanted = {
    columns: options.columns,
    required: options.required ?? [],
    later: options.later,
    numbers: options.numbers,
  };
  const state: InputState = { rawBytes: 0, damage: undefined, unreadable: undefined };
  const bytes = readBytes(file, state);
  const problems = createProblemLog(file, state);
  const json = createJsonRows(wanted, options.types);
  const defaultPath = options.path ?? logNameOf(file);
  const row: LogRow = {
    values: [],
    numbers: new Float64Array(options.numbers?.length ?? 0),
    marks: noMarks,
    ts: Number.NaN,
    line: 0,
    path: defaultPath,
    rest: nothingLeft,
  };

  let header: TsvHeader = NO_HEADER;
  let tsv: TsvRows | undefined;
  let regular: RegularLines | undefined;
  /** The row in hand is one that `regular` has read. */
  let isRegular = false;
  let mode: "none" | "tsv" | "json" = "none";
  let headers = 0;
  let buffer = EMPTY;
  /** Up to here the buffer holds whole lines. */
  let whole = 0;
  let pos = 0;
  let rest = EMPTY;
  let skipping = false;
  let line = 0;
  let records = 0;
  let started = false;
  let finished = false;

  const bind = () => {
    const columns = headerColumns(header);
    tsv = columns === undefined ? undefined : bindTsv(columns, header.style, wanted);
    if (tsv !== undefined) headers++;
    if (columns !== undefined && options.expected !== undefined) {
      const names = new Set(columns.map(({ name }) => name));
      for (const name of options.expected) if (!names.has(name)) problems.missing(name, line);
    }
    row.values = [];
    const bound = tsv;
    regular = bound?.regular;
    row.rest = nothingLeft;
    if (bound !== undefined) {
      const { regular } = bound;
      row.rest = () => (isRegular && regular !== undefined ? regular : bound).rest(buffer, row);
    }
    mode = columns === undefined ? "none" : "tsv";
  };

  /** A line that is no row of the TSV log at hand. True when the row was filled. */
  const slowLine = (start: number, stop: number): boolean => {
    const end = stop > start && buffer[stop - 1] === 13 ? stop - 1 : stop;
    if (end === start) return false;
    const first = buffer[start];
    if (first === HASH) {
      const read = readHeaderLine(header, buffer.toString("latin1", start, end));
      header = read.header;
      if (read.changed) bind();
      return false;
    }
    if (first === BRACE && mode !== "tsv") {
      mode = "json";
      row.path = defaultPath;
      const problem = json.decode(buffer, start, end, row);
      if (problem !== undefined) problems.note(problem, line);
      return problem === undefined;
    }
    if (mode === "json") problems.note("json", line);
    else {
      const bare = mode === "none" ? readBareHeader(buffer.toString("latin1", start, end)) : undefined;
      if (bare === undefined) problems.note("header", line);
      else {
        header = bare;
        bind();
      }
    }
    return false;
  };

  const next = (): boolean => {
    const end = whole;
    while (pos < end) {
      const start = pos;
      if (tsv !== undefined && buffer[start] !== HASH) {
        const regularStop = regular === undefined ? -1 : regular.read(buffer, start, row);
        isRegular = regularStop >= 0;
        if (isRegular) {
          pos = regularStop + 1;
          row.path = header.path ?? defaultPath;
          row.line = ++line;
          records++;
          return true;
        }
        const stop = tsv.scan(buffer, start, end);
        if (stop < 0) return false;
        pos = stop + 1;
        line++;
        if (stop === start) continue;
        const problem = tsv.decode(buffer, row);
        if (problem === undefined) {
          row.path = header.path ?? defaultPath;
          row.line = line;
          records++;
          return true;
        }
        problems.note(problem, line);
      } else {
        const stop = buffer.indexOf(NEWLINE, start);
        if (stop < 0) return false;
        pos = stop + 1;
        line++;
        if (slowLine(start, stop)) {
          row.line = line;
          records++;
          return true;
        }
      }
    }
    return false;
  };

  const use = (bytes: Buffer): void => {
    buffer = bytes;
    whole = bytes.lastIndexOf(NEWLINE) + 1;
    pos = 0;
  };

  const accept = (chunk: Buffer): void => {
    let fresh = chunk;
    if (!started) {
      started = true;
      if (fresh[0] === 0xef && fresh[1] === 0xbb && fresh[2] === 0xbf) fresh = fresh.subarray(3);
    }
    const left = buffer.subarray(pos);
    if (left.length === 0 && !skipping) {
      use(fresh);
      return;
    }
    const stop = fresh.indexOf(NEWLINE);
    if (skipping) {
      use(stop < 0 ? EMPTY : fresh.subarray(stop + 1));
      skipping = stop < 0;
      return;
    }
    if (stop >= 0) {
      use(Buffer.concat([left, fresh.subarray(0, stop + 1)]));
      rest = fresh.subarray(stop + 1);
    } else if (left.length + fresh.length > LONGEST_LINE) {
      line++;
      problems.note("long", line);
      skipping = true;
      use(EMPTY);
    } else use(Buffer.concat([left, fresh]));
  };

  const finish = (): boolean => {
    finished = true;
    const left = buffer.subarray(pos);
    if (left.length === 0) return false;
    if (state.damage === undefined) {
      use(Buffer.concat([left, END_OF_LINE]));
      return true;
    }
    use(EMPTY);
    problems.note("cut", line + 1);
    return false;
  };

  const fill = async (): Promise<boolean> => {
    if (rest.length > 0) {
      use(rest);
      rest = EMPTY;
      return true;
    }
    if (finished) return false;
    const chunk = await bytes.next();
    if (chunk.done === true) return finish();
    accept(chunk.value);
    return true;
  };

  return {
    file,
    row,
    columns: () => (mode === "tsv" ? (tsv?.columns ?? []) : json.columns),
    next,
    fill,
    close: async () => {
      finished = true;
      await bytes.return(undefined);
    },
    records: () => records,
    skipped: () => problems.count(),
    diagnostics: () => problems.report({ records, headers, lastLine: line }),
  };
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
