/** What happens within one second of log time. */
export interface Bin {
  readonly second: number;
  /** Slots of waiting events. */
  events: number[];
  /** Times of packets that raise no event. */
  packets: number[];
}

/** The seconds for which something waits. */
export interface Bins {
  /** The bin of a second; made when there is none. */
  at(second: number): Bin;
  /** The earliest second with a bin. */
  first(): number | undefined;
  /** Takes the earliest bin out. */
  takeFirst(): Bin | undefined;
  /** All bins from a second on, in order; they stay. */
  from(second: number): Bin[];
}

/** A second's place in the ring; a window of an hour has no two seconds in one place. */
const RING = 4096;

export function createBins(): Bins {
  const ring = new Array<Bin | undefined>(RING).fill(undefined);
  const elsewhere = new Map<number, Bin>();
  const heap: number[] = [];

  const add = (second: number): void => {
    let i = heap.length;
    heap.push(second);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] ?? 0;
      if (above <= second) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = second;
  };

  const removeFirst = (): void => {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? 0)) child++;
      const value = heap[child] ?? 0;
      if (value >= last) break;
      heap[i] = value;
      i = child;
    }
    heap[i] = last;
  };

  const place = (second: number) => ((second % RING) + RING) % RING;
  const known = (second: number): Bin | undefined => {
    const bin = ring[place(second)];
    return bin?.second === second ? bin : elsewhere.size > 0 ? elsewhere.get(second) : undefined;
  };

  return {
    at(second) {
      const bin = known(second);
      if (bin !== undefined) return bin;
      const fresh: Bin = { second, events: [], packets: [] };
      const at = place(second);
      if (ring[at] === undefined) ring[at] = fresh;
      else elsewhere.set(second, fresh);
      add(second);
      return fresh;
    },
    first: () => heap[0],
    takeFirst() {
      const second = heap[0];
      const bin = second === undefined ? undefined : known(second);
      if (second === undefined || bin === undefined) return undefined;
      removeFirst();
      if (ring[place(second)] === bin) ring[place(second)] = undefined;
      else elsewhere.delete(second);
      return bin;
    },
    from: (second) =>
      heap
        .filter((s) => s >= second)
        .sort((a, b) => a - b)
        .flatMap((s) => known(s) ?? []),
  };
}
