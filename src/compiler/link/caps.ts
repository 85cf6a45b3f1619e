import type { CountModel, WindowModel } from "../../model/model.js";
import { codes } from "./codes.js";
import { child, describe, type Field, type LinkContext, readInteger, readObject } from "./field.js";

/**
 * Entries (values, moments, amounts) that one detection may hold on one node, on a cluster on one proxy. Up to
 * it the build says nothing; the default number of keys keeps below it.
 */
export const comfortable = 20_000_000;

/** Entries from which on no host would hold them: the build refuses. */
export const impossible = 1_000_000_000;

/** Keys that are followed at the same time unless the bundle says otherwise, or `comfortable` allows fewer. */
const defaultKeys = 100_000;
/** Pieces of a sliding sum that are kept per key unless the bundle says otherwise. */
const defaultSumMembers = 1_000;
const mostKeys = 10_000_000;
const mostMembers = 100_000;

/** A sliding window of different values looks at all of them with one event in the worst case. */
const quickThreshold = 1_000;

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

/** The bounds on memory of a detection, each refused or told where it would be none. */
export function readCaps(
  context: LinkContext,
  field: Field,
  counted: Counted,
): { readonly keys: number; readonly members: number } | null {
  if (field.value !== undefined && readObject(context, field) === null) return null;
  const keysField = child(context, field, "keys");
  const membersField = child(context, field, "members");
  const members = readMembers(context, membersField, counted);
  if (members === null) return null;
  const each = entriesPerKey(counted, members);
  const fitting = Math.max(1, Math.min(defaultKeys, Math.floor(comfortable / each)));
  const keys =
    keysField.value === undefined ? fitting : readInteger(context, keysField, { least: 1, most: mostKeys });
  if (keys === null) return null;
  const asked = keysField.value === undefined ? membersField : keysField;
  checkMemory(context, asked, counted, { keys, each });
  checkWork(context, field, counted);
  return { keys, members };
}

function readMembers(
  context: LinkContext,
  field: Field,
  { count, window, threshold }: Counted,
): number | null {
  const sums = count === "sum" && window === "sliding";
  const needed = count === "sum" ? 2 : Math.max(1, threshold);
  if (field.value === undefined) return count === "sum" ? defaultSumMembers : needed;
  if (typeof field.value === "number" && Number.isInteger(field.value) && field.value < needed) {
    context.diagnostics.push(
      codes.bound(
        field.span(),
        `${field.label} is ${describe(field.value)}, too few: ${
          count === "sum"
            ? "a sum needs 2"
            : `the threshold is ${threshold}, so that it could never be reached`
        }`,
        count === "sum" ? "allow some hundred" : "leave members out, or lower the threshold",
      ),
    );
    return null;
  }
  const members = readInteger(context, field, { least: needed, most: mostMembers });
  if (members !== null && !sums && members > needed)
    context.diagnostics.push(
      codes.idleBound(
        field.span(),
        `${field.label} bounds nothing: ${
          count === "sum"
            ? "this window keeps one number a key"
            : `a key never holds more than the threshold of ${threshold} needs`
        }`,
        "leave it out",
      ),
    );
  return members;
}

function checkMemory(
  context: LinkContext,
  field: Field,
  { count }: Counted,
  { keys, each }: { readonly keys: number; readonly each: number },
): void {
  const entries = keys * each;
  if (entries <= comfortable) return;
  const much = `up to ${keys} keys with ${each} entries each are ${entries} entries on one node`;
  const help = `${Math.max(1, Math.floor(comfortable / each))} keys stay below ${comfortable}; or lower ${count === "sum" ? "caps.members" : "the threshold"}`;
  context.diagnostics.push(
    entries > impossible
      ? codes.bound(field.span(), `${much}: no host holds that many`, help)
      : codes.largeBound(field.span(), `${much}: a flood of invented keys may take gigabytes`, help),
  );
}

function checkWork(context: LinkContext, field: Field, { count, window, threshold }: Counted): void {
  if (count !== "distinct" || window !== "sliding" || threshold <= quickThreshold) return;
  context.diagnostics.push(
    codes.slowBound(
      field.span(),
      `a sliding window of ${threshold} different values may look at all of them with every event`,
      `use a fixed window, or a threshold of at most ${quickThreshold}`,
    ),
  );
}
