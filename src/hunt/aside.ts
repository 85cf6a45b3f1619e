import { eventExpressions } from "../detections/binding.js";
import type { ZeekDetectionModel } from "../model/model.js";
import {
  areOneScan,
  type BusyScan,
  busyKeys,
  mostValues,
  otherTerms,
  sharedTerms,
  valueTerms,
} from "../targets/sql/busy.js";
import { type CandidateOptions, candidateQuery } from "../targets/sql/candidates.js";
import { all, any, TRUE } from "../targets/sql/condition.js";
import { columnsIn, fieldsOf, type TableColumn } from "../targets/sql/fields.js";
import type { Span, StoredLog, StoredRow } from "./store.js";

/** A detection on a large log, and how its busy keys are found. */
export interface LargeHunt {
  readonly detection: ZeekDetectionModel;
  readonly busy: BusyScan;
}

/** The rows of a large log that the hunt looks at. */
export interface Aside {
  /** Them, as if they were the log; null: there are none. */
  readonly log: StoredLog | null;
  /** Detections that need no other rows. */
  readonly decided: ReadonlySet<ZeekDetectionModel>;
  /** Of those the ones that may have candidates among these rows. */
  readonly open: ReadonlySet<ZeekDetectionModel>;
}

/** How the store is asked; `purpose` is what for. */
export interface Asking {
  /** Rows that are put aside at most. */
  readonly most: number;
  keep(purpose: string, sql: string): Promise<string>;
  rows(purpose: string, sql: string): Promise<readonly StoredRow[]>;
}

/** What one scan has found. */
interface Busy {
  readonly hunts: readonly LargeHunt[];
  /** The first part of the key. */
  readonly key: string;
  /** A subquery for those that are busy for one of them. */
  readonly keys: string;
  /** When the rows were written that decide; null: at any time. */
  readonly spans: readonly Span[] | null;
}

/**
 * Puts the rows aside that a log's detections can be about: those of keys that are busy for one of them at some time.
 * All that follows, down to the replay, reads these instead of the log. Detections of which too many rows are busy
 * keys' are left out.
 */
export async function rowsAside(
  name: string,
  log: StoredLog,
  hunts: readonly LargeHunt[],
  options: CandidateOptions,
  asking: Asking,
): Promise<Aside> {
  const decided = new Set<ZeekDetectionModel>();
  const found: Busy[] = [];
  let left = asking.most;
  for (const scan of scansOf(hunts)) {
    const [first, ...others] = await byValues(
      scan.map(({ busy }) => busy),
      asking,
    );
    if (first === undefined) continue;
    const { table, length, isBusy } = busyKeys([first, ...others], options.dialect);
    const kept = await asking.keep("busy keys", table);
    const sums = isBusy.map((is, i) => `coalesce(sum(CASE WHEN ${is} THEN n${i} END), 0)`);
    const [sizes = []] = await asking.rows(
      "rows of the busy keys",
      `SELECT ${sums.join(", ")} FROM ${kept} AS b`,
    );
    const sized = scan.map((hunt, i) => ({ hunt, isBusy: isBusy[i] ?? TRUE, rows: Number(sizes[i] ?? 0) }));
    const taken: typeof sized = [];
    for (const one of sized.sort((a, b) => a.rows - b.rows))
      if (one.rows === 0) decided.add(one.hunt.detection);
      else if (one.rows <= left) {
        left -= one.rows;
        taken.push(one);
      }
    if (taken.length === 0) continue;
    const those = `FROM ${kept} AS b WHERE ${any(taken.map((one) => one.isBusy))}`;
    const slides = log.pieces !== null && taken.every(({ hunt }) => hunt.busy.slides);
    const buckets = slides ? await asking.rows("when they are busy", `SELECT DISTINCT b ${those}`) : [];
    found.push({
      hunts: taken.map(({ hunt }) => hunt),
      key: first.key,
      keys: `SELECT k0 ${those}`,
      spans: slides ? buckets.map(([bucket]) => spanAround(Number(bucket), length, options.end)) : null,
    });
  }
  const open = new Set(found.flatMap((busy) => busy.hunts.map(({ detection }) => detection)));
  if (open.size === 0) return { log: null, decided, open };
  const aside = await rowsOf(name, log, found, options, asking);
  if (aside === null) return { log: null, decided, open: new Set() };
  for (const detection of open) decided.add(detection);
  return { log: aside, decided, open };
}

/** The scans, with terms that are worked out by value where that is worth it. */
async function byValues(scans: readonly BusyScan[], asking: Asking): Promise<readonly BusyScan[]> {
  const terms = valueTerms(scans);
  if (terms === null) return scans;
  const kept = await asking.keep("values of a column", terms.table);
  const [[values = 0] = []] = await asking.rows("how many values", `SELECT count(*) FROM ${kept} AS v`);
  return Number(values) > mostValues ? scans : terms.scans(kept);
}

/** Null: they are too many. */
async function rowsOf(
  name: string,
  log: StoredLog,
  found: readonly Busy[],
  options: CandidateOptions,
  asking: Asking,
): Promise<StoredLog | null> {
  const hunts = found.flatMap((busy) => busy.hunts);
  const columns = columnsRead(
    name,
    log,
    hunts.map(({ detection }) => detection),
    options,
  );
  const where = (termsOf: (scans: readonly BusyScan[]) => readonly string[]): string =>
    any(
      found.map(({ hunts: own, key, keys }) =>
        all([...termsOf(own.map(({ busy }) => busy)), `${key} ${options.dialect.in} (${keys})`]),
      ),
    );
  const lists = found.map(({ spans }) => spans);
  // To look at conditions that not all share takes longer than to keep the rows of busy keys that fail them.
  for (const condition of new Set([where((scans) => sharedTerms(scans.map(otherTerms))), where(anyTerms)])) {
    const [aside, rows] = await keptRows(log, columns, condition, spansOf(lists), options, asking);
    if (rows <= asking.most) return aside;
  }
  return null;
}

const anyTerms = (scans: readonly BusyScan[]): readonly string[] => [
  any(scans.map((scan) => all(otherTerms(scan).map(({ sql }) => sql)))),
];

/** Several lists as one; null: one of them is not known. */
function spansOf(lists: readonly (readonly Span[] | null)[]): readonly Span[] | null {
  const known = lists.flatMap((list) => (list === null ? [] : [list]));
  return known.length < lists.length ? null : merged(known.flat());
}

/** Those that can be looked for together. */
function scansOf(hunts: readonly LargeHunt[]): readonly (readonly LargeHunt[])[] {
  const scans: LargeHunt[][] = [];
  for (const hunt of hunts) {
    const scan = scans.find(([first]) => first !== undefined && areOneScan(first.busy, hunt.busy));
    if (scan === undefined) scans.push([hunt]);
    else scan.push(hunt);
  }
  return scans;
}

/** When the rows were written that a firing counts which has half of them in a bucket. */
function spanAround(bucket: number, length: number, end: number | null): Span {
  const to = (bucket + 2) * length;
  return { from: (bucket - 1) * length, to: end !== null && to >= end ? Number.POSITIVE_INFINITY : to };
}

/** In order, and those that meet as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const apart: { readonly from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last === undefined || from > last.to) apart.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return apart;
}

/** Zeek's columns of what a connection's removal is made of (src/zeek/connections/removal-key.ts). */
const removalColumns = ["duration", "orig_pkts", "resp_pkts", "proto", "conn_state", "history"];

/** All columns of a log that the candidates and the replay of detections read, as far as the log has them. */
function columnsRead(
  name: string,
  log: StoredLog,
  detections: readonly ZeekDetectionModel[],
  options: CandidateOptions,
): ReadonlyMap<string, TableColumn> {
  const asked = new Set(["ts", ...(name === "conn" ? removalColumns : [])]);
  const columns = (column: string): TableColumn | undefined => {
    asked.add(column);
    return log.columns(column);
  };
  for (const detection of detections) {
    candidateQuery(detection, { ...log, columns }, options);
    for (const column of columnsIn(
      eventExpressions(detection),
      fieldsOf(detection, columns, options.dialect),
    ))
      columns(column);
  }
  return new Map(
    [...asked].sort().flatMap((column) => {
      const found = log.columns(column);
      return found === undefined ? [] : [[column, found] as const];
    }),
  );
}

/**
 * Some rows of a log with some of its columns, by Zeek's names, in a table of their own, and how many they are: one more
 * than the most where there are more.
 */
async function keptRows(
  log: StoredLog,
  columns: ReadonlyMap<string, TableColumn>,
  condition: string,
  spans: readonly Span[] | null,
  { dialect }: CandidateOptions,
  asking: Asking,
): Promise<readonly [StoredLog, number]> {
  const { identifier } = dialect;
  const own = {
    _written: log.written,
    ...(log.place === null ? {} : { _place_file: log.place.file, _place_line: log.place.line }),
    ...Object.fromEntries(log.order.map((sql, i) => [`_order${i}`, sql])),
  };
  const selected = [
    ...[...columns].map(([column, { sql }]) => `${sql} AS ${identifier(column)}`),
    ...Object.entries(own).map(([column, sql]) => `${sql} AS ${identifier(column)}`),
  ];
  const from = spans === null ? log.from : (log.pieces?.within(spans) ?? log.from);
  const table = await asking.keep(
    "rows of busy keys",
    `SELECT ${selected.join(", ")} FROM ${from} WHERE ${condition} LIMIT ${asking.most + 1}`,
  );
  const [[rows = 0] = []] = await asking.rows("how many they are", `SELECT count(*) FROM ${table} AS r`);
  const aside: StoredLog = {
    from: table,
    columns(column) {
      const found = columns.get(column);
      return found === undefined ? undefined : { ...found, sql: identifier(column) };
    },
    written: "_written",
    within: TRUE,
    order: log.order.map((_, i) => `_order${i}`),
    place: log.place === null ? null : { file: "_place_file", line: "_place_line" },
    pieces: null,
    types: log.types,
    bytes: null,
    exact: null,
  };
  return [aside, Number(rows)];
}
