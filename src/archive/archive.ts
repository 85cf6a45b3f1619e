import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { fileStatus } from "../files/file-status.js";
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import { areOneLog } from "../files/rotated-name.js";
import { isSystemError, reasonOf } from "../files/system-error.js";
import type { LineDates } from "../replay/syslog-source.js";
import { duckdb as sql } from "../targets/sql/dialect.js";
import { ZEEK_NO_LOGS } from "../zeek/codes.js";
import { type FoundLog, findLogs } from "../zeek/logs/find.js";
import { formatLogType } from "../zeek/logs/types.js";
import { recordOfLog } from "../zeek-records/records.js";
import { codes } from "./codes.js";
import { type Duckdb, duckdbReason, openDuckdb, parquet } from "./duckdb.js";
import { linesLog, lineTypes } from "./line-columns.js";
import { type Beginning, beginningOf, contentHash, type LinesBeginning } from "./look.js";
import { type ArchivedFile, type Manifest, readManifest, writeManifest } from "./manifest.js";
import { type Minute, minuteSql, readMinutes, writeMinutes } from "./minutes.js";
import { describeJson, ownColumns, selectOf } from "./select.js";
import { differentLines, writeLines } from "./write-lines.js";

export interface ArchiveInput {
  /** Logs of Zeek's and of syslog, and folders of them; they stay as they are. */
  readonly paths: readonly string[];
  /** The archive's folder; made where there is none. */
  readonly into: string;
  /** Of lines without a year, a zone or a date; as of the replay, the process's time zone. */
  readonly dates?: LineDates;
  readonly watch?: ReadingWatch;
}

export interface ArchiveOutcome {
  readonly diagnostics: readonly Diagnostic[];
  /** Put into the archive by this run. */
  readonly added: readonly ArchivedFile[];
  /** Files whose content the archive has already: theirs, and the name under which it has it. */
  readonly known: readonly { readonly file: string; readonly as: string }[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Bytes of the Parquet files written. */
  readonly bytes: number;
  readonly ok: boolean;
}

/** Files that are worked on at the same time: reading one in order keeps one core busy. */
const atOnce = 2;
/** DuckDB's own, beside those that ask it: they would wait in a loop for work that there is none of. */
const threads = 1;
/** Milliseconds after which the manifest is written again, where there is something new. */
const saveEvery = 1000;
/** By which rows are divided: a log may have a column `day` of its own. */
const dayColumn = "zopf_day";
const asidePrefix = ".zopf-part-";
/** Beside a log's own folder: its lines as they stand. */
const textsFolder = "text";
const lockName = ".zopf-archive.lock";

const localDates: LineDates = { year: null, assumeDate: null, utc: process.env.TZ === "UTC" };

const at = (file: string) => ({ file, line: 1, column: 1 });

/**
 * Puts logs into a folder of Parquet: typed columns, by log and by the day on which a row was written, in the order of
 * writing, compressed with zstd. Files that hold no log of Zeek's, but lines with dates, become the log `lines`. What is
 * in the archive is listed in its manifest, which is written anew every second, so that an interrupted run goes on where
 * it was: parts that are not listed are taken away by the next one. A file whose content is there is passed over, under
 * whatever name and however compressed; one that has grown since takes the place of what it was.
 */
export async function archive(input: ArchiveInput): Promise<ArchiveOutcome> {
  const failed = (diagnostic: Diagnostic): ArchiveOutcome => ({
    diagnostics: [diagnostic],
    added: [],
    known: [],
    skipped: [],
    bytes: 0,
    ok: false,
  });
  const opened = await openDuckdb(threads);
  if (!opened.ok) return failed(opened.diagnostic);
  const { duckdb } = opened;
  try {
    mkdirSync(input.into, { recursive: true });
    const lock = takeLock(input.into);
    if (lock !== null) return failed(lock);
    try {
      const manifest = readManifest(input.into);
      if (typeof manifest === "string")
        return failed(codes.unusable(at(input.into), `is no archive that zopf can add to: ${manifest}`));
      for (const name of readdirSync(input.into))
        if (name.startsWith(asidePrefix)) rmSync(join(input.into, name), { recursive: true, force: true });
      if (manifest !== null) removeUnlisted(input.into, manifest);
      return await new Archiving(input, manifest ?? { version: 1, files: [] }, duckdb).run();
    } finally {
      rmSync(join(input.into, lockName), { force: true });
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failed(codes.unwritten(at(input.into), `cannot be written: ${reasonOf(error)}`));
  } finally {
    duckdb.close();
  }
}

const partName = /^[0-9a-f]{16}(?:-\d+)?\.parquet$/;

/** Parts that a run has put into their places and was ended before it could say so. */
function removeUnlisted(into: string, { files }: Manifest): void {
  const listed = new Set(files.flatMap(({ parts, texts = [] }) => [...parts, ...texts]));
  for (const log of readdirSync(into, { withFileTypes: true })) {
    if (!log.isDirectory()) continue;
    for (const day of readdirSync(join(into, log.name), { withFileTypes: true })) {
      if (!day.isDirectory() || !day.name.startsWith("day=")) continue;
      for (const name of readdirSync(join(into, log.name, day.name))) {
        const part = join(log.name, day.name, name);
        if (partName.test(name) && !listed.has(part)) rmSync(join(into, part), { force: true });
      }
    }
  }
}

/** One run at a time; what a run that is gone has left is taken over. */
function takeLock(folder: string): Diagnostic | null {
  const path = join(folder, lockName);
  for (const last of [false, true]) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return null;
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
      const pid = Number(readFileSync(path, "utf8"));
      if (!last && !isAlive(pid)) rmSync(path, { force: true });
      else
        return codes.busy(
          at(folder),
          `is being written by another run of zopf (process ${pid})`,
          "wait for its end",
        );
    }
  }
  return null;
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, "EPERM");
  }
}

/** A file that is being archived. */
interface PendingFile<B extends Beginning | LinesBeginning> {
  readonly file: string;
  readonly log: string;
  readonly stored: string;
  readonly beginning: B;
  /** Folder of its parts until they have their places. */
  readonly aside: string;
}

/** What became of the parts of one file. */
interface Written {
  readonly rows: number;
  readonly skipped: number;
  readonly from: number;
  readonly to: number;
}

/** DuckDB cannot write into the archive: no other file can be put into it either. */
class WriteError extends Error {}

class Archiving {
  readonly #input: ArchiveInput;
  readonly #duckdb: Duckdb;
  #files: ArchivedFile[];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #added: ArchivedFile[] = [];
  readonly #known: { readonly file: string; readonly as: string }[] = [];
  readonly #skipped: { readonly file: string; readonly reason: string }[] = [];
  /** Of the files that were added, by `stored`. */
  readonly #minutes = new Map<string, readonly Minute[]>();
  /** Parts of files whose places others have taken: they go when the manifest no longer lists them. */
  #replaced: readonly string[] = [];
  /** Whether the manifest lists what is in the archive, and when it was written. */
  #isSaved = true;
  #saved = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #number = 0;
  #asides = 0;
  #committing: Promise<void> = Promise.resolve();

  constructor(input: ArchiveInput, manifest: Manifest, duckdb: Duckdb) {
    this.#input = input;
    this.#files = [...manifest.files];
    this.#duckdb = duckdb;
  }

  async run(): Promise<ArchiveOutcome> {
    const { paths, watch } = this.#input;
    const found = await findLogs(paths);
    const others = found.others.map((file): FoundLog => ({ file, log: undefined, inFolder: true }));
    // Lines are looked for, too.
    this.#diagnostics.push(
      ...found.diagnostics.filter(({ code }) => others.length === 0 || code !== ZEEK_NO_LOGS.code),
    );
    const all = [...found.logs, ...others];
    watch?.expect(sizeOf(all.map(({ file }) => file)));
    const waiting = all.filter((log) => this.#isOutside(log)).reverse();
    const worker = async (): Promise<void> => {
      const connection = await this.#duckdb.connect();
      for (let log = waiting.pop(); log !== undefined; log = waiting.pop()) {
        if (watch?.stopped() === true) return;
        try {
          await this.#take(log, connection);
        } catch (error) {
          // What the others have in hand they finish, if they can.
          waiting.length = 0;
          throw error;
        }
        await watch?.read(sizeOf([log.file]) ?? 0);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    try {
      this.#save();
      for (const end of ends) if (end.status === "rejected") throw end.reason;
      for (const log of new Set(this.#added.map((file) => file.log))) await this.#keepMinutes(log);
    } catch (error) {
      if (!isSystemError(error) && !(error instanceof WriteError)) throw error;
      const reason = error instanceof WriteError ? error.message : reasonOf(error);
      this.#diagnostics.push(
        codes.unwritten(
          at(this.#input.into),
          `cannot be written: ${reason}`,
          "the same command goes on where it was",
        ),
      );
    }
    if (watch?.stopped() === true)
      this.#diagnostics.push(
        codes.partial(
          at(this.#input.into),
          "stopped before the end",
          "the same command goes on where it was",
        ),
      );
    const isBad = this.#diagnostics.some(({ severity }) => severity === "error");
    return {
      diagnostics: this.#diagnostics,
      added: this.#added,
      known: this.#known,
      skipped: this.#skipped,
      bytes: this.#bytes,
      ok: !isBad,
    };
  }

  /** Standard input cannot be read twice; an archive is not put into itself. */
  #isOutside({ file }: FoundLog): boolean {
    if (file === "-") this.#skip(file, "standard input cannot be archived: give a file");
    return file !== "-" && !file.endsWith(".parquet");
  }

  /** A file of which a part is gone is archived again. */
  #isWhole({ parts, texts = [] }: ArchivedFile): boolean {
    return [...parts, ...texts].every((part) => fileStatus(join(this.#input.into, part))?.isFile() === true);
  }

  #skip(file: string, reason: string): void {
    this.#skipped.push({ file, reason });
    this.#diagnostics.push(codes.skipped(at(file), `left out: ${reason}`));
  }

  async #take({ file, log }: FoundLog, connection: DuckDBConnection): Promise<void> {
    let stored: string;
    try {
      stored = await contentHash(file);
    } catch (error) {
      return this.#skip(file, reasonOf(error));
    }
    const twin = this.#files.find((one) => one.stored === stored && this.#isWhole(one));
    if (twin !== undefined) return void this.#known.push({ file, as: twin.name });
    const beginning = await beginningOf(file, log !== undefined && recordOfLog(log) !== undefined);
    if (typeof beginning === "string") return this.#skip(file, beginning);
    // Another worker may have the same bytes in hand.
    const aside = join(this.#input.into, `${asidePrefix}${this.#asides++}-${stored.slice(0, 16)}`);
    try {
      if (beginning.form === null) {
        await this.#writeLines({ file, log: linesLog, stored, beginning, aside }, connection);
        return;
      }
      if (log === undefined || log === linesLog || !/^[A-Za-z0-9_-]+$/.test(log))
        return this.#skip(file, "it is no log of Zeek's that has a name");
      await this.#write({ file, log, stored, beginning, aside }, connection);
    } catch (error) {
      const reason = duckdbReason(error);
      if (isSystemError(error)) throw error;
      if (reason.includes(aside) || /No space left|quota exceeded/i.test(reason))
        throw new WriteError(reason);
      this.#skip(file, reason);
    } finally {
      for (const name of [aside, `${aside}.parquet`]) rmSync(name, { recursive: true, force: true });
    }
  }

  async #write(source: PendingFile<Beginning>, connection: DuckDBConnection): Promise<void> {
    const { file, log, stored, beginning, aside } = source;
    const rowsOf = (query: string) => this.#duckdb.rows(query, connection);
    const found =
      beginning.form.kind === "json"
        ? (await rowsOf(describeJson(file, beginning))).map(([name]) => String(name))
        : [];
    const select = selectOf({ file, name: file, log, beginning, found, number: this.#number++ });
    const whole = isOfHours(file) ? `${aside}.parquet` : null;
    if (whole === null) await this.#divide(`(${select.sql})`, aside, connection);
    else await this.#duckdb.run(`COPY (${select.sql}) TO ${sql.text(whole)} (${parquet})`, connection);
    const bad = select.rejects === null ? null : await this.#rejected(select.rejects, connection);
    if (bad?.isOther === true)
      return this.#skip(file, "it has headers with other columns in it: it is several logs in one file");
    if (whole === null && partsIn(aside).length === 0) return this.#skip(file, "it holds no record");
    const parts = partsOf([whole ?? join(aside, "**/*.parquet")]);
    const { written: when, line } = ownColumns;
    const days = [`min(${when})`, `max(${when})`].map((moment) => `CAST(${dayOf(moment)} AS VARCHAR)`);
    const answer = await rowsOf(
      `SELECT ${minuteSql} AS m, count(*), max(${line}), min(${when}), max(${when}), ${days.join(", ")} FROM ${parts} GROUP BY m ORDER BY m`,
    );
    if (answer.length === 0) return this.#skip(file, "it holds no record");
    if (whole !== null) {
      const [first, last] = [answer[0]?.[5], answer.at(-1)?.[6]].map(String);
      if (first === last) {
        mkdirSync(join(aside, `day=${first}`), { recursive: true });
        renameSync(whole, join(aside, `day=${first}`, "whole.parquet"));
      } else await this.#divide(parts, aside, connection);
    }
    const minutes = answer.map((row) => row.map(Number));
    this.#minutes.set(stored, minutes.map(minuteOf));
    const most = (column: number) => minutes.reduce((max, row) => Math.max(max, row[column] ?? 0), 0);
    const rows = minutes.reduce((sum, [, count = 0]) => sum + count, 0);
    const lines = most(2) - (beginning.form.kind === "tsv" ? beginning.form.lines : 0);
    const written: Written = {
      rows,
      skipped: lines - rows + (bad?.lines ?? 0),
      from: minutes[0]?.[3] ?? 0,
      to: minutes.at(-1)?.[4] ?? 0,
    };
    const types = [...select.types].map(([name, type]) => [name, formatLogType(type)] as const);
    const texts = select.types.has("note") ? await this.#writeTexts(source, connection) : [];
    if (texts === null) return;
    const earlier = this.#files.find((one) => one.log === log && one.first === beginning.first);
    this.#commit(source, written, {
      days: partsIn(aside),
      columns: Object.fromEntries(types),
      earlier,
      texts,
    });
    if (written.skipped > 0)
      this.#diagnostics.push(
        codes.records(
          at(file),
          `${written.skipped} of its records cannot be read and are not in the archive`,
        ),
      );
  }

  /** OSSEC reads logs of notices line by line; null: it was stopped. */
  async #writeTexts(
    { file, aside }: PendingFile<Beginning>,
    connection: DuckDBConnection,
  ): Promise<readonly string[] | null> {
    const { dates = localDates, watch } = this.#input;
    const into = join(aside, textsFolder);
    const read = await writeLines(
      { file, dates, aside: into, number: this.#number++, stopped: () => watch?.stopped() === true },
      this.#duckdb,
      connection,
    );
    return read === null ? null : typeof read === "string" ? [] : partsIn(into);
  }

  /** Writes rows into a folder a day: what stands behind FROM. */
  async #divide(rows: string, aside: string, connection: DuckDBConnection): Promise<void> {
    await this.#duckdb.run(
      `COPY (SELECT *, ${dayOf(ownColumns.written)} AS ${dayColumn} FROM ${rows} AS f) TO ${sql.text(aside)} (${parquet}, PARTITION_BY (${dayColumn}), WRITE_PARTITION_COLUMNS false)`,
      connection,
    );
  }

  /** Those of files that an interrupted run has added are read again. */
  async #keepMinutes(log: string): Promise<void> {
    const { into } = this.#input;
    const known = readMinutes(into, log);
    const all = new Map<string, readonly Minute[]>();
    for (const file of this.#files) {
      if (file.log !== log) continue;
      const { stored } = file;
      const own = known.get(stored) ?? this.#minutes.get(stored) ?? (await this.#minutesIn(file));
      all.set(stored, own);
    }
    writeMinutes(into, log, all);
  }

  async #minutesIn({ parts }: ArchivedFile): Promise<readonly Minute[]> {
    const files = partsOf(parts.map((part) => join(this.#input.into, part)));
    const rows = await this.#duckdb.rows(
      `SELECT ${minuteSql} AS m, count(*) FROM ${files} GROUP BY m ORDER BY m`,
    );
    return rows.map((row) => minuteOf(row.map(Number)));
  }

  /** Lines of TSV that DuckDB could not read, but for Zeek's `#close`. */
  async #rejected(table: string, connection: DuckDBConnection) {
    const [row = []] = await this.#duckdb.rows(
      `SELECT count(DISTINCT line) FILTER (csv_line NOT LIKE '#%'), count(*) FILTER (csv_line LIKE '#fields%') FROM ${table}`,
      connection,
    );
    await this.#duckdb.run(`DROP TABLE ${table}`, connection);
    await this.#duckdb.run(`DROP TABLE ${table}_scan`, connection);
    const [lines = 0, headers = 0] = row.map(Number);
    return { lines, isOther: headers > 0 };
  }

  async #writeLines(source: PendingFile<LinesBeginning>, connection: DuckDBConnection): Promise<void> {
    const { file, aside } = source;
    const { dates = localDates, watch } = this.#input;
    const read = await writeLines(
      { file, dates, aside, number: this.#number++, stopped: () => watch?.stopped() === true },
      this.#duckdb,
      connection,
    );
    if (read === null) return;
    if (typeof read === "string") return this.#skip(file, read);
    const { warnings, ...written } = read;
    // Of two files that hold the same lines one may be on its way at the same time.
    const before = this.#committing;
    const commit = async (): Promise<void> => {
      await before;
      const damaged = this.#files.find((one) => one.stored === source.stored && one.log === linesLog);
      const earlier = damaged ?? (await this.#sameLines(source, connection));
      this.#commit(
        source,
        { ...written, skipped: 0 },
        { days: partsIn(aside), columns: lineTypes, earlier, texts: [] },
      );
    };
    const done = commit();
    this.#committing = done.catch(() => undefined);
    await done;
    this.#diagnostics.push(...warnings);
  }

  /** The file of the archive that this one goes on, or that goes on this one: other logs, too, may begin with the same line. */
  async #sameLines(
    { file, beginning, aside }: PendingFile<LinesBeginning>,
    connection: DuckDBConnection,
  ): Promise<ArchivedFile | undefined> {
    const { into } = this.#input;
    const own = `read_parquet(${sql.text(join(aside, "**/*.parquet"))}, hive_partitioning = false)`;
    for (const one of this.#files) {
      if (one.log !== linesLog || one.first !== beginning.first || !this.#isWhole(one)) continue;
      const parts = one.parts.map((part) => sql.text(join(into, part)));
      const other = `read_parquet([${parts.join(", ")}], hive_partitioning = false)`;
      const [[different = 0, longer = 0] = []] = await this.#duckdb.rows(
        differentLines(own, other),
        connection,
      );
      if (Number(different) === 0 && (Number(longer) === 0 || areOneLog(file, one.name))) return one;
    }
    return undefined;
  }

  /** Writes the manifest. Of ten thousand small files it would take longer than all else to do so after each. */
  #save(): void {
    if (this.#isSaved) return;
    const { into } = this.#input;
    writeManifest(into, { version: 1, files: this.#files });
    this.#isSaved = true;
    this.#saved = performance.now();
    for (const part of this.#replaced) rmSync(join(into, part), { force: true });
    this.#replaced = [];
  }

  /** Puts the parts into their places and the file into the list of files. */
  #commit(
    source: PendingFile<Beginning | LinesBeginning>,
    written: Written,
    {
      days,
      columns,
      earlier,
      texts,
    }: {
      readonly days: readonly string[];
      readonly columns: Readonly<Record<string, string>>;
      /** What it takes the place of where it holds more. */
      readonly earlier: ArchivedFile | undefined;
      /** Days of its lines as they stand. */
      readonly texts: readonly string[];
    },
  ): void {
    const { file, log, stored, beginning, aside } = source;
    const { into } = this.#input;
    if (earlier !== undefined && earlier.rows >= written.rows && this.#isWhole(earlier)) {
      this.#known.push({ file, as: earlier.name });
      return;
    }
    const moved = (from: string, folder: string, some: readonly string[]): readonly string[] =>
      some.flatMap((day) =>
        readdirSync(join(from, day)).map((name, i) => {
          const part = join(
            folder,
            day.replace(dayColumn, "day"),
            `${stored.slice(0, 16)}${i === 0 ? "" : `-${i}`}.parquet`,
          );
          mkdirSync(dirname(join(into, part)), { recursive: true });
          renameSync(join(from, day, name), join(into, part));
          return part;
        }),
      );
    const parts = moved(aside, log, days);
    const lines = moved(join(aside, textsFolder), `${log}.${textsFolder}`, texts);
    const entry: ArchivedFile = {
      name: file,
      log,
      stored,
      first: beginning.first,
      bytes: statSync(file).size,
      ...written,
      parts,
      columns,
      ...(lines.length === 0 ? {} : { texts: lines }),
    };
    this.#files = [...this.#files.filter((one) => one !== earlier), entry];
    this.#isSaved = false;
    // A part that was gone has the same name again.
    const replaced = [...(earlier?.parts ?? []), ...(earlier?.texts ?? [])];
    this.#replaced = [
      ...this.#replaced.filter((one) => !parts.includes(one) && !lines.includes(one)),
      ...replaced.filter((one) => !parts.includes(one) && !lines.includes(one)),
    ];
    if (performance.now() - this.#saved >= saveEvery) this.#save();
    this.#added.push(entry);
    for (const part of [...parts, ...lines]) this.#bytes += statSync(join(into, part)).size;
  }
}

/** The day of a moment in seconds, as SQL. */
const dayOf = (seconds: string): string =>
  `CAST(make_timestamp(CAST(floor(${seconds} * 1e6) AS BIGINT)) AS DATE)`;

/**
 * Whether a file's name says that it holds some hours of one day (`conn.07:00:00-08:00:00.log.gz`). Of one day in UTC, nearly
 * always: it is written as a whole and looked at afterwards, which takes less time than to write day by day.
 */
function isOfHours(file: string): boolean {
  const [, from = "", to = ""] = /\.(\d\d:\d\d:\d\d)-(\d\d:\d\d:\d\d)\./.exec(basename(file)) ?? [];
  return from < to;
}

const partsOf = (files: readonly string[]): string =>
  `read_parquet([${files.map(sql.text).join(", ")}], hive_partitioning = false)`;

const minuteOf = ([minute = 0, rows = 0]: readonly number[]): Minute => ({ minute, rows });

/** The folders of days that DuckDB has written. */
function partsIn(aside: string): readonly string[] {
  try {
    return readdirSync(aside)
      .filter((name) => name.startsWith("day=") || name.startsWith(`${dayColumn}=`))
      .sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
