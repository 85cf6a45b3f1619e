/**
 * One pass over a line that tells which patterns can match it: every pattern that cannot match without one
 * of a few literals gets a gate; a gate that stays shut spares the regular expression.
 *
 * The pass stops at every second byte and looks up the group of four bytes there. Of each literal two groups
 * are known, one byte apart, so that it meets one of them; where it does, the whole literal is compared.
 */
import type { Matcher } from "../patterns/index.js";
import { announcingGroups, bucketBits, bucketOf, groupAt, slotBits, slotOf } from "./literal-groups.js";

/** Patterns with a shorter literal get no gate: it has no two groups, and stands in most lines anyway. */
const shortestLiteral = 5;

/** ASCII letters without case. */
const fold = Uint8Array.from({ length: 256 }, (_, code) => (code >= 65 && code <= 90 ? code + 32 : code));

/** The gate of what has none of its own. */
export const alwaysOpen = 0;

/** Literals, and which gates each of them opens. */
interface Literals {
  readonly texts: readonly string[];
  /** Number of gates; the first one is always open. */
  readonly gates: number;
  // Pairs: the literal of one opens the gate of the other.
  readonly opening: readonly number[];
  readonly opened: readonly number[];
  /** Gates of patterns on fields. */
  readonly ofFields: readonly number[];
}

/** Collects gates, then becomes a {@link LiteralScan}. */
export class GateBuilder {
  private readonly gates = new Map<Matcher, number>();
  private readonly fieldGates = new Map<Matcher, number>();
  /** Places in {@link texts}. */
  private readonly places = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly opening: number[] = [];
  private readonly opened: number[] = [];
  readonly enabled: boolean;

  /** @param enabled - false: no gates at all, every pattern is run */
  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  /** Number of the gate of a pattern on the line; {@link alwaysOpen}: it has none, run the pattern. */
  gate(matcher: Matcher | null): number {
    return this.gateIn(this.gates, matcher);
  }

  /** The same for a pattern on a field, which decoders cut out of the line. */
  fieldGate(matcher: Matcher | null): number {
    return this.gateIn(this.fieldGates, matcher);
  }

  private gateIn(gates: Map<Matcher, number>, matcher: Matcher | null): number {
    if (!this.enabled || matcher === null) return alwaysOpen;
    const known = gates.get(matcher);
    if (known !== undefined) return known;
    const required = matcher.requiredLiterals;
    if (required === null) return alwaysOpen;
    for (const text of required) if (text.length < shortestLiteral) return alwaysOpen;
    const gate = this.count;
    gates.set(matcher, gate);
    for (const text of required) {
      let place = this.places.get(text);
      if (place === undefined) {
        place = this.texts.push(text) - 1;
        this.places.set(text, place);
      }
      this.opening.push(place);
      this.opened.push(gate);
    }
    return gate;
  }

  private get count(): number {
    return alwaysOpen + 1 + this.gates.size + this.fieldGates.size;
  }

  build(): LiteralScan {
    return new LiteralScan({
      texts: this.texts,
      gates: this.count,
      ofFields: [...this.fieldGates.values()],
      opening: this.opening,
      opened: this.opened,
    });
  }
}

/** The look-up. Its answers are those of the last text that {@link LiteralScan.scan} read. */
export class LiteralScan {
  /** One bit a slot: some literal is looked for there. */
  readonly #wanted = new Int32Array((1 << slotBits) / 32);
  /** By bucket: the first announcement, counted from 1; 0: none. */
  readonly #first = new Int32Array(1 << bucketBits);
  // By announcement, two a literal: the next one of its bucket, its group, its place in the literal.
  readonly #next: Int32Array;
  readonly #group: Int32Array;
  readonly #offset: Int32Array;
  // By literal: where its bytes begin and end in #bytes, its gates in #gates, the line in which it was found last.
  readonly #begin: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #firstGate: Int32Array;
  readonly #gates: Int32Array;
  readonly #found: Int32Array;
  /** By gate: the line in which it was opened last. The first one is always open. */
  readonly #opened: Int32Array;
  readonly #ofFields: readonly number[];
  #line = 0;

  constructor({ texts, gates, opening, opened, ofFields }: Literals) {
    const { length } = texts;
    this.#ofFields = ofFields;
    this.#opened = new Int32Array(gates);
    this.#next = new Int32Array(2 * length + 1);
    this.#group = new Int32Array(2 * length + 1);
    this.#offset = new Int32Array(2 * length + 1);
    this.#found = new Int32Array(length);
    this.#begin = new Int32Array(length + 1);
    this.#bytes = Buffer.from(texts.join(""), "latin1");
    this.#firstGate = new Int32Array(length + 1);
    this.#gates = new Int32Array(opened.length);
    this.#sortGates(opening, opened);
    const offsets = announcingGroups(texts);
    for (let index = 0; index < length; index += 1) {
      const text = texts[index] ?? "";
      this.#begin[index + 1] = (this.#begin[index] ?? 0) + text.length;
      const entry = 2 * index + 1;
      const offset = offsets[index] ?? 0;
      this.#announce(entry, groupAt(text, offset), offset);
      this.#announce(entry + 1, groupAt(text, offset + 1), offset + 1);
    }
  }

  /** Puts the gates of each literal side by side. */
  #sortGates(opening: readonly number[], opened: readonly number[]): void {
    const first = this.#firstGate;
    for (const literal of opening) first[literal + 1] = (first[literal + 1] ?? 0) + 1;
    for (let literal = 1; literal < first.length; literal += 1)
      first[literal] = (first[literal] ?? 0) + (first[literal - 1] ?? 0);
    const next = first.slice();
    for (let pair = 0; pair < opening.length; pair += 1) {
      const literal = opening[pair] ?? 0;
      const at = next[literal] ?? 0;
      next[literal] = at + 1;
      this.#gates[at] = opened[pair] ?? alwaysOpen;
    }
  }

  #announce(entry: number, group: number, offset: number): void {
    const slot = slotOf(group);
    this.#wanted[slot >>> 5] = (this.#wanted[slot >>> 5] ?? 0) | (1 << (slot & 31));
    this.#group[entry] = group;
    this.#offset[entry] = offset;
    this.#next[entry] = this.#first[bucketOf(slot)] ?? 0;
    this.#first[bucketOf(slot)] = entry;
  }

  /** Reads a text, the bytes from `from` to before `to`, and opens the gates of the literals in it. */
  scan(bytes: Uint8Array, from: number, to: number): void {
    this.#line += 1;
    this.#opened[alwaysOpen] = this.#line;
    if (to - from < shortestLiteral) return;
    const wanted = this.#wanted;
    let group = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 24);
    for (let at = from + 3; at < to; at += 2) {
      group = (group >>> 16) | ((bytes[at - 1] ?? 0) << 16) | ((bytes[at] ?? 0) << 24);
      const slot = slotOf(group | 0x20202020);
      if (((wanted[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0) this.#look(bytes, from, to, at - 3, group);
    }
  }

  /** A group that may announce literals stands at `at`: which of them are there? */
  #look(text: Uint8Array, from: number, to: number, at: number, unfolded: number): void {
    const group = unfolded | 0x20202020;
    let entry = this.#first[bucketOf(slotOf(group))] ?? 0;
    for (; entry !== 0; entry = this.#next[entry] ?? 0)
      if (this.#group[entry] === group) this.#compare(text, from, to, at, entry);
  }

  /** Is the whole literal there? Then its gates are open. */
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
    const end = this.#firstGate[literal + 1] ?? 0;
    for (let gate = this.#firstGate[literal] ?? 0; gate < end; gate += 1)
      this.#opened[this.#gates[gate] ?? 0] = line;
  }

  /**
   * The first place from `place` on whose gate is open; the number of places when there is none.
   *
   * @param gates - of {@link GateBuilder.gate}, one a place
   */
  nextOpen(gates: Int32Array, place: number): number {
    const opened = this.#opened;
    const line = this.#line;
    let at = place;
    while (at < gates.length && opened[gates[at] ?? 0] !== line) at += 1;
    return at;
  }

  /** Opens the gates of patterns on fields: the fields of this line are not all parts of it. */
  openFields(): void {
    for (const gate of this.#ofFields) this.#opened[gate] = this.#line;
  }

  /** May the pattern of this gate match the line? */
  isOpen(gate: number): boolean {
    return this.#opened[gate] === this.#line;
  }
}
