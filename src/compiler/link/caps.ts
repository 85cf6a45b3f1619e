import type { CountModel, WindowModel } from "../../model/model.js";
import type { CapsDeclaration } from "../decode/zeek-detection.js";

/**
 * Entries (values, moments, amounts) that one detection may hold on one node, on a cluster on one proxy. Up to
 * it the build says nothing; the default number of keys keeps below it.
 */
export const comfortable = 20_000_000;

/** Keys that are followed at the same time unless the bundle says otherwise, or `comfortable` allows fewer. */
const defaultKeys = 100_000;
/** Pieces of a sliding sum that are kept per key unless the bundle says otherwise. */
const defaultSumMembers = 1_000;

export interface Counted {
  readonly count: CountModel["kind"];
  readonly window: WindowModel["kind"];
  readonly threshold: number;
}

/** Entries that one key may come to hold (templates/zeek: `recent`). */
export function entriesPerKey({ count, window, threshold }: Counted, members: number): number {
  switch (count) {
    case "distinct":
      return threshold;
    case "events":
      return window === "sliding" ? 2 * threshold : 1;
    case "sum":
      return window === "sliding" ? 2 * members : 1;
  }
}

/** The fewest members with which a detection can fire. */
export function neededMembers({ count, threshold }: Counted): number {
  return count === "sum" ? 2 : Math.max(1, threshold);
}

/** The bounds on memory of a detection. */
export function linkCaps(
  declared: CapsDeclaration | undefined,
  counted: Counted,
): { readonly keys: number; readonly members: number } {
  const members = declared?.members ?? (counted.count === "sum" ? defaultSumMembers : neededMembers(counted));
  const fitting = Math.max(
    1,
    Math.min(defaultKeys, Math.floor(comfortable / entriesPerKey(counted, members))),
  );
  return { keys: declared?.keys ?? fitting, members };
}
