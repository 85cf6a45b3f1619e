import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import { archive } from "../archive/archive.js";
import { type Duckdb, duckdbReason, openDuckdb } from "../archive/duckdb.js";
import { lineColumns, linesLog, lineTypes, textLog, wholeLine } from "../archive/line-columns.js";
import { type ArchivedFile, readManifest } from "../archive/manifest.js";
import { type Minute, minutesOf } from "../archive/minutes.js";
import { secondsOf } from "../archive/schema.js";
import { ownColumns } from "../archive/select.js";
import { fileStatus } from "../files/file-status.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import { unrotated } from "../files/rotated-name.js";
import type { LineDates } from "../replay/syslog-source.js";
import { all } from "../targets/sql/condition.js";
import { duckdb as dialect } from "../targets/sql/dialect.js";
import type { TableColumn } from "../targets/sql/fields.js";
import type { FoundLog } from "../zeek/logs/find.js";
import { type LogType, parseLogType } from "../zeek/logs/types.js";
import { codes } from "./codes.js";
import { foreignLog, type TimeRange } from "./foreign.js";
import { type TickStore, ticksIn } from "./kept-ticks.js";
import type { Names } from "./names.js";
import {
  type Numbers,
  type OpenedStore,
  type Store,
  type StoredLog,
  type StoredRow,
  type StoredValue,
  StoreError,
} from "./store.js";

export interface DuckdbPlace {
  /** A folder of Parquet or of logs, Parquet files (also remote, also with `*`), or a database of DuckDB's own. */
  readonly path: string;
  /** The log that a single table holds. */
  readonly log: string;
  /** The table of a database; null: as `names` say. */
  readonly table: string | null;
}

export interface StoreOptions {
  readonly names: Names;
  readonly range: TimeRange;
  /** What dates of lines mean that do not say all, in a folder of logs. */
  readonly dates?: LineDates;
  readonly watch?: ReadingWatch | undefined;
  /** Seconds without a word from a server, after which it is asked whether it still works (60). */
  readonly silence?: number;
  /** Gets what stops the engine, on the server too; before its first query. */
  readonly onStart?: ((stop: () => void) => void) | undefined;
}

const threads = 2;
/** The database for what a hunt keeps. */
const scratch = "zopf_scratch";
/** A database of DuckDB's own. */
const own = "zopf_source";

export async function openDuckdbStore(place: DuckdbPlace, options: StoreOptions): Promise<OpenedStore> {
  const { path } = place;
  const status = fileStatus(path);
  const failed = (message: string, help?: string): OpenedStore => ({
    ok: false,
    diagnostics: [codes.place({ file: path, line: 1, column: 1 }, message, help)],
  });
  const isDatabase = status?.isFile() === true && /\.(?:duckdb|ddb|db)$/.test(path);
  const isRemote = /^[a-z][a-z0-9+.-]*:\/\//.test(path);
  if (status === null && !isRemote && !/[*?[]/.test(path)) return failed("there is no such file or folder");
  const manifest = status?.isDirectory() === true ? readManifest(path) : null;
  if (manifest === null && status?.isDirectory() === true && !hasParquet(path))
    return openLogs(place, options);
  const opened = await openDuckdb(threads);
  if (!opened.ok) return { ok: false, diagnostics: [opened.diagnostic] };
  const { duckdb } = opened;
  options.onStart?.(() => duckdb.interrupt());
  try {
    if (typeof manifest === "string") return failed(`is no archive that zopf can read: ${manifest}`);
    if (manifest !== null) {
      const logs = archivedLogs(path, manifest.files, options.range);
      const found = manifest.files.map(({ name: file, log }) => ({ file, log, inFolder: true }));
      const isWhole = options.range.from === null && options.range.to === null;
      const ticks = isWhole ? ticksIn(path, manifest.files) : null;
      const { files } = manifest;
      const store = new DuckdbStore(duckdb, path, logs, found, true, { folder: path, files }, ticks, null);
      return { ok: true, store, diagnostics: [] };
    }
    const source = status?.isDirectory() === true ? join(path, "**/*.parquet") : path;
    if (isDatabase) await duckdb.run(`ATTACH ${dialect.text(path)} AS ${own} (READ_ONLY)`);
    const table = isDatabase
      ? `${own}.main.${dialect.identifier(place.table ?? options.names.tables.get(place.log) ?? place.log)}`
      : `read_parquet(${dialect.text(source)}, union_by_name = true)`;
    const rows = (sql: string) => duckdb.rows(sql);
    const bound = await foreignLog(
      { place: path, log: place.log, from: table, dialect, rows },
      options.names,
      options.range,
    );
    if (!bound.ok) {
      duckdb.close();
      return bound;
    }
    const found = [{ file: path, log: place.log, inFolder: false }];
    // What a running sensor writes: nothing is known about an end.
    const rotated = [...found, ...found];
    const logs = new Map([[place.log, bound.log]]);
    return {
      ok: true,
      store: new DuckdbStore(duckdb, path, logs, rotated, false, null, null, null),
      diagnostics: bound.diagnostics,
    };
  } catch (error) {
    duckdb.close();
    const reason = duckdbReason(error);
    return failed(reason, damageHelp(reason));
  }
}

/** What to do about a file that DuckDB cannot read; undefined: it is something else. */
const damageHelp = (reason: string): string | undefined =>
  /No magic bytes|TProtocolException|too small to be a Parquet|Invalid Parquet|No files found that match|don't match Parquet|Failed to read file|decompress|corrupt/i.test(
    reason,
  )
    ? "a Parquet file is damaged, cut off or gone: write it again; of an archive, delete the file and run zopf archive again with the logs"
    : undefined;

const hasParquet = (folder: string): boolean =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => name.endsWith(".parquet"));

/** A folder of logs becomes an archive for the time of the hunt. */
async function openLogs(place: DuckdbPlace, options: StoreOptions): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), "zopf-hunt-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const made = await archive({
    paths: [place.path],
    into: folder,
    ...(options.dates === undefined ? {} : { dates: options.dates }),
    ...(options.watch === undefined ? {} : { watch: options.watch }),
  });
  if (!made.ok || made.added.length === 0) {
    remove();
    const nothing = codes.place({ file: place.path, line: 1, column: 1 }, "holds neither Parquet nor logs");
    return { ok: false, diagnostics: made.ok ? [...made.diagnostics, nothing] : made.diagnostics };
  }
  const opened = await openDuckdb(threads);
  if (!opened.ok) {
    remove();
    return { ok: false, diagnostics: [opened.diagnostic] };
  }
  const { duckdb } = opened;
  options.onStart?.(() => duckdb.interrupt());
  const logs = archivedLogs(folder, made.added, options.range);
  const found = made.added.map(({ name: file, log }) => ({ file, log, inFolder: true }));
  const store = new DuckdbStore(
    duckdb,
    place.path,
    logs,
    found,
    true,
    { folder, files: made.added },
    null,
    remove,
  );
  return { ok: true, store, diagnostics: made.diagnostics };
}

function archivedLogs(
  folder: string,
  files: readonly ArchivedFile[],
  range: TimeRange,
): ReadonlyMap<string, StoredLog> {
  const logs = new Map<string, StoredLog>();
  const lines = files.filter(({ log }) => log === linesLog);
  if (lines.length > 0) logs.set(linesLog, archivedLines(folder, lines.sort(byAge), range));
  for (const name of new Set(files.map(({ log }) => log))) {
    if (name === linesLog) continue;
    const own = files
      .filter(({ log }) => log === name)
      .sort((a, b) => a.from - b.from || (a.name < b.name ? -1 : 1));
    const texts = own.flatMap((file) => (file.texts === undefined ? [] : { ...file, parts: file.texts }));
    if (texts.length > 0) logs.set(textLog(name), archivedLines(folder, texts.sort(byPath), range));
    const types = new Map<string, LogType>();
    for (const { columns } of own)
      for (const [column, type] of Object.entries(columns))
        if (!types.has(column)) types.set(column, parseLogType(type));
    const read = (some: readonly ArchivedFile[]): string => {
      const parts = some.flatMap((file) => file.parts).map((part) => dialect.text(join(folder, part)));
      // Where all have the same columns, only the first needs to be looked into.
      const [first, ...others] = some.map((file) => JSON.stringify(file.columns));
      const union = others.every((one) => one === first) ? "" : "union_by_name = true, ";
      return `read_parquet([${parts.join(", ")}], ${union}hive_partitioning = false)`;
    };
    const columns = new Map([...types].map(([column, type]) => [column, archivedColumn(column, type)]));
    logs.set(name, {
      from: read(own),
      columns: (column) => columns.get(column),
      written: ownColumns.written,
      within: within("ts", range),
      // Files in the order in which a folder is read: name by name.
      order: [`replace(${ownColumns.file}, '/', chr(1))`, ownColumns.line],
      place: { file: ownColumns.file, line: ownColumns.line },
      pieces: {
        within(spans) {
          let next = 0;
          // Files stand by their beginning: a span that ends before one is of no use to those behind it.
          const some = own.filter((file) => {
            while ((spans[next]?.to ?? file.from) < file.from) next++;
            const span = spans[next];
            return span !== undefined && span.from <= file.to;
          });
          return read(some.length === 0 ? own : some);
        },
        inOrder: (from) => inRows(own.filter((file) => file.to >= from)).map(read),
      },
      types,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      exact: null,
    });
  }
  return logs;
}

/** Logs by their names, the pieces of each from the oldest on. */
function byAge(a: ArchivedFile, b: ArchivedFile): number {
  const [one, other] = [unrotated(a.name), unrotated(b.name)];
  return one === other ? a.from - b.from || (a.name < b.name ? -1 : 1) : one < other ? -1 : 1;
}

/** As a folder is read: name by name. */
function byPath(a: ArchivedFile, b: ArchivedFile): number {
  const [one, other] = [a, b].map(({ name }) => name.replaceAll("/", "\x01"));
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** Lines of files as the replay of these gets them, those of the same time in the order of the files. */
function archivedLines(folder: string, inOrder: readonly ArchivedFile[], range: TimeRange): StoredLog {
  const { from, to } = range;
  const inRange = inOrder.filter(
    (file) => (from === null || file.to >= from) && (to === null || file.from < to),
  );
  const read = inRange.length === 0 ? inOrder.slice(0, 1) : inRange;
  const parts = read
    .flatMap((file) => file.parts)
    .map((part) => dialect.text(join(folder, part)))
    .join(", ");
  const written = ownColumns.written;
  const columns = new Map(
    Object.entries(lineTypes).map(
      ([name, type]) => [name, archivedColumn(name, parseLogType(type))] as const,
    ),
  );
  const { raw, form, program, message } = lineColumns;
  return {
    from: `read_parquet([${parts}], filename = true, hive_partitioning = false)`,
    columns: (column) => columns.get(column),
    written,
    within: all([
      ...(from === null ? [] : [`${written} >= ${from}`]),
      ...(to === null ? [] : [`${written} < ${to}`]),
    ]),
    order: [`CAST(filename AS ENUM(${parts}))`, ownColumns.line],
    place: { file: ownColumns.file, line: ownColumns.line },
    pieces: null,
    types: new Map([...columns].map(([name, { type }]) => [name, type])),
    bytes: inOrder.reduce((sum, { bytes }) => sum + bytes, 0),
    exact: { text: wholeLine, raw, form, program, message },
  };
}

/** Files, by their beginning, as rows of files of which none begins before the end of another: as few as may be. */
function inRows(files: readonly ArchivedFile[]): readonly (readonly ArchivedFile[])[] {
  const rows: { readonly files: ArchivedFile[]; to: number }[] = [];
  for (const file of files) {
    const row = rows.find(({ to }) => to <= file.from);
    if (row === undefined) rows.push({ files: [file], to: file.to });
    else {
      row.files.push(file);
      row.to = file.to;
    }
  }
  return rows.map((row) => row.files);
}

function archivedColumn(name: string, type: LogType): TableColumn {
  const sql = dialect.identifier(name);
  return { sql: type.kind === "time" ? secondsOf(sql) : sql, type };
}

const moment = (seconds: number): string => `make_timestamp(${Math.round(seconds * 1e6)})`;

function within(ts: string, { from, to }: TimeRange): string {
  const terms = [
    ...(from === null ? [] : [`${ts} >= ${moment(from)}`]),
    ...(to === null ? [] : [`${ts} < ${moment(to)}`]),
  ];
  return terms.length === 0 ? "1 = 1" : terms.join(" AND ");
}

interface OpenedArchive {
  readonly folder: string;
  readonly files: readonly ArchivedFile[];
}

class DuckdbStore implements Store {
  readonly dialect = dialect;
  readonly keepsAll = true;
  readonly name: string;
  readonly found: readonly FoundLog[];
  readonly mayLack: boolean;
  readonly ticks: TickStore | null;
  readonly #duckdb: Duckdb;
  readonly #logs: ReadonlyMap<string, StoredLog>;
  readonly #archive: OpenedArchive | null;
  readonly #remove: (() => void) | null;
  #stopped = false;

  constructor(
    duckdb: Duckdb,
    name: string,
    logs: ReadonlyMap<string, StoredLog>,
    found: readonly FoundLog[],
    mayLack: boolean,
    archive: OpenedArchive | null,
    ticks: TickStore | null,
    remove: (() => void) | null,
  ) {
    this.#duckdb = duckdb;
    this.name = name;
    this.#logs = logs;
    this.found = found;
    this.mayLack = mayLack;
    this.#archive = archive;
    this.ticks = ticks;
    this.#remove = remove;
  }

  log(name: string): StoredLog | undefined {
    return this.#logs.get(name);
  }

  minutes(log: string): readonly Minute[] | null {
    return this.#archive === null ? null : minutesOf(this.#archive.folder, log, this.#archive.files);
  }

  async rows(sql: string): Promise<readonly StoredRow[]> {
    const rows = await this.#guarded(() => this.#duckdb.rows(sql));
    return rows.map((row) => row.map(plain));
  }

  async keep(name: string, sql: string): Promise<string> {
    // A temporary table would be one connection's; this one is seen by all, and a database is not written to.
    const table = `${scratch}.main.${dialect.identifier(name)}`;
    await this.#guarded(() => this.#duckdb.run(`ATTACH IF NOT EXISTS ':memory:' AS ${scratch}`));
    await this.#guarded(() => this.#duckdb.run(`CREATE OR REPLACE TABLE ${table} AS ${sql}`));
    return table;
  }

  async *stream(sql: string): AsyncGenerator<readonly StoredRow[]> {
    const connection = await this.#duckdb.connect();
    try {
      const result = await this.#guarded(() => connection.stream(sql));
      for (;;) {
        const chunk = await this.#guarded(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.getRows().map((row) => row.map(plain));
      }
    } finally {
      connection.closeSync();
    }
  }

  async *numbers(sql: string): AsyncGenerator<Numbers> {
    const connection = await this.#duckdb.connect();
    try {
      const result = await this.#guarded(() => connection.stream(sql));
      for (;;) {
        const columns: Float64Array[] = [];
        const chunk = await this.#guarded(() => result.fetchChunk());
        // Each look at it is a call into DuckDB.
        const count = chunk?.rowCount ?? 0;
        if (chunk === null || count === 0) return;
        for (let i = 0; i < chunk.columnCount; i++) {
          const vector = chunk.getColumnVector(i);
          // A call for each of them takes longer than all that is done with them.
          const items = "items" in vector ? vector.items : undefined;
          columns[i] =
            items instanceof Float64Array
              ? items
              : Float64Array.from({ length: count }, (_, row) => Number(vector.getItem(row)));
        }
        yield { count, columns };
      }
    } finally {
      connection.closeSync();
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const reason = duckdbReason(error);
      throw new StoreError(this.name, reason, this.#stopped, damageHelp(reason));
    }
  }

  interrupt(): void {
    this.#stopped = true;
    this.#duckdb.interrupt();
  }

  async close(): Promise<void> {
    this.#duckdb.close();
    this.#remove?.();
  }
}

function plain(value: DuckDBValue): StoredValue {
  if (value === null || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if ("items" in value && Array.isArray(value.items)) return value.items.map(plain);
  return String(value);
}
