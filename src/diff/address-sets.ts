import { listed } from "../lint/helpers.js";
import { type AddressEntry, parseAddressEntry } from "../ossec/addresses/address.js";
import { type Change, change } from "./change.js";

/** Addresses from `first` to `last`, both in it. */
interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  readonly first: bigint;
  readonly last: bigint;
}

/** An entry of a list; null: it is the name of a host. */
export type EntryReader = (text: string) => AddressEntry | null;

/** Null for a host's name, and for what is no plain network. */
function plainRange(entry: AddressEntry | null): AddressRange | null {
  if (entry === null || entry.negated || entry.kind === "any" || entry.mask !== undefined) return null;
  const first = entry.network.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const bits = entry.network.length * 8 - entry.prefix;
  return { family: entry.kind, first, last: first + (1n << BigInt(bits)) - 1n };
}

function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether every address of a range is in one of the others, one network or several together. */
function isCovered(range: AddressRange, others: readonly AddressRange[]): boolean {
  const near = others
    .filter(
      ({ family, first, last }) => family === range.family && first <= range.last && last >= range.first,
    )
    .sort((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  let next = range.first;
  for (const { first, last } of near) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next > range.last;
}

/**
 * A never-block list as the set of addresses that it protects: an entry that goes into a larger one is no loss,
 * and one that others hold together is no gain.
 *
 * @param list - what the list is called in a sentence
 * @param armed - something is blocked already, so that whoever the list gains is blocked no more
 * @param read - what an entry is to whoever reads the list
 */
export function compareNeverBlock(
  before: readonly string[],
  after: readonly string[],
  file: string,
  list: string,
  armed: boolean,
  read: EntryReader = parseAddressEntry,
): readonly Change[] {
  const rangeOf = (text: string): AddressRange | null => plainRange(read(text));
  const gone = [...new Set(before)].filter((text) => !after.includes(text));
  const come = [...new Set(after)].filter((text) => !before.includes(text));
  const ranges = (texts: readonly string[]) => texts.flatMap((text) => rangeOf(text) ?? []);
  const [old, now] = [ranges(before), ranges(after)];
  const base = { what: "never-block", file, security: true } as const;
  const changes: Change[] = [];
  const widened = new Set<string>();
  for (const network of come) {
    const range = rangeOf(network);
    const inside = gone.filter((other) => {
      const inner = rangeOf(other);
      return range !== null && inner !== null && contains(range, inner);
    });
    for (const other of inside) widened.add(other);
    const same = range !== null && isCovered(range, old);
    changes.push(
      inside.length > 0
        ? change({
            ...base,
            kind: "change",
            id: network,
            summary: `${list}: ${listed(inside)} → ${network}: ${same ? "the same addresses" : "wider, nothing of it is lost"}`,
            weakens: armed && !same,
          })
        : change({
            ...base,
            kind: "create",
            id: network,
            summary: `${list} gains ${network}${same ? ", which other entries held already" : ""}`,
            weakens: armed && !same,
          }),
    );
  }
  for (const network of gone) {
    if (widened.has(network)) continue;
    const range = rangeOf(network);
    const kept = range !== null && isCovered(range, now);
    const parts = now.filter((one) => range !== null && contains(range, one)).length > 0;
    changes.push(
      change({
        ...base,
        kind: "delete",
        id: network,
        summary: kept
          ? `${list} loses ${network}, and other entries hold all of it`
          : `${list} lost ${network}${parts ? " but for a part that other entries hold" : ""}: it can be blocked now`,
        weakens: !kept,
      }),
    );
  }
  return changes;
}
