import { eventExpressions } from "../detections/binding.js";
import type { RowSource } from "../detections/replay.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ZeekDetectionModel } from "../model/model.js";
import type { ArchivedRows, PreparedRows } from "../replay/zeek-source.js";
import {
  type CandidateOptions,
  type CandidateQuery,
  candidateQuery,
  tuple,
} from "../targets/sql/candidates.js";
import { any, TRUE } from "../targets/sql/condition.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import { columnsIn, fieldsOf } from "../targets/sql/fields.js";
import { DEFAULT_WINDOW, type ReorderWindow } from "../zeek/connections/queue.js";
import type { ReadOptions } from "../zeek/logs/cursor.js";
import { areRotated } from "../zeek/logs/find.js";
import { type Aside, type Asking, rowsAside } from "./aside.js";
import { codes } from "./codes.js";
import { linesLog } from "./columns.js";
import { Crowds } from "./crowds.js";
import { StoreCursor, writtenColumn } from "./cursor.js";
import { missingColumn } from "./foreign.js";
import { readPackets } from "./packets.js";
import type { Store, StoredLog } from "./store.js";

/**
 * **Exact, and why.** A hunt gives the notices that `zopf replay` gives on the same rows: the same ones, at the same
 * times, in the same order. SQL only proposes; the replay's own code decides (src/detections/replay.ts), about a
 * part of the rows. What it decides depends on rows that are not in that part in four ways, each of which is
 * brought along:
 *
 * 1. *When a row's event took place.* A connection's removal is as late as any before it in its log: the archive
 *    has that time with each row (`_written`), as the replay of the whole file works it out. A table that zopf did
 *    not write has no order but that of its removals, and is read in it.
 * 2. *Which keys can fire.* `candidateQuery` proposes a superset: all rows of each proposed key are fetched, and a
 *    key that is not proposed cannot fire, with all its rows or with some.
 * 3. *When tables tick*, which ends windows that are not sliding, and suppressions: at packets of all rows
 *    (ticks.ts reads four numbers of each). That takes no look at the rows where nothing depends on it.
 * 4. *How many keys a table holds*: at `caps.keys` it forgets some, and beyond 5,000 entries Zeek looks at them in
 *    steps. The number is bounded by a query; where it could be reached, a warning says so, and `--exact-caps`
 *    reads all rows.
 *
 * Beyond these the order of rows that were written in the same microsecond is kept, and so is the end of a finished
 * trace. test/hunt/same-as-replay.test.ts holds it: random detections on random logs, and recorded ones.
 */
export interface HuntOptions {
  readonly store: Store;
  readonly localNets: readonly string[];
  readonly exactCaps: boolean;
  /** Rows that are fetched at most. */
  readonly maxRows: number;
  /** Rows of a log from which on its keys are not counted, but those looked for that are busy (1 million). */
  readonly largeFrom?: number;
  /** Rows of a large log that are looked at aside, at most (2 million); where there are more, all of the log is. */
  readonly mostAside?: number;
  /** Told of each query before it runs, with what it is for. */
  readonly onQuery?: (purpose: string, sql: string) => void;
  /** Told of how far it has come. */
  readonly onProgress?: (what: string) => void;
}

/** What a hunt did for one detection. */
export interface HuntedDetection {
  readonly detection: string;
  readonly log: string;
  /** Different keys among the rows that its condition lets through; null: a large log, they were not counted. */
  readonly keys: number | null;
  readonly candidates: number;
  /** Rows of the candidates. */
  readonly rows: number;
}

export interface HuntCounts {
  /** Rows in the logs that were looked at. */
  readonly rows: number;
  readonly bytes: number | null;
  readonly fetched: number;
  readonly detections: readonly HuntedDetection[];
  /** Whether the ticks of all rows were worked out. */
  readonly ticks: boolean;
}

/** Few keys are no sign of a condition that tells nothing apart. */
const fewKeys = 1000;
/** A log is large from so many rows on. */
const large = 1_000_000;
const mostAside = 2_000_000;

/** Detections that are asked for together, the one with the lowest threshold first. */
interface Asked {
  readonly alike: readonly [ZeekDetectionModel, ...ZeekDetectionModel[]];
  readonly log: StoredLog;
  readonly query: CandidateQuery;
}

interface Proposed {
  readonly detection: ZeekDetectionModel;
  readonly hunted: HuntedDetection;
  readonly log: StoredLog;
  /** Over the log. */
  readonly whole: CandidateQuery;
  /** Over the rows that were put aside; null: the log itself was asked. */
  readonly aside: CandidateQuery | null;
  /** What the candidates stand in; null: there are none. */
  readonly table: string | null;
}

/** The keys of a detection that can fire. */
interface Candidates {
  readonly keys: number;
  readonly candidates: number;
  readonly rows: number;
  /** What the keys stand in; any subquery of the columns `k0` …. */
  readonly table: string;
}

export class Hunt implements ArchivedRows {
  readonly found: ArchivedRows["found"];
  readonly #options: HuntOptions;
  readonly #diagnostics: Diagnostic[] = [];
  #rows = 0;
  #bytes: number | null = 0;
  #fetched = 0;
  #hunted: readonly HuntedDetection[] = [];
  #ticks = false;
  #kept = 0;

  constructor(options: HuntOptions) {
    this.#options = options;
    this.found = options.store.found.filter(({ log }) => log !== linesLog);
  }

  counts(): HuntCounts {
    return {
      rows: this.#rows,
      bytes: this.#bytes,
      fetched: this.#fetched,
      detections: this.#hunted,
      ticks: this.#ticks,
    };
  }

  async prepare(
    detections: readonly ZeekDetectionModel[],
    window: ReorderWindow | null,
  ): Promise<PreparedRows> {
    const { store, exactCaps } = this.#options;
    const reorder = window ?? DEFAULT_WINDOW;
    const logs = new Map<string, StoredLog>();
    for (const detection of detections) {
      const name = logOf(detection);
      const log = store.log(name);
      if (log === undefined) continue;
      logs.set(name, log);
      this.#checkColumns(detection, name, log);
    }
    if (this.#diagnostics.some(({ severity }) => severity === "error")) return this.#failed();
    const isLive = areRotated(this.found.filter(({ log }) => log === "conn"));
    const end = isLive ? null : await this.#end(logs);
    const sizes = new Map<StoredLog, number>();
    for (const log of logs.values()) {
      const [[count = 0] = []] = await this.#query(
        "rows of the log",
        `SELECT count(*) FROM ${log.from} WHERE ${log.within}`,
      );
      this.#rows += Number(count);
      sizes.set(log, Number(count));
      this.#bytes = this.#bytes === null || log.bytes === null ? null : this.#bytes + log.bytes;
    }
    const { dialect } = store;
    const asking: CandidateOptions = {
      dialect,
      localNets: this.#options.localNets,
      reorder: reorder.seconds,
      end,
    };
    const asked = groupsOf(detections).flatMap((alike): readonly Asked[] => {
      const [least] = alike;
      const log = logs.get(logOf(least));
      return log === undefined ? [] : [{ alike, log, query: candidateQuery(least, log, asking) }];
    });
    const asides = new Map<StoredLog, Aside>();
    for (const [name, log] of logs)
      if (store.keepsAll && (sizes.get(log) ?? 0) >= (this.#options.largeFrom ?? large))
        asides.set(log, await this.#rowsAside(name, log, asked, asking));
    const crowds = new Crowds(store, end, (purpose, sql) => this.#query(purpose, sql));
    const proposed: Proposed[] = [];
    for (const one of asked) {
      const made = await this.#propose(one, asides.get(one.log), asking);
      if (!exactCaps)
        for (const detection of one.alike)
          this.#diagnostics.push(...(await crowds.check(detection, one.log, one.query, made.hunted)));
      proposed.push(made);
    }
    this.#hunted = proposed.map(({ hunted }) => hunted);
    this.#fetched = exactCaps ? this.#rows : this.#hunted.reduce((sum, { rows }) => sum + rows, 0);
    if (this.#fetched > this.#options.maxRows) {
      this.#diagnostics.push(
        codes.tooMany(
          this.#at(),
          `${this.#fetched.toLocaleString("en-US")} of ${this.#rows.toLocaleString("en-US")} rows would be fetched, and --max-rows is ${this.#options.maxRows.toLocaleString("en-US")}`,
          "narrow it with --from, --to or --detection, or allow more",
        ),
      );
      return this.#failed();
    }
    const fires = proposed.filter(({ table }) => table !== null);
    const depends = fires.some(
      ({ detection }) => detection.window.kind !== "sliding" || detection.suppress > 0,
    );
    let packets: Float64Array | null = null;
    if (!exactCaps) {
      this.#ticks = depends;
      packets = depends ? await this.#packets(logs, reorder, end) : new Float64Array(0);
    }
    const source: RowSource = {
      written: writtenColumn,
      open: (name, reading) => {
        const log = logs.get(name);
        if (log === undefined) throw new Error(`bug in zopf: there is no log ${name} in the archive`);
        if (exactCaps) return new StoreCursor(store, name, log, log.within, reading);
        const own = fires.filter((one) => one.log === log);
        const aside = asides.get(log)?.log ?? null;
        const from =
          aside !== null && own.every((one) => one.aside !== null) && holds(aside, log, reading)
            ? aside
            : log;
        const conditions = own.flatMap(({ whole, aside: query, table }) =>
          table === null ? [] : [ofKeys(from === log || query === null ? whole : query, table, dialect)],
        );
        return new StoreCursor(store, name, from, own.length === 0 ? null : any(conditions), reading);
      },
      turned: () => this.#turned(),
    };
    return {
      ok: true,
      diagnostics: this.#diagnostics,
      source,
      packets,
      end: exactCaps ? null : end,
      trace: isLive ? "live" : "offline",
      logs: [...logs.keys()],
    };
  }

  #at() {
    return { file: this.#options.store.name, line: 1, column: 1 };
  }

  #failed(): PreparedRows {
    return { ok: false, diagnostics: this.#diagnostics };
  }

  async #query(purpose: string, sql: string) {
    this.#options.onQuery?.(purpose, sql);
    this.#options.onProgress?.(purpose);
    return this.#options.store.rows(sql);
  }

  async #keep(purpose: string, sql: string): Promise<string> {
    this.#options.onQuery?.(purpose, sql);
    this.#options.onProgress?.(purpose);
    return this.#options.store.keep(`${this.#kept++} ${purpose}`, sql);
  }

  /** A column that no row of an archive has is unset in all of them, as in the replay; a table must have it. */
  #checkColumns(detection: ZeekDetectionModel, name: string, log: StoredLog): void {
    const { store } = this.#options;
    const fields = fieldsOf(detection, log.columns, store.dialect);
    const needed = columnsIn(eventExpressions(detection), fields);
    const removal = name === "conn" ? ["duration", "proto", "conn_state", "history"] : [];
    for (const column of new Set([...needed, ...removal])) {
      if (log.columns(column) !== undefined) continue;
      const isTold = this.#diagnostics.some(
        ({ message }) => message.includes(` ${column};`) || message.includes(`"${column}"`),
      );
      if (isTold) continue;
      if (store.mayLack) {
        if (needed.includes(column))
          this.#diagnostics.push(
            codes.lacking(
              this.#at(),
              `no ${name}.log of it has a column "${column}": it is unset in all rows`,
            ),
          );
      } else if (!(name === "conn" && column.endsWith("_ip_bytes")))
        this.#diagnostics.push(missingColumn(store.name, name, column, [...log.types.keys()]));
    }
  }

  /** The last packet that any row tells of. */
  async #end(logs: ReadonlyMap<string, StoredLog>): Promise<number | null> {
    let end = Number.NEGATIVE_INFINITY;
    for (const [name, log] of logs) {
      const ts = log.columns("ts")?.sql ?? log.written;
      const duration = log.columns("duration")?.sql;
      const last =
        name !== "conn" ? log.written : duration === undefined ? ts : `${ts} + coalesce(${duration}, 0)`;
      const [[value = null] = []] = await this.#query(
        "the trace's end",
        `SELECT max(${last}) FROM ${log.from} WHERE ${log.within}`,
      );
      if (value !== null) end = Math.max(end, Number(value));
    }
    return Number.isFinite(end) ? end : null;
  }

  async #rowsAside(
    name: string,
    log: StoredLog,
    asked: readonly Asked[],
    options: CandidateOptions,
  ): Promise<Aside> {
    const hunts = asked.flatMap(({ alike: [detection], log: of, query: { busy } }) =>
      of !== log || busy === null ? [] : [{ detection, busy }],
    );
    const asking: Asking = {
      most: this.#options.mostAside ?? mostAside,
      rows: (purpose, sql) => this.#query(`${name}: ${purpose}`, sql),
      keep: (purpose, sql) => this.#keep(`${name}: ${purpose}`, sql),
    };
    return rowsAside(name, log, hunts, options, asking);
  }

  async #propose(
    { alike: [detection], log, query: whole }: Asked,
    aside: Aside | undefined,
    options: CandidateOptions,
  ): Promise<Proposed> {
    const { name, span } = detection;
    const isDecided = aside?.decided.has(detection) === true;
    const hunted = { detection: name, log: logOf(detection) };
    const from = isDecided ? aside.log : null;
    if (isDecided && (from === null || !aside.open.has(detection)))
      return {
        detection,
        log,
        whole,
        aside: null,
        table: null,
        hunted: { ...hunted, keys: null, candidates: 0, rows: 0 },
      };
    const query = from === null ? whole : candidateQuery(detection, from, options);
    const { keys, candidates, rows, table } = await this.#candidates(name, query);
    if (query.keys.length === 0 && candidates > 0)
      this.#diagnostics.push(
        codes.everyKey(
          span,
          `SQL has no form for the key of "${name}": all ${rows.toLocaleString("en-US")} rows that its condition lets through are fetched`,
        ),
      );
    else if (from === null && candidates === keys && keys > fewKeys)
      this.#diagnostics.push(
        codes.everyKey(
          span,
          `the query of "${name}" proposes every one of ${keys.toLocaleString("en-US")} keys: ${rows.toLocaleString("en-US")} rows are fetched`,
        ),
      );
    return {
      detection,
      log,
      whole,
      aside: from === null ? null : query,
      table: candidates === 0 ? null : table,
      hunted: { ...hunted, keys: from === null ? keys : null, candidates, rows },
    };
  }

  /** All keys are counted, and of those with enough rows in all the ones with enough at a time are looked for. */
  async #candidates(name: string, query: CandidateQuery): Promise<Candidates> {
    const { store } = this.#options;
    const keep = (what: string, sql: string): Promise<string> => this.#keep(`${name}: ${what}`, sql);
    const numbersOf = async (purpose: string, sql: string): Promise<readonly number[]> =>
      ((await this.#query(`${name}: ${purpose}`, sql))[0] ?? []).map(Number);
    const names = query.keys.map((_, i) => `k${i}`);
    const listed = names.length === 0 ? "1 AS one" : names.join(", ");
    const grouped = store.keepsAll ? await keep("keys", query.grouped) : `(${query.grouped})`;
    const [keys = 0] = await numbersOf("how many keys", `SELECT count(*) FROM ${grouped} AS a`);
    const many = await keep(
      "keys with rows enough",
      `SELECT ${listed}, n FROM ${grouped} AS a WHERE n >= ${query.least}`,
    );
    const [some = 0] = await numbersOf("how many of them", `SELECT count(*) FROM ${many} AS m`);
    if (some === 0) return { keys, candidates: 0, rows: 0, table: many };
    const known = `SELECT ${names.length === 0 ? "one" : names.join(", ")} FROM ${many} AS m`;
    const table = query.fine === null ? many : await keep("candidates", query.fine(query.rows(known)));
    const [candidates = 0] = await numbersOf("how many candidates", `SELECT count(*) FROM ${table} AS c`);
    if (candidates === 0) return { keys, candidates, rows: 0, table };
    const those = `SELECT ${names.join(", ")} FROM ${table} AS c`;
    const inChosen = names.length === 0 ? TRUE : `${tuple(names)} ${store.dialect.in} (${those})`;
    const [rows = 0] = await numbersOf(
      "rows of the candidates",
      `SELECT coalesce(sum(n), 0) FROM ${many} AS m WHERE ${inChosen}`,
    );
    return { keys, candidates, rows, table };
  }

  async #packets(
    logs: ReadonlyMap<string, StoredLog>,
    window: ReorderWindow,
    end: number | null,
  ): Promise<Float64Array> {
    this.#options.onProgress?.("when tables tick");
    return readPackets(this.#options.store, logs, window, end, (sql) =>
      this.#options.onQuery?.("when tables tick", sql),
    );
  }

  async #turned(): Promise<ReadonlySet<string>> {
    const log = this.#options.store.log("conn");
    const uid = log?.columns("uid")?.sql;
    const history = log?.columns("history")?.sql;
    if (log === undefined || uid === undefined || history === undefined) return new Set();
    const { contains, text } = this.#options.store.dialect;
    const found = await this.#query(
      "connections whose ends Zeek has swapped",
      `SELECT ${uid} FROM ${log.from} WHERE ${log.within} AND ${contains(history, text("^"))}`,
    );
    return new Set(found.map(([value]) => String(value)));
  }
}

/** The rows of a detection's candidates. */
function ofKeys({ condition, keys }: CandidateQuery, table: string, dialect: SqlDialect): string {
  if (keys.length === 0) return condition;
  const those = `SELECT ${keys.map((_, i) => `k${i}`).join(", ")} FROM ${table} AS c`;
  return `(${condition} AND ${tuple(keys)} ${dialect.in} (${those}))`;
}

/** Whether rows that were put aside have all columns of their log that are to be read. */
const holds = (aside: StoredLog, log: StoredLog, { columns = [], numbers = [] }: ReadOptions): boolean =>
  [...columns, ...numbers].every(
    (column) => log.columns(column) === undefined || aside.columns(column) !== undefined,
  );

/** Detections that differ in their threshold at most: who can fire at the lowest can fire. That one is the first. */
function groupsOf(
  detections: readonly ZeekDetectionModel[],
): readonly (readonly [ZeekDetectionModel, ...ZeekDetectionModel[]])[] {
  const groups = new Map<string, [ZeekDetectionModel, ...ZeekDetectionModel[]]>();
  for (const detection of [...detections].sort((a, b) => a.threshold - b.threshold)) {
    const { event, rows, where, ignoreFlipped, key, count, window } = detection;
    const looks = JSON.stringify(
      { event, rows, where, ignoreFlipped, key, count, window },
      (name, value: unknown) => (name === "span" ? undefined : value),
    );
    const group = groups.get(looks);
    if (group === undefined) groups.set(looks, [detection]);
    else group.push(detection);
  }
  return [...groups.values()];
}

const logOf = ({ rows }: ZeekDetectionModel): string => rows?.log ?? "conn";
