import type { ZeekValue } from "../model/expression.js";

/** A key and the most that it reached. */
export interface Near {
  readonly key: string;
  readonly parts: readonly ZeekValue[];
  readonly count: number;
  readonly time: number;
}

/** The keys that came closest to the threshold, in bounded memory. */
export interface NearMisses {
  /** Whether one of that count can still be among the closest. */
  isNear(count: number): boolean;
  add(near: Near): void;
  /** Closest first, each key once; keys for which `fired` is true are left out. */
  list(fired: (key: string) => boolean): readonly Near[];
  /** How many more keys there were than `list` gives; null: they were not counted. */
  leftOut(fired: (key: string) => boolean): { readonly count: number; readonly atLeast: boolean } | null;
}

/** Different keys that are counted, at most: a bound on memory. */
const mostCounted = 1_000_000;

/**
 * @param most - keys that are listed
 * @param counts - whether the keys that are not listed are counted, which needs memory for each
 */
export function createNearMisses(most: number, counts = false): NearMisses {
  const seen = new Set<string>();
  let best = new Map<string, Near>();
  /** Keys that reached less are not kept any more. */
  let floor = 0;
  const sorted = (): Near[] =>
    [...best.values()].sort((a, b) => b.count - a.count || a.time - b.time || (a.key < b.key ? -1 : 1));
  const list = (fired: (key: string) => boolean): readonly Near[] =>
    sorted()
      .filter(({ key }) => !fired(key))
      .slice(0, most);
  return {
    isNear: (count) => counts || count > floor,
    add(near) {
      if (counts && seen.size < mostCounted) seen.add(near.key);
      if (near.count <= floor) return;
      const known = best.get(near.key);
      if (known !== undefined && known.count >= near.count) return;
      best.set(near.key, near);
      if (best.size <= 4 * most) return;
      const kept = sorted().slice(0, 2 * most);
      floor = kept.at(-1)?.count ?? 0;
      best = new Map(kept.map((item) => [item.key, item]));
    },
    list,
    leftOut(fired) {
      if (!counts) return null;
      let quiet = 0;
      for (const key of seen) if (!fired(key)) quiet++;
      return { count: quiet - list(fired).length, atLeast: seen.size >= mostCounted };
    },
  };
}
