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
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import { isSystemError, reasonOf } from "../files/system-error.js";
import { duckdb as sql } from "../targets/sql/dialect.js";
import { type FoundLog, findLogs } from "../zeek/logs/find.js";
import { formatLogType } from "../zeek/logs/types.js";
import { codes } from "./codes.js";
import { type Duckdb, duckdbReason, openDuckdb } from "./duckdb.js";
import { type Beginning, beginningOf, contentHash } from "./look.js";
import { type ArchivedFile, type Manifest, readManifest, writeManifest } from "./manifest.js";
import { describeJson, ownColumns, selectOf } from "./select.js";

export interface ArchiveInput {
  /** Zeek logs and folders of them; they stay as they are. */
  readonly paths: readonly string[];
  /** The archive's folder; made where there is none. */
  readonly into: string;
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

/** Files that are worked on at the same time: reading one in order keeps little more than one core busy. */
const atOnce = 2;
const asidePrefix = ".zopf-part-";
const lockName = ".zopf-archive.lock";

const at = (file: string) => ({ file, line: 1, column: 1 });

/**
 * Puts Zeek's logs into a folder of Parquet: typed columns, by log and by the day on which a row was written,
 * in the order of writing, compressed with zstd. What is in the archive is listed in its manifest, which is written
 * anew after each file, so that an interrupted run goes on where it was. A file whose content is there is passed
 * over, under whatever name and however compressed; one that has grown since takes the place of what it was.
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
  const opened = await openDuckdb(atOnce);
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
interface PendingFile {
  readonly file: string;
  readonly log: string;
  readonly stored: string;
  readonly beginning: Beginning;
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

class Archiving {
  readonly #input: ArchiveInput;
  readonly #duckdb: Duckdb;
  #files: ArchivedFile[];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #added: ArchivedFile[] = [];
  readonly #known: { readonly file: string; readonly as: string }[] = [];
  readonly #skipped: { readonly file: string; readonly reason: string }[] = [];
  #bytes = 0;
  #number = 0;

  constructor(input: ArchiveInput, manifest: Manifest, duckdb: Duckdb) {
    this.#input = input;
    this.#files = [...manifest.files];
    this.#duckdb = duckdb;
  }

  async run(): Promise<ArchiveOutcome> {
    const { paths, watch } = this.#input;
    const found = await findLogs(paths);
    this.#diagnostics.push(...found.diagnostics);
    watch?.expect(sizeOf(found.logs.map(({ file }) => file)));
    const waiting = found.logs.filter((log) => this.#isOutside(log)).reverse();
    const worker = async (): Promise<void> => {
      const connection = await this.#duckdb.connect();
      for (let log = waiting.pop(); log !== undefined; log = waiting.pop()) {
        if (watch?.stopped() === true) return;
        await this.#take(log, connection);
        await watch?.read(sizeOf([log.file]) ?? 0);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
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

  #skip(file: string, reason: string): void {
    this.#skipped.push({ file, reason });
    this.#diagnostics.push(codes.skipped(at(file), `left out: ${reason}`));
  }

  async #take({ file, log }: FoundLog, connection: DuckDBConnection): Promise<void> {
    if (log === undefined || !/^[A-Za-z0-9_-]+$/.test(log))
      return this.#skip(file, "it is no log of Zeek's that has a name");
    let stored: string;
    try {
      stored = await contentHash(file);
    } catch (error) {
      return this.#skip(file, reasonOf(error));
    }
    const twin = this.#files.find((one) => one.stored === stored);
    if (twin !== undefined) return void this.#known.push({ file, as: twin.name });
    const beginning = await beginningOf(file);
    if (typeof beginning === "string") return this.#skip(file, beginning);
    const aside = join(this.#input.into, `${asidePrefix}${stored.slice(0, 16)}`);
    try {
      await this.#write({ file, log, stored, beginning, aside }, connection);
    } catch (error) {
      if (isSystemError(error)) throw error;
      this.#skip(file, duckdbReason(error));
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }

  async #write(source: PendingFile, connection: DuckDBConnection): Promise<void> {
    const { file, log, beginning, aside } = source;
    const rowsOf = (query: string) => this.#duckdb.rows(query, connection);
    const found =
      beginning.form.kind === "json"
        ? (await rowsOf(describeJson(file, beginning))).map(([name]) => String(name))
        : [];
    const select = selectOf({ file, name: file, log, beginning, found, number: this.#number++ });
    const day = `CAST(make_timestamp(CAST(floor(${ownColumns.written} * 1e6) AS BIGINT)) AS DATE)`;
    const options = "FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), WRITE_PARTITION_COLUMNS false";
    await this.#duckdb.run(
      `COPY (SELECT *, ${day} AS day FROM (${select.sql}) AS f) TO ${sql.text(aside)} (${options})`,
      connection,
    );
    const bad = select.rejects === null ? null : await this.#rejected(select.rejects, connection);
    if (bad?.isOther === true)
      return this.#skip(file, "it has headers with other columns in it: it is several logs in one file");
    const days = partsIn(aside);
    if (days.length === 0) return this.#skip(file, "it holds no record");
    const [counts = []] = await rowsOf(
      `SELECT count(*), max(${ownColumns.line}), min(${ownColumns.written}), max(${ownColumns.written}) FROM read_parquet(${sql.text(join(aside, "**/*.parquet"))}, hive_partitioning = false)`,
    );
    const [rows = 0, last = 0, from = 0, to = 0] = counts.map(Number);
    const lines = last - (beginning.form.kind === "tsv" ? beginning.form.lines : 0);
    const written: Written = { rows, skipped: lines - rows + (bad?.lines ?? 0), from, to };
    const types = [...select.types].map(([name, type]) => [name, formatLogType(type)] as const);
    this.#commit(source, written, days, Object.fromEntries(types));
    if (written.skipped > 0)
      this.#diagnostics.push(
        codes.records(
          at(file),
          `${written.skipped} of its records cannot be read and are not in the archive`,
        ),
      );
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

  /** Puts the parts into their places and the file into the manifest; nothing else comes in between. */
  #commit(
    source: PendingFile,
    written: Written,
    days: readonly string[],
    columns: Readonly<Record<string, string>>,
  ): void {
    const { file, log, stored, beginning, aside } = source;
    const { into } = this.#input;
    const earlier = this.#files.find((one) => one.log === log && one.first === beginning.first);
    if (earlier !== undefined && earlier.rows >= written.rows) {
      this.#known.push({ file, as: earlier.name });
      return;
    }
    const parts = days.flatMap((day) =>
      readdirSync(join(aside, day)).map((name, i) => {
        const part = join(log, day, `${stored.slice(0, 16)}${i === 0 ? "" : `-${i}`}.parquet`);
        mkdirSync(dirname(join(into, part)), { recursive: true });
        renameSync(join(aside, day, name), join(into, part));
        return part;
      }),
    );
    const entry: ArchivedFile = {
      name: file,
      log,
      stored,
      first: beginning.first,
      bytes: statSync(file).size,
      ...written,
      parts,
      columns,
    };
    this.#files = [...this.#files.filter((one) => one !== earlier), entry];
    writeManifest(into, { version: 1, files: this.#files });
    for (const part of earlier?.parts ?? []) rmSync(join(into, part), { force: true });
    this.#added.push(entry);
    for (const part of parts) this.#bytes += statSync(join(into, part)).size;
  }
}

/** The folders `day=…` that DuckDB has written. */
function partsIn(aside: string): readonly string[] {
  try {
    return readdirSync(aside)
      .filter((name) => basename(name).startsWith("day="))
      .sort();
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
