import type { LogValue } from "../logs/types.js";

/**
 * Order of events at one packet (docs/reference/zeek.md#clock, #model-of-ticks): removals that its timers cause, then what it
 * opens itself; removals at the end of a trace come after everything.
 */
export type Rank = 0 | 1 | 2;

/** An event that waits for its turn, as it is handed over. */
export interface Arrival {
  time: number;
  rank: Rank;
  /** When it would have happened had the trace gone on; after the trace's end it is a final removal. */
  natural: number;
  /** Which kind and input: the owner's business. */
  tag: number;
  /** Bits of the owner's, too. */
  wantedBy: number;
  ts: number;
  line: number;
  file: string;
  values: readonly LogValue[];
}

/**
 * Waiting events in columns, so that a window of a million of them is a few arrays and not a million
 * objects for the garbage collector to move. A slot is taken, read and given back.
 */
export interface Pending {
  time: Float64Array;
  rank: Uint8Array;
  natural: Float64Array;
  late: Uint8Array;
  /** Events waiting now. */
  count(): number;
  take(arrival: Arrival): number;
  /** Copies a slot out and gives it back. */
  release(slot: number, into: Arrival, values: LogValue[]): void;
}

const FIRST_SIZE = 1024;

/** @param width values an event keeps at most. */
export function createPending(width: number): Pending {
  let size = FIRST_SIZE;
  let used = 0;
  let waiting = 0;
  let tag = new Int32Array(size);
  let wantedBy = new Int32Array(size);
  let ts = new Float64Array(size);
  let line = new Float64Array(size);
  const files: string[] = [];
  const values: LogValue[] = [];
  const free: number[] = [];

  const grow = (): void => {
    size *= 2;
    const wider = <A extends Float64Array | Uint8Array | Int32Array>(old: A, next: A): A => {
      next.set(old);
      return next;
    };
    pending.time = wider(pending.time, new Float64Array(size));
    pending.rank = wider(pending.rank, new Uint8Array(size));
    pending.natural = wider(pending.natural, new Float64Array(size));
    pending.late = wider(pending.late, new Uint8Array(size));
    tag = wider(tag, new Int32Array(size));
    wantedBy = wider(wantedBy, new Int32Array(size));
    ts = wider(ts, new Float64Array(size));
    line = wider(line, new Float64Array(size));
  };

  const pending: Pending = {
    time: new Float64Array(size),
    rank: new Uint8Array(size),
    natural: new Float64Array(size),
    late: new Uint8Array(size),
    count: () => waiting,
    take(arrival) {
      let slot = free.pop();
      if (slot === undefined) {
        if (used === size) grow();
        slot = used++;
        for (let i = 0; i < width; i++) values.push(undefined);
        files.push("");
      }
      waiting++;
      pending.time[slot] = arrival.time;
      pending.rank[slot] = arrival.rank;
      pending.natural[slot] = arrival.natural;
      pending.late[slot] = 0;
      tag[slot] = arrival.tag;
      wantedBy[slot] = arrival.wantedBy;
      ts[slot] = arrival.ts;
      line[slot] = arrival.line;
      files[slot] = arrival.file;
      const at = slot * width;
      for (let i = 0; i < width; i++) values[at + i] = arrival.values[i];
      return slot;
    },
    release(slot, into, out) {
      waiting--;
      into.time = pending.time[slot] ?? 0;
      into.tag = tag[slot] ?? 0;
      into.wantedBy = wantedBy[slot] ?? 0;
      into.ts = ts[slot] ?? 0;
      into.line = line[slot] ?? 0;
      into.file = files[slot] ?? "";
      const at = slot * width;
      for (let i = 0; i < width; i++) out[i] = values[at + i];
      free.push(slot);
    },
  };
  return pending;
}
