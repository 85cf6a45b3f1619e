import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { type LogCursor, openLog, type ReadOptions } from "./cursor.js";
import { type LogRow, noMarks, nothingLeft } from "./rows.js";

/** Orders the records of one file; it may carry state from record to record. */
export interface RecordKey {
  /** Time by which records of several files are put in order; called once a record, in file order. */
  of(row: LogRow): number;
}

const BY_TIME: RecordKey = { of: (row) => row.ts };

export interface MergedLogs<K extends RecordKey = RecordKey> {
  /** The record that `next` found; reused. */
  row(): LogRow;
  /** File of that record. */
  file(): string;
  /** Its key. */
  key(): number;
  /** What made the key, for what it noted about the record. */
  keyState(): K | undefined;
  /** Like a cursor's: false means `fill` must run. */
  next(): boolean;
  fill(): Promise<boolean>;
  close(): Promise<void>;
  records(): number;
  /** Columns that are read for their values and that a log does not have. */
  lacking(): readonly string[];
  diagnostics(): readonly Diagnostic[];
}

interface Source<K extends RecordKey> {
  readonly cursor: LogCursor;
  readonly state: K;
  key: number;
  order: number;
}

interface Pending<K extends RecordKey> {
  readonly file: string;
  readonly firstKey: number;
  readonly order: number;
  readonly source: Source<K> | undefined;
}

/** Files that stay open after a look at their first record; beyond that they are opened when due. */
const KEEP_OPEN = 16;

interface Keyed {
  readonly key: number;
  readonly order: number;
}

const before = (a: Keyed, b: Keyed): boolean => a.key < b.key || (a.key === b.key && a.order < b.order);

function sink<S extends Keyed>(heap: S[]): void {
  const top = heap[0];
  if (top === undefined) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    const left = heap[child];
    if (left === undefined) break;
    const right = heap[child + 1];
    const smaller = right !== undefined && before(right, left) ? right : left;
    if (smaller === right) child++;
    if (!before(smaller, top)) break;
    heap[i] = smaller;
    i = child;
  }
  heap[i] = top;
}

function rise<S extends Keyed>(heap: S[], source: S): void {
  let i = heap.length;
  heap.push(source);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(source, above)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = source;
}

function removeTop<S extends Keyed>(heap: S[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) {
    heap[0] = last;
    sink(heap);
  }
}

async function firstRecord(cursor: LogCursor): Promise<boolean> {
  do {
    if (cursor.next()) return true;
  } while (await cursor.fill());
  return false;
}

/**
 * Merges logs by a key that does not fall within a file. A file takes part from its first record's
 * key on, so that a month of rotated logs needs few open files.
 *
 * @param makeKey makes the key of one file.
 * @param open opens a log, where that is not done here
 */
export function mergeLogs<K extends RecordKey>(
  files: readonly string[],
  options: ReadOptions,
  makeKey: () => K,
  open: (file: string) => LogCursor = (file) => openLog(file, options),
): MergedLogs<K> {
  const heap: Source<K>[] = [];
  const found: Diagnostic[] = [];
  const reported = new Set<string>();
  const lacking = new Set<string>();
  let pending: Pending<K>[] | undefined;
  let current: Source<K> | undefined;
  let records = 0;

  const retire = async (cursor: LogCursor): Promise<void> => {
    for (const column of cursor.lacking()) lacking.add(column);
    for (const diagnostic of cursor.diagnostics()) {
      // Rotated files lack the same columns, all of them.
      if (diagnostic.code === "ZEEK-NO-COLUMN" && reported.has(diagnostic.message)) continue;
      if (diagnostic.code === "ZEEK-NO-COLUMN") reported.add(diagnostic.message);
      found.push(diagnostic);
    }
    await cursor.close();
  };

  const start = async (file: string, order: number): Promise<Source<K> | undefined> => {
    const cursor = open(file);
    if (!(await firstRecord(cursor))) {
      await retire(cursor);
      return undefined;
    }
    const state = makeKey();
    return { cursor, state, key: state.of(cursor.row), order };
  };

  const lookAtAll = async (): Promise<Pending<K>[]> => {
    const list: Pending<K>[] = [];
    for (const [order, file] of files.entries()) {
      const source = await start(file, order);
      if (source === undefined) continue;
      const keep = file === "-" || list.length < KEEP_OPEN;
      if (!keep) await source.cursor.close();
      list.push({ file, firstKey: source.key, order, source: keep ? source : undefined });
    }
    return list.sort((a, b) => b.firstKey - a.firstKey || b.order - a.order);
  };

  const next = (): boolean => {
    if (pending === undefined) return false;
    if (current !== undefined) {
      if (!current.cursor.next()) return false;
      const key = current.state.of(current.cursor.row);
      if (key > current.key) current.key = key;
      if (heap.length > 1) sink(heap);
      current = undefined;
    }
    const top = heap[0];
    const waiting = pending[pending.length - 1];
    if (top === undefined || (waiting !== undefined && waiting.firstKey <= top.key)) return false;
    current = top;
    records++;
    return true;
  };

  const fill = async (): Promise<boolean> => {
    if (pending === undefined) {
      pending = await lookAtAll();
      return pending.length > 0;
    }
    if (current !== undefined) {
      // `next` has found the current file's memory used up.
      if (await current.cursor.fill()) return true;
      removeTop(heap);
      await retire(current.cursor);
      current = undefined;
      return true;
    }
    const due = pending.pop();
    if (due === undefined) return false;
    const source = due.source ?? (await start(due.file, due.order));
    if (source !== undefined) rise(heap, source);
    return true;
  };

  return {
    row: () => current?.cursor.row ?? NO_ROW,
    file: () => current?.cursor.file ?? "",
    key: () => current?.key ?? Number.NaN,
    keyState: () => current?.state,
    next,
    fill,
    close: async () => {
      for (const source of [...heap, ...(pending ?? []).flatMap((p) => p.source ?? [])]) {
        await source.cursor.close();
      }
    },
    records: () => records,
    lacking: () => [...lacking],
    diagnostics: () => found,
  };
}

const NO_ROW: LogRow = {
  values: [],
  numbers: new Float64Array(0),
  marks: noMarks,
  ts: Number.NaN,
  file: "",
  line: 0,
  path: undefined,
  rest: nothingLeft,
};

/** Merges logs by their `ts`. */
export function mergeByTime(files: readonly string[], options: ReadOptions): MergedLogs {
  return mergeLogs(files, options, () => BY_TIME);
}
