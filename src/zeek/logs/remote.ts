import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ReadingWatch } from "../../files/reading-watch.js";
import { createPacker, createUnpacker, type RowBatch, type RowLook, transferable } from "./batch.js";
import { type LogCursor, openLog, type ReadOptions } from "./cursor.js";
import { type LogRow, nothingLeft } from "./rows.js";
import type { LogColumn } from "./types.js";

/**
 * Logs read in another thread. The reading side cuts, decodes and looks at the rows, the asking side gets what
 * it needs of them in batches, in the order of the file. A few batches are under way at most.
 */
export interface ReadRequest {
  readonly kind: "open" | "more" | "close";
  readonly id: number;
  /** To be opened. */
  readonly file: string;
}

export type ReadAnswer =
  | {
      readonly kind: "batch";
      readonly id: number;
      readonly batch: RowBatch;
      /** Bytes read for it, as stored. */
      readonly bytes: number;
    }
  | {
      readonly kind: "end";
      readonly id: number;
      readonly diagnostics: readonly Diagnostic[];
      readonly records: number;
      readonly skipped: number;
      readonly lacking: readonly string[];
    };

/** One end of a way between two threads. */
export interface Port<Incoming> {
  postMessage(message: ReadRequest | ReadAnswer, transfer: ArrayBuffer[]): void;
  on(event: "message", listener: (message: Incoming) => void): unknown;
}

/** How the logs are read and looked at. */
export interface Reading {
  readonly options: ReadOptions;
  readonly look: RowLook;
}

/** The first batch is small: of many files only the first record is looked at for now. */
const FIRST_ROWS = 64;
const ROWS = 8192;
/** Batches sent and not yet asked for again. */
const UNDER_WAY = 4;

interface Reader {
  credit: number;
  closed: boolean;
  wake: () => void;
}

/** Answers the requests that come in through a port. */
export function serveLogs(port: Port<ReadRequest>, { options, look }: Reading): void {
  const readers = new Map<number, Reader>();
  const read = async (id: number, file: string, reader: Reader): Promise<void> => {
    const cursor = openLog(file, options);
    let most = FIRST_ROWS;
    let told = 0;
    const packer = createPacker(look, ROWS);
    const send = async (): Promise<void> => {
      const batch = packer.take();
      const bytes = cursor.rawBytes() - told;
      told += bytes;
      port.postMessage({ kind: "batch", id, batch, bytes }, transferable(batch));
      reader.credit--;
      most = ROWS;
      while (reader.credit <= 0 && !reader.closed)
        await new Promise<void>((resolve) => {
          reader.wake = resolve;
        });
    };
    do {
      while (!reader.closed && cursor.next()) {
        packer.add(cursor.row);
        if (packer.rows() >= most) await send();
      }
    } while (!reader.closed && (await cursor.fill()));
    if (packer.rows() > 0 && !reader.closed) await send();
    await cursor.close();
    readers.delete(id);
    const diagnostics = cursor.diagnostics();
    const records = cursor.records();
    const [skipped, lacking] = [cursor.skipped(), cursor.lacking()];
    port.postMessage({ kind: "end", id, diagnostics, records, skipped, lacking }, []);
  };
  port.on("message", ({ kind, id, file }: ReadRequest) => {
    if (kind === "open") {
      const reader: Reader = { credit: UNDER_WAY, closed: false, wake: () => undefined };
      readers.set(id, reader);
      void read(id, file, reader);
      return;
    }
    const reader = readers.get(id);
    if (reader === undefined) return;
    if (kind === "more") reader.credit++;
    else reader.closed = true;
    reader.wake();
  });
}

/** Opens logs at the other end of a port. */
export interface RemoteLogs {
  open(file: string): LogCursor;
  /** The other end is gone; whoever waits for it gets the reason. */
  fail(reason: unknown): void;
}

export function createRemoteLogs(
  port: Port<ReadAnswer>,
  look: Pick<RowLook, "width" | "measures" | "marks">,
  watch?: ReadingWatch,
): RemoteLogs {
  const inboxes = new Map<number, (answer: ReadAnswer) => void>();
  const failures = new Set<(reason: unknown) => void>();
  let failure: { readonly reason: unknown } | undefined;
  let opened = 0;
  port.on("message", (answer: ReadAnswer) => inboxes.get(answer.id)?.(answer));

  const open = (file: string): LogCursor => {
    const id = opened++;
    const waiting: ReadAnswer[] = [];
    const unpacker = createUnpacker(look);
    const row: LogRow = {
      values: [],
      numbers: new Float64Array(look.measures),
      marks: new Int32Array(look.marks),
      ts: Number.NaN,
      file,
      line: 0,
      path: undefined,
      rest: nothingLeft,
    };
    const columns: readonly LogColumn[] = [];
    let wake: () => void = () => undefined;
    let end: Extract<ReadAnswer, { readonly kind: "end" }> | undefined;
    let records = 0;
    let bytes = 0;
    inboxes.set(id, (answer) => {
      waiting.push(answer);
      wake();
    });
    port.postMessage({ kind: "open", id, file }, []);

    const arrival = async (): Promise<ReadAnswer> => {
      for (;;) {
        const answer = waiting.shift();
        if (answer !== undefined) return answer;
        if (failure !== undefined) throw failure.reason;
        await new Promise<void>((resolve, reject) => {
          failures.add(reject);
          wake = () => {
            failures.delete(reject);
            resolve();
          };
        });
      }
    };

    return {
      file,
      row,
      columns: () => columns,
      next() {
        if (!unpacker.next(row)) return false;
        records++;
        return true;
      },
      async fill() {
        if (end !== undefined) return false;
        if (watch?.stopped() === true) {
          await this.close();
          return false;
        }
        const answer = await arrival();
        if (answer.kind === "end") {
          end = answer;
          inboxes.delete(id);
          return false;
        }
        bytes += answer.bytes;
        await watch?.read(answer.bytes);
        port.postMessage({ kind: "more", id, file: "" }, []);
        unpacker.load(answer.batch);
        return true;
      },
      async close() {
        if (end !== undefined) return;
        inboxes.delete(id);
        port.postMessage({ kind: "close", id, file: "" }, []);
      },
      records: () => records,
      skipped: () => end?.skipped ?? 0,
      rawBytes: () => bytes,
      lacking: () => end?.lacking ?? [],
      diagnostics: () => end?.diagnostics ?? [],
    };
  };
  return {
    open,
    fail(reason) {
      failure = { reason };
      for (const reject of failures) reject(reason);
    },
  };
}
