/**
 * One pass over a line that tells which patterns can match it: every pattern that cannot match without one
 * of a few literals gets a gate; a gate that stays shut spares the regular expression.
 *
 * Of each literal one group of four bytes is looked for; where it stands the whole literal is compared.
 */
import type { Matcher } from "../patterns/index.js";

/** Patterns with a shorter literal get no gate. */
const shortestLiteral = 4;

/** Letters (case ignored), digits, and the other bytes by their rest: six bits, so four bytes have 24. */
const classOf = new Uint8Array(256);
for (let code = 0; code < 256; code += 1) {
  if (code >= 97 && code <= 122) classOf[code] = code - 96;
  else if (code >= 65 && code <= 90) classOf[code] = code - 64;
  else if (code >= 48 && code <= 57) classOf[code] = code - 21;
  else classOf[code] = 37 + (code % 27);
}

/** Slots of the table; groups of four are spread over them. */
const slots = 1 << 16;

const slotOf = (group: number): number => Math.imul(group, 0x9e3779b1) >>> 16;

/** ASCII letters without case. */
const fold = Uint8Array.from({ length: 256 }, (_, code) => (code >= 65 && code <= 90 ? code + 32 : code));

const groupAt = (text: string, at: number): number =>
  ((classOf[text.charCodeAt(at)] ?? 0) << 18) |
  ((classOf[text.charCodeAt(at + 1)] ?? 0) << 12) |
  ((classOf[text.charCodeAt(at + 2)] ?? 0) << 6) |
  (classOf[text.charCodeAt(at + 3)] ?? 0);

interface Literal {
  readonly text: string;
  readonly gates: number[];
}

/** Collects gates, then becomes a {@link LiteralScan}. */
export class GateBuilder {
  readonly #gates = new Map<Matcher, number>();
  readonly #literals = new Map<string, Literal>();
  readonly enabled: boolean;

  /** @param enabled - false: no gates at all, every pattern is run */
  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  /** Number of the gate of a pattern on the line; -1: it has none, run the pattern. */
  gate(matcher: Matcher | null): number {
    if (!this.enabled || matcher === null) return -1;
    const known = this.#gates.get(matcher);
    if (known !== undefined) return known;
    const required = matcher.requiredLiterals;
    if (required === null || required.some(({ length }) => length < shortestLiteral)) return -1;
    const gate = this.#gates.size;
    this.#gates.set(matcher, gate);
    for (const text of required) {
      const literal = this.#literals.get(text) ?? { text, gates: [] };
      literal.gates.push(gate);
      this.#literals.set(text, literal);
    }
    return gate;
  }

  build(): LiteralScan {
    return new LiteralScan([...this.#literals.values()], this.#gates.size);
  }
}

/** How often bytes stand in logs, roughly: the commonest letters of English, then digits and blanks. */
const commonness = new Float64Array(64).fill(1);
for (const [place, letter] of [..."etaoinsrhldcumfpgwybvkxjqz"].entries()) {
  commonness[classOf[letter.charCodeAt(0)] ?? 0] = 12 / (1 + place / 3);
}
for (const digit of "0123456789") commonness[classOf[digit.charCodeAt(0)] ?? 0] = 4;
commonness[classOf[32] ?? 0] = 12;

/** Where the group of four stands in a literal that is least likely in other texts. */
function rarestGroup(text: string): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 4 <= text.length; at += 1) {
    const group = groupAt(text, at);
    const likelihood =
      (commonness[group >> 18] ?? 1) *
      (commonness[(group >> 12) & 63] ?? 1) *
      (commonness[(group >> 6) & 63] ?? 1) *
      (commonness[group & 63] ?? 1);
    if (likelihood < least) {
      least = likelihood;
      best = at;
    }
  }
  return best;
}

/** The look-up. Its answers are those of the last text that {@link LiteralScan.scan} read. */
export class LiteralScan {
  /** One bit a slot: some literal is looked for there. */
  readonly #wanted = new Uint8Array(slots / 8);
  /** Slot to the first literal that it announces, counted from 1; 0: none. */
  readonly #first = new Int32Array(slots);
  // By literal, counted from 1: the next one of its slot, where its group stands in it, its bytes, its gates.
  readonly #next: Int32Array;
  readonly #offset: Int32Array;
  /** Where its bytes begin and end in {@link #bytes}. */
  readonly #begin: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #firstGate: Int32Array;
  readonly #gates: Int32Array;
  /** Line in which a literal was found last. */
  readonly #found: Int32Array;
  readonly #opened: Int32Array;
  #line = 0;

  constructor(literals: readonly Literal[], gates: number) {
    this.#opened = new Int32Array(gates);
    this.#next = new Int32Array(literals.length + 1);
    this.#offset = new Int32Array(literals.length + 1);
    this.#found = new Int32Array(literals.length + 1);
    this.#begin = new Int32Array(literals.length + 2);
    this.#bytes = Uint8Array.from(
      Buffer.from(literals.map(({ text }) => text).join(""), "latin1"),
      (code) => fold[code] ?? 0,
    );
    this.#firstGate = new Int32Array(literals.length + 2);
    this.#gates = Int32Array.from(literals.flatMap((literal) => literal.gates));
    for (const [index, { text, gates: own }] of literals.entries()) {
      const offset = rarestGroup(text);
      const slot = slotOf(groupAt(text, offset));
      this.#wanted[slot >> 3] = (this.#wanted[slot >> 3] ?? 0) | (1 << (slot & 7));
      this.#offset[index + 1] = offset;
      this.#begin[index + 2] = (this.#begin[index + 1] ?? 0) + text.length;
      this.#firstGate[index + 2] = (this.#firstGate[index + 1] ?? 0) + own.length;
      this.#next[index + 1] = this.#first[slot] ?? 0;
      this.#first[slot] = index + 1;
    }
  }

  /** Reads a text, the bytes from `from` to before `to`, and opens the gates of the literals in it. */
  scan(bytes: Uint8Array, from: number, to: number): void {
    this.#line += 1;
    const wanted = this.#wanted;
    let group = 0;
    for (let at = from; at < to; at += 1) {
      group = ((group << 6) | (classOf[bytes[at] ?? 0] ?? 0)) & 0xffffff;
      const slot = slotOf(group);
      if (((wanted[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0) this.#look(bytes, from, to, at - 3, slot);
    }
  }

  /** A group that announces literals stands at `at`: which of them are there? */
  #look(text: Uint8Array, from: number, to: number, at: number, slot: number): void {
    const line = this.#line;
    const found = this.#found;
    const bytes = this.#bytes;
    for (let index = this.#first[slot] ?? 0; index !== 0; index = this.#next[index] ?? 0) {
      if (found[index] === line) continue;
      const start = at - (this.#offset[index] ?? 0);
      const begin = this.#begin[index] ?? 0;
      const length = (this.#begin[index + 1] ?? 0) - begin;
      if (start < from || start + length > to) continue;
      let same = 0;
      while (same < length && fold[text[start + same] ?? 0] === bytes[begin + same]) same += 1;
      if (same < length) continue;
      found[index] = line;
      const end = this.#firstGate[index + 1] ?? 0;
      for (let at = this.#firstGate[index] ?? 0; at < end; at += 1) this.#opened[this.#gates[at] ?? 0] = line;
    }
  }

  /** The first place from `place` on whose two gates are open or none; the number of places when there is none. */
  nextOpen(gates: Int32Array, place: number): number {
    const opened = this.#opened;
    const line = this.#line;
    const places = gates.length >> 1;
    for (let at = place; at < places; at += 1) {
      const one = gates[2 * at] ?? -1;
      if (one >= 0 && opened[one] !== line) continue;
      const other = gates[2 * at + 1] ?? -1;
      if (other < 0 || opened[other] === line) return at;
    }
    return places;
  }

  /** May the pattern of this gate match the line? */
  isOpen(gate: number): boolean {
    return this.#opened[gate] === this.#line;
  }
}
