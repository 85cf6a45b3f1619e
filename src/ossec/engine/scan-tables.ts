/** What a {@link LiteralScan} looks things up in: plain numbers, so that a later run can have them as they are. */
import { announcingGroups, bucketBits, bucketOf, groupAt, slotBits, slotOf } from "./literal-groups.js";

/** Patterns with a shorter literal get no gate: it has no two groups, and stands in most lines anyway. */
export const shortestLiteral = 5;

/** The gate of what has none of its own. */
export const alwaysOpen = 0;

/** Literals, and which gates each of them opens. */
export interface Literals {
  readonly texts: readonly string[];
  /** Number of gates; the first one is always open. */
  readonly count: number;
  // Pairs: the literal of one opens the gate of the other.
  readonly opening: readonly number[];
  readonly opened: readonly number[];
  /** Gates of patterns on fields. */
  readonly ofFields: readonly number[];
  /** Gates of patterns for which the Kelvin sign is a k and the long s an s, one of which is in their literals. */
  readonly folding: readonly number[];
}

export interface ScanTables {
  /** One bit a slot: some literal is looked for there. */
  readonly wanted: Int32Array;
  /** By bucket: the first announcement, counted from 1; 0: none. */
  readonly first: Int32Array;
  // By announcement, two a literal: the next one of its bucket, its group, its place in the literal.
  readonly next: Int32Array;
  readonly group: Int32Array;
  readonly offset: Int32Array;
  // By literal: where its bytes begin and end in `bytes`, its gates in `gates`.
  readonly begin: Int32Array;
  readonly bytes: Uint8Array;
  readonly firstGate: Int32Array;
  readonly gates: Int32Array;
  /** Number of gates; the first one is always open. */
  readonly count: number;
  /** Gates of patterns on fields. */
  readonly ofFields: Int32Array;
  /** Gates that a Kelvin sign or a long s opens. */
  readonly folding: Int32Array;
}

function announce(tables: ScanTables, entry: number, text: string, offset: number): void {
  const { wanted, first, next } = tables;
  const group = groupAt(text, offset);
  const slot = slotOf(group);
  wanted[slot >>> 5] = (wanted[slot >>> 5] ?? 0) | (1 << (slot & 31));
  tables.group[entry] = group;
  tables.offset[entry] = offset;
  next[entry] = first[bucketOf(slot)] ?? 0;
  first[bucketOf(slot)] = entry;
}

/** Puts the gates of each literal side by side. */
function sortGates({ firstGate, gates }: ScanTables, { opening, opened }: Literals): void {
  for (const literal of opening) firstGate[literal + 1] = (firstGate[literal + 1] ?? 0) + 1;
  for (let literal = 1; literal < firstGate.length; literal += 1)
    firstGate[literal] = (firstGate[literal] ?? 0) + (firstGate[literal - 1] ?? 0);
  const next = firstGate.slice();
  for (let pair = 0; pair < opening.length; pair += 1) {
    const literal = opening[pair] ?? 0;
    const at = next[literal] ?? 0;
    next[literal] = at + 1;
    gates[at] = opened[pair] ?? alwaysOpen;
  }
}

export function scanTables(literals: Literals): ScanTables {
  const { texts, count, opened, ofFields, folding } = literals;
  const { length } = texts;
  const tables: ScanTables = {
    wanted: new Int32Array((1 << slotBits) / 32),
    first: new Int32Array(1 << bucketBits),
    next: new Int32Array(2 * length + 1),
    group: new Int32Array(2 * length + 1),
    offset: new Int32Array(2 * length + 1),
    begin: new Int32Array(length + 1),
    bytes: Uint8Array.from(Buffer.from(texts.join(""), "latin1")),
    firstGate: new Int32Array(length + 1),
    gates: new Int32Array(opened.length),
    count,
    ofFields: Int32Array.from(ofFields),
    folding: Int32Array.from(folding),
  };
  sortGates(tables, literals);
  const offsets = announcingGroups(texts);
  for (let index = 0; index < length; index += 1) {
    const text = texts[index] ?? "";
    tables.begin[index + 1] = (tables.begin[index] ?? 0) + text.length;
    const offset = offsets[index] ?? 0;
    announce(tables, 2 * index + 1, text, offset);
    announce(tables, 2 * index + 2, text, offset + 1);
  }
  return tables;
}
