/** Items by the moment they are due; those of one moment in the order they came. */
export interface DueQueue<T> {
  push(due: number, item: T): void;
  /** The one that is due first; null: none. */
  top(): { readonly due: number; readonly item: T } | null;
  pop(): T | null;
}

interface SourceRange<T> {
  readonly due: number;
  readonly serial: number;
  readonly item: T;
}

/** A binary heap: tens of thousands of blocks may be open at a time. */
export function createDueQueue<T>(): DueQueue<T> {
  const heap: SourceRange<T>[] = [];
  let serial = 0;
  const before = (one: SourceRange<T>, other: SourceRange<T>): boolean =>
    one.due < other.due || (one.due === other.due && one.serial < other.serial);

  function sink(place: SourceRange<T>): void {
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const smaller = right !== undefined && before(right, left) ? right : left;
      if (before(place, smaller)) break;
      heap[at] = smaller;
      at = smaller === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = place;
  }

  return {
    push(due, item) {
      const place: SourceRange<T> = { due, serial: serial++, item };
      let at = heap.push(place) - 1;
      while (at > 0) {
        const above = (at - 1) >> 1;
        const parent = heap[above];
        if (parent === undefined || !before(place, parent)) break;
        heap[at] = parent;
        at = above;
      }
      heap[at] = place;
    },
    top: () => heap[0] ?? null,
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length > 0) sink(last);
      return first.item;
    },
  };
}
