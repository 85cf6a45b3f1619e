import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { type LogCursor, openLog, type ReadOptions } from "./cursor.js";
import type { LogRow } from "./rows.js";

/** Time by which the records of several files are put in order; called once a record, in file order. */
export type RecordKey = (row: LogRow) => number;

export interface MergedLogs {
  /** The record that `next` found; reused. */
  row(): LogRow;
  /** File of that record. */
  file(): string;
  /** Its key. */
  key(): number;
  /** Like a cursor's: false means `fill` must run. */
  next(): boolean;
  fill(): Promise<boolean>;
  close(): Promise<void>;
  records(): number;
  diagnostics(): readonly Diagnostic[];
}

interface Source {
  readonly cursor: LogCursor;
  readonly keyOf: RecordKey;
  key: number;
  order: number;
}

interface Pending {
  readonly file: string;
  readonly firstKey: number;
  readonly order: number;
  readonly source: Source | undefined;
}

/** Files that stay open after a look at their first record; beyond that they are opened when due. */
const KEEP_OPEN = 16;

const before = (a: Source, b: Source): boolean => a.key < b.key || (a.key === b.key && a.order < b.order);

function sink(heap: Source[]): void {
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

function rise(heap: Source[], source: Source): void {
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

function removeTop(heap: Source[]): void {
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
 * @param makeKey makes the key function of one file (it may carry state from record to record).
 */
export function mergeLogs(
  files: readonly string[],
  options: ReadOptions,
  makeKey: () => RecordKey = () => (row) => row.ts,
): MergedLogs {
  const heap: Source[] = [];
  const found: Diagnostic[] = [];
  let pending: Pending[] | undefined;
  let current: Source | undefined;
  let records = 0;

  const retire = async (cursor: LogCursor): Promise<void> => {
    found.push(...cursor.diagnostics());
    await cursor.close();
  };

  const start = async (file: string, order: number): Promise<Source | undefined> => {
    const cursor = openLog(file, options);
    if (!(await firstRecord(cursor))) {
      await retire(cursor);
      return undefined;
    }
    const keyOf = makeKey();
    return { cursor, keyOf, key: keyOf(cursor.row), order };
  };

  const lookAtAll = async (): Promise<Pending[]> => {
    const list: Pending[] = [];
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
      current.key = Math.max(current.key, current.keyOf(current.cursor.row));
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
    row: () => (current ?? { cursor: { row: NO_ROW } }).cursor.row,
    file: () => current?.cursor.file ?? "",
    key: () => current?.key ?? Number.NaN,
    next,
    fill,
    close: async () => {
      for (const source of [...heap, ...(pending ?? []).flatMap((p) => p.source ?? [])]) {
        await source.cursor.close();
      }
    },
    records: () => records,
    diagnostics: () => found,
  };
}

const NO_ROW: LogRow = { values: [], ts: Number.NaN, line: 0, path: undefined };
