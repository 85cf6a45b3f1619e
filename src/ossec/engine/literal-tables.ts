/** What a {@link LiteralIndex} looks things up in: plain numbers, so that a later run can have them as they are. */
import { announcingGroups, bucketBits, bucketOf, groupAt, slotBits, slotOf } from "./literal-groups.js";

/** Patterns with a shorter literal get no prefilter: it has no two groups, and stands in most lines anyway. */
export const shortestLiteral = 5;

/** The prefilter of what has none of its own. */
export const alwaysOpen = 0;

/** Literals, and which prefilters each of them opens. */
export interface Literals {
  readonly texts: readonly string[];
  /** Number of prefilters; the first one is always open. */
  readonly count: number;
  // Pairs: the literal of one opens the prefilter of the other.
  readonly opening: readonly number[];
  readonly opened: readonly number[];
  /** Prefilters of patterns on fields. */
  readonly ofFields: readonly number[];
  /** Prefilters of patterns for which the Kelvin sign is a k and the long s an s, one of which is in their literals. */
  readonly folding: readonly number[];
}

export interface LiteralTables {
  /** One bit a slot: some literal is looked for there. */
  readonly wanted: Int32Array;
  /** By bucket: the first announcement, counted from 1; 0: none. */
  readonly first: Int32Array;
  // By announcement, two a literal: the next one of its bucket, its group, its place in the literal.
  readonly next: Int32Array;
  readonly group: Int32Array;
  readonly offset: Int32Array;
  // By literal: where its bytes begin and end in `bytes`, its prefilters in `prefilters`.
  readonly begin: Int32Array;
  readonly bytes: Uint8Array;
  readonly firstPrefilter: Int32Array;
  readonly prefilters: Int32Array;
  /** Number of prefilters; the first one is always open. */
  readonly count: number;
  /** Prefilters of patterns on fields. */
  readonly ofFields: Int32Array;
  /** Prefilters that a Kelvin sign or a long s opens. */
  readonly folding: Int32Array;
}

function announce(tables: LiteralTables, entry: number, text: string, offset: number): void {
  const { wanted, first, next } = tables;
  const group = groupAt(text, offset);
  const slot = slotOf(group);
  wanted[slot >>> 5] = (wanted[slot >>> 5] ?? 0) | (1 << (slot & 31));
  tables.group[entry] = group;
  tables.offset[entry] = offset;
  next[entry] = first[bucketOf(slot)] ?? 0;
  first[bucketOf(slot)] = entry;
}

/** Puts the prefilters of each literal side by side. */
function sortPrefilters({ firstPrefilter, prefilters }: LiteralTables, { opening, opened }: Literals): void {
  for (const literal of opening) firstPrefilter[literal + 1] = (firstPrefilter[literal + 1] ?? 0) + 1;
  for (let literal = 1; literal < firstPrefilter.length; literal += 1)
    firstPrefilter[literal] = (firstPrefilter[literal] ?? 0) + (firstPrefilter[literal - 1] ?? 0);
  const next = firstPrefilter.slice();
  for (let pair = 0; pair < opening.length; pair += 1) {
    const literal = opening[pair] ?? 0;
    const at = next[literal] ?? 0;
    next[literal] = at + 1;
    prefilters[at] = opened[pair] ?? alwaysOpen;
  }
}

export function literalTables(literals: Literals): LiteralTables {
  const { texts, count, opened, ofFields, folding } = literals;
  const { length } = texts;
  const tables: LiteralTables = {
    wanted: new Int32Array((1 << slotBits) / 32),
    first: new Int32Array(1 << bucketBits),
    next: new Int32Array(2 * length + 1),
    group: new Int32Array(2 * length + 1),
    offset: new Int32Array(2 * length + 1),
    begin: new Int32Array(length + 1),
    bytes: Uint8Array.from(Buffer.from(texts.join(""), "latin1")),
    firstPrefilter: new Int32Array(length + 1),
    prefilters: new Int32Array(opened.length),
    count,
    ofFields: Int32Array.from(ofFields),
    folding: Int32Array.from(folding),
  };
  sortPrefilters(tables, literals);
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
