/** One rule, or some in raw XML, that have a place in the order of the file. */
export interface Ordered<T> {
  readonly what: T;
  /** Those that must stand before it. */
  readonly behind: readonly Ordered<T>[];
}

/**
 * The order in which rules are written, which is that of the bundle: of rules below the same one the first that fits is
 * taken, and a group holds what was loaded before. Only what must stand behind something that comes later moves, to
 * the place directly behind that.
 *
 * @returns the order, and what stands behind itself by way of others and has none
 */
export function orderRules<T>(all: readonly Ordered<T>[]): {
  readonly ordered: readonly Ordered<T>[];
  readonly circular: readonly Ordered<T>[];
} {
  const position = new Map(all.map((one, index) => [one, index]));
  const missing = new Map<Ordered<T>, number>();
  const waiting = new Map<Ordered<T>, Ordered<T>[]>();
  const done = new Set<Ordered<T>>();
  for (const one of all) {
    const before = new Set(one.behind);
    missing.set(one, before.size);
    for (const other of before) {
      const known = waiting.get(other);
      if (known === undefined) waiting.set(other, [one]);
      else known.push(one);
    }
  }
  const ordered: Ordered<T>[] = [];
  for (const first of all) {
    if (missing.get(first) !== 0 || done.has(first)) continue;
    // What waited for one comes directly behind it, if it stands before it in the bundle.
    const ready = [first];
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      ordered.push(next);
      done.add(next);
      const here = position.get(first) ?? 0;
      const released = (waiting.get(next) ?? []).filter((one) => {
        const left = (missing.get(one) ?? 0) - 1;
        missing.set(one, left);
        return left === 0 && (position.get(one) ?? 0) < here;
      });
      ready.unshift(...released);
    }
  }
  return { ordered, circular: all.filter((one) => !done.has(one)) };
}
