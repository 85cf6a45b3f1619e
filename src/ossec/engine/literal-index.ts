/**
 * Prefilters by necessary literals: a pattern that cannot match without one of a few literals is tried only on lines
 * that hold one of them. The index over-approximates: a hit says that the pattern may match, a miss that it cannot;
 * test/ossec/engine/literal-index.test.ts and random-rules.test.ts hold it against the engine without prefilters.
 * Literals of fewer than five bytes make none.
 *
 * One pass over the line serves all patterns (as Aho-Corasick would, with fewer steps a byte): it stops at every
 * second byte and looks up the group of four bytes there. Of each literal two groups are known, one byte apart, so
 * that it meets one of them; where it does, the whole literal is compared.
 */
import { bucketOf, slotOf } from "./literal-groups.js";
import { alwaysOpen, type LiteralTables, shortestLiteral } from "./literal-tables.js";

/** ASCII letters without case. */
const fold = Uint8Array.from({ length: 256 }, (_, code) => (code >= 65 && code <= 90 ? code + 32 : code));

/** The largest number of a line that the columns hold. */
const lastLine = 2 ** 31 - 1;

/**
 * Is a Kelvin sign (E2 84 AA) or a long s (C5 BF) there, which are k and s without letter case? In texts that are not UTF-8
 * 3.x looks at the lower six bits only of what stands behind a lead byte, and also takes longer forms than are needed.
 */
function hasFoldingCharacter(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0xc0) continue;
    const next = (bytes[at + 1] ?? 0) & 0x3f;
    if (lead < 0xc2 || lead > 0xf7) return true;
    if (lead === 0xc5 && next === 0x3f) return true;
    if (lead === 0xe2 && next === 0x04 && ((bytes[at + 2] ?? 0) & 0x3f) === 0x2a) return true;
    if ((lead === 0xe0 && next < 0x20) || (lead === 0xf0 && next < 0x10)) return true;
  }
  return false;
}

/** The look-up. Its answers are those of the last text that {@link LiteralIndex.scan} read. */
export class LiteralIndex {
  // See LiteralTables.
  readonly #wanted: Int32Array;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  readonly #group: Int32Array;
  readonly #offset: Int32Array;
  readonly #begin: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #firstPrefilter: Int32Array;
  readonly #prefilters: Int32Array;
  readonly #ofFields: Int32Array;
  readonly #folding: Int32Array;
  /** By literal: the line in which it was found last. */
  readonly #found: Int32Array;
  /** By prefilter: the line in which it was opened last. The first one is always open. */
  readonly #opened: Int32Array;
  #line: number;
  /** Are all bytes of the text below 0x80? */
  isAscii = true;

  /** @param line - number of the last line, which has an upper limit */
  constructor(tables: LiteralTables, line = 0) {
    this.#wanted = tables.wanted;
    this.#first = tables.first;
    this.#next = tables.next;
    this.#group = tables.group;
    this.#offset = tables.offset;
    this.#begin = tables.begin;
    this.#bytes = tables.bytes;
    this.#firstPrefilter = tables.firstPrefilter;
    this.#prefilters = tables.prefilters;
    this.#ofFields = tables.ofFields;
    this.#folding = tables.folding;
    this.#found = new Int32Array(tables.begin.length);
    this.#opened = new Int32Array(tables.count);
    this.#line = line;
  }

  /** Reads a text, the bytes from `from` to before `to`, and opens the prefilters of the literals in it. */
  scan(bytes: Uint8Array, from: number, to: number): void {
    if (this.#line === lastLine) this.#countAnew();
    this.#line += 1;
    this.#opened[alwaysOpen] = this.#line;
    if (to - from < shortestLiteral) {
      // No prefilter can be open, and whoever asks has to look for himself.
      this.isAscii = false;
      return;
    }
    const wanted = this.#wanted;
    let seen = bytes[to - 1] ?? 0;
    let group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 24);
    for (let at = from + 3; at < to; at += 2) {
      group = (group >>> 16) | ((bytes[at - 1] ?? 0) << 16) | ((bytes[at] ?? 0) << 24);
      seen |= group;
      const slot = slotOf(group | 0x20202020);
      if (((wanted[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0) this.#look(bytes, from, to, at - 3, group);
    }
    this.isAscii = (seen & 0x80808080) === 0;
    if (!this.isAscii && hasFoldingCharacter(bytes, from, to))
      for (const prefilter of this.#folding) this.#opened[prefilter] = this.#line;
  }

  #countAnew(): void {
    this.#line = 0;
    this.#found.fill(0);
    this.#opened.fill(0);
  }

  /** A group that may announce literals stands at `at`: which of them are there? */
  #look(text: Uint8Array, from: number, to: number, at: number, unfolded: number): void {
    const group = unfolded | 0x20202020;
    let entry = this.#first[bucketOf(slotOf(group))] ?? 0;
    for (; entry !== 0; entry = this.#next[entry] ?? 0)
      if (this.#group[entry] === group) this.#compare(text, from, to, at, entry);
  }

  /** Is the whole literal there? Then its prefilters are open. */
  #compare(text: Uint8Array, from: number, to: number, at: number, entry: number): void {
    const line = this.#line;
    const literal = (entry - 1) >> 1;
    if (this.#found[literal] === line) return;
    const bytes = this.#bytes;
    const start = at - (this.#offset[entry] ?? 0);
    const begin = this.#begin[literal] ?? 0;
    const last = (this.#begin[literal + 1] ?? 0) - begin - 1;
    if (start < from || start + last >= to) return;
    // Neighbours share their beginnings: the end tells them apart.
    if (fold[text[start + last] ?? 0] !== bytes[begin + last]) return;
    let same = 0;
    while (same < last && fold[text[start + same] ?? 0] === bytes[begin + same]) same += 1;
    if (same < last) return;
    this.#found[literal] = line;
    const end = this.#firstPrefilter[literal + 1] ?? 0;
    for (let prefilter = this.#firstPrefilter[literal] ?? 0; prefilter < end; prefilter += 1)
      this.#opened[this.#prefilters[prefilter] ?? 0] = line;
  }

  /**
   * The first place from `place` on whose prefilter is open; the number of places when there is none.
   *
   * @param prefilters - one a place
   */
  nextOpen(prefilters: Int32Array, place: number): number {
    const opened = this.#opened;
    const line = this.#line;
    let at = place;
    while (at < prefilters.length && opened[prefilters[at] ?? 0] !== line) at += 1;
    return at;
  }

  /** Opens the prefilters of patterns on fields: the fields of this line are not all parts of it. */
  openFields(): void {
    for (const prefilter of this.#ofFields) this.#opened[prefilter] = this.#line;
  }

  open(prefilter: number): void {
    this.#opened[prefilter] = this.#line;
  }

  /** May the pattern of this prefilter match the line? */
  isOpen(prefilter: number): boolean {
    return this.#opened[prefilter] === this.#line;
  }
}
