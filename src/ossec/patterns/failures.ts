import type { MemoPlace } from "./instruction.js";

/** Bytes that the tables of one search may take at most. */
const MEMORY_LIMIT = 64 * 1024 * 1024;
/** More loops around a place than this are not told apart. */
const MAX_ROUNDS = 4;

/**
 * What is remembered of one place of a program, by the position in the text. Tables are used by one search after the
 * other: an entry counts when it bears the number of the search.
 */
export class FailureTable {
  readonly searches: Uint32Array;
  /** Steps that failing from here takes; below 0: under way (see `Search.tryLonger`). */
  readonly steps: Int32Array;
  /** Words of the stack that are taken at most meanwhile, beyond those taken before. */
  readonly words: Int32Array;

  constructor(size: number) {
    this.searches = new Uint32Array(size);
    this.steps = new Int32Array(size);
    this.words = new Int32Array(size);
  }
}

/** The tables, largest number first given away again. */
class Pool {
  private tables: FailureTable[] = [];
  private size = 1024;
  private search = 0;

  /** Begins a search in a text of a length; returns its number. */
  begin(length: number): number {
    if (length > this.size || this.search === 0xffff_ffff) {
      while (this.size < length) this.size *= 2;
      this.tables = [];
      this.search = 0;
    }
    return ++this.search;
  }

  table(index: number): FailureTable | null {
    if (12 * this.size * (index + 1) > MEMORY_LIMIT) return null;
    const table = this.tables[index] ?? new FailureTable(this.size);
    this.tables[index] = table;
    return table;
  }
}

const pool = new Pool();

/**
 * What is known to fail: places of a program with positions in a text. What follows from one is always the same,
 * whichever way led there; so a failure is worked out once, and costs each later time what it cost the first. This
 * keeps the matcher's time linear in the text where PCRE2's is not, and its steps nevertheless PCRE2's.
 */
export class Failures {
  private readonly places: readonly MemoPlace[];
  private readonly tables: (FailureTable | null | undefined)[] = [];
  private used = 0;
  /** What the entries of this search bear. */
  readonly search: number;

  constructor(places: readonly MemoPlace[], textLength: number) {
    this.places = places;
    this.search = pool.begin(textLength + 1);
  }

  /** The table of a place at a position, when loops around it began a round where the slots say; null: none. */
  table(memo: number, slots: Int32Array, at: number): FailureTable | null {
    const place = this.places[memo];
    if (place === undefined || !place.usable) return null;
    let index = memo << MAX_ROUNDS;
    const { rounds } = place;
    for (let i = 0; i < rounds.length; i++) {
      if (slots[rounds[i] ?? 0] !== at) continue;
      if (i >= MAX_ROUNDS) return null;
      index |= 1 << i;
    }
    const known = this.tables[index];
    if (known !== undefined) return known;
    const table = pool.table(this.used++);
    this.tables[index] = table;
    return table;
  }
}
