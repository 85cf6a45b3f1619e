/** Trees of patterns as deterministic automata that are made while they are walked. */
import type { PatternNode, RepeatNode } from "../ossec/patterns/ast.js";
import { allBytes, emptySet, hasByte } from "../ossec/patterns/byte-set.js";
import { classesOf } from "./byte-classes.js";
import { atEnd, atStart, Edges } from "./edges.js";

/** States of the deterministic one; who walks further gets none. */
const walkedLimit = 32_767;

/** No row was made yet. */
const unmade = -1;

let made = 0;

/** What {@link TextAutomaton} works with while it makes a row or a state: nothing stays in it. */
const reached: number[] = [];
/** By class of bytes: the part that it is in. By part: the one that it is of, the edge that made it, and its cell. */
const parts = new Int32Array(256);
const wholes: number[] = [];
const madeBy: number[] = [];
const cells: number[] = [];

/** Puts the first so many of {@link reached} in order. */
function sortReached(count: number): void {
  if (count > 40) {
    const sorted = Int32Array.from(reached.slice(0, count)).sort();
    for (let at = 0; at < count; at += 1) reached[at] = sorted[at] ?? 0;
    return;
  }
  for (let at = 1; at < count; at += 1) {
    const one = reached[at] ?? 0;
    let to = at;
    for (; to > 0 && (reached[to - 1] ?? 0) > one; to -= 1) reached[to] = reached[to - 1] ?? 0;
    reached[to] = one;
  }
}

/**
 * The texts that a tree matches from their beginning to their end. Its states stand for sets of states of {@link Edges}.
 * Each has a row in a table, with a cell for each class of bytes: twice the state that follows, and one more where less
 * is missing there; below 0: no text goes on so.
 */
export class TextAutomaton {
  /** Each has another one, from 1 on. */
  readonly number: number;
  /** The class of each byte: what no edge tells apart. */
  readonly classOf: Uint8Array;
  readonly classes: number;
  /** The state before the first byte. */
  readonly first: number;
  /** Rows, in the order in which they were made: see {@link row}. A longer one takes its place when it is full. */
  table = new Int32Array(0);
  #tableLength = 0;
  /** By state: bytes that are still missing at least; -1: it takes no text any more. */
  readonly distances: number[] = [];
  readonly #edges: Edges;
  /** By state of the edges. */
  readonly #closures: (readonly number[] | undefined)[] = [];
  readonly #missing: readonly number[];
  readonly #marks: number[];
  #mark = 0;
  /** By set of the edges: the classes of its bytes. */
  readonly #kinds: (readonly number[] | undefined)[] = [];
  readonly #sample: readonly number[];
  /** By state: where its row begins, and what it stands for: from where to where in {@link #members}. */
  readonly #rows: number[] = [];
  readonly #starts: number[] = [0];
  readonly #members: number[] = [];
  readonly #isFound: boolean[] = [];
  readonly #accepts: (boolean | undefined)[] = [];
  /** States by a number that is made of what they stand for; of those with the same one the newest, and those before. */
  readonly #newest = new Map<number, number>();
  readonly #older: number[] = [];

  private constructor(edges: Edges) {
    made += 1;
    this.number = made;
    this.#edges = edges;
    const { classOf, count } = classesOf(edges.sets);
    this.classOf = classOf;
    this.classes = count;
    const sample = new Array<number>(count).fill(0);
    for (let code = 255; code >= 0; code -= 1) sample[classOf[code] ?? 0] = code;
    this.#sample = sample;
    this.#missing = edges.distances();
    this.#marks = new Array<number>(edges.size).fill(0);
    const first = edges.closure(edges.start, atStart);
    for (const [at, state] of first.entries()) reached[at] = state;
    this.first = this.#state(first.length);
  }

  /** Null: too large, or nothing that an automaton could tell. */
  static of(node: PatternNode): TextAutomaton | null {
    const edges = Edges.of(node);
    return edges === null ? null : new TextAutomaton(edges);
  }

  /** Where the row of a state begins in the table. */
  row(state: number): number {
    const known = this.#rows[state] ?? unmade;
    return known === unmade ? this.#fill(state) : known;
  }

  /** One byte further; -1: no text goes on so. */
  next(state: number, code: number): number {
    const row = this.row(state);
    return (this.table[row + (this.classOf[code] ?? 0)] ?? -1) >> 1;
  }

  /** Does it take the text that ends here? */
  accepts(state: number): boolean {
    const known = this.#accepts[state];
    if (known !== undefined) return known;
    const { accept } = this.#edges;
    let accepts = this.found(state);
    for (let at = this.#starts[state] ?? 0; at < (this.#starts[state + 1] ?? 0) && !accepts; at += 1)
      accepts = this.#edges.closure(this.#members[at] ?? 0, atEnd).includes(accept);
    this.#accepts[state] = accepts;
    return accepts;
  }

  /** Does it take the text already before its end? Of a search, whatever follows. */
  found(state: number): boolean {
    return this.#isFound[state] ?? false;
  }

  /** The state that stands for the first ones of {@link reached}; -1: there are none, or too many states were made. */
  #state(count: number): number {
    sortReached(count);
    let key = count;
    for (let at = 0; at < count; at += 1)
      key = (Math.imul(key, 0x01000193) ^ (reached[at] ?? 0)) & 0x3fffffff;
    const newest = this.#newest.get(key) ?? -1;
    for (let state = newest; state >= 0; state = this.#older[state] ?? -1)
      if (this.#standsFor(state, count)) return state;
    const state = this.#rows.length;
    if (count === 0 || state >= walkedLimit) return -1;
    let distance = -1;
    let isFound = false;
    for (let at = 0; at < count; at += 1) {
      const one = reached[at] ?? 0;
      this.#members.push(one);
      if (one === this.#edges.accept) isFound = true;
      const missing = this.#missing[one] ?? -1;
      if (missing >= 0 && (distance < 0 || missing < distance)) distance = missing;
    }
    this.#starts.push(this.#members.length);
    this.#rows.push(unmade);
    this.distances.push(distance);
    this.#isFound.push(isFound);
    this.#older.push(newest);
    this.#newest.set(key, state);
    return state;
  }

  #standsFor(state: number, count: number): boolean {
    const start = this.#starts[state] ?? 0;
    if ((this.#starts[state + 1] ?? 0) - start !== count) return false;
    for (let at = 0; at < count; at += 1) if (this.#members[start + at] !== reached[at]) return false;
    return true;
  }

  /** Makes the row of a state: each edge parts the classes, and each part leads to where the edges of its bytes do. */
  #fill(state: number): number {
    const { classes } = this;
    const { lastFrom, beforeFrom, by } = this.#edges;
    const end = this.#starts[state + 1] ?? 0;
    let count = 1;
    parts.fill(0, 0, classes);
    for (let at = this.#starts[state] ?? 0; at < end; at += 1) {
      for (let edge = lastFrom[this.#members[at] ?? 0] ?? -1; edge >= 0; edge = beforeFrom[edge] ?? -1) {
        const set = by[edge] ?? -1;
        if (set < 0) continue;
        const firstNew = count;
        for (const kind of this.#kindsOf(set)) {
          const whole = parts[kind] ?? 0;
          let part = firstNew;
          while (part < count && wholes[part] !== whole) part += 1;
          if (part === count) {
            wholes[part] = whole;
            madeBy[part] = edge;
            count += 1;
          }
          parts[kind] = part;
        }
      }
    }
    const row = this.#tableLength;
    this.#tableLength += classes;
    if (this.#tableLength > this.table.length) {
      const table = new Int32Array(Math.max(4 * classes, 2 * this.table.length));
      table.set(this.table);
      this.table = table;
    }
    this.#rows[state] = row;
    for (let part = 0; part < count; part += 1) cells[part] = unmade;
    for (let kind = 0; kind < classes; kind += 1) {
      const part = parts[kind] ?? 0;
      let cell = cells[part] ?? unmade;
      if (cell === unmade) {
        cell = this.#cell(part, this.distances[state] ?? -1);
        cells[part] = cell;
      }
      this.table[row + kind] = cell;
    }
    return row;
  }

  /** The cell of the bytes of a part. */
  #cell(last: number, distance: number): number {
    const { to } = this.#edges;
    let count = 0;
    let isNearer = 0;
    this.#mark += 1;
    for (let part = last; part > 0; part = wholes[part] ?? 0) {
      const target = to[madeBy[part] ?? 0] ?? 0;
      const missing = this.#missing[target] ?? -1;
      if (missing >= 0 && missing < distance) isNearer = 1;
      for (const one of this.#closureOf(target)) {
        if (this.#marks[one] === this.#mark) continue;
        this.#marks[one] = this.#mark;
        reached[count] = one;
        count += 1;
      }
    }
    return 2 * this.#state(count) + isNearer;
  }

  #closureOf(state: number): readonly number[] {
    const found = this.#closures[state] ?? this.#edges.closure(state);
    this.#closures[state] = found;
    return found;
  }

  #kindsOf(set: number): readonly number[] {
    const known = this.#kinds[set];
    if (known !== undefined) return known;
    const bytes = this.#edges.sets[set] ?? emptySet;
    const found: number[] = [];
    for (let kind = 0; kind < this.classes; kind += 1)
      if (hasByte(bytes, this.#sample[kind] ?? 0)) found.push(kind);
    this.#kinds[set] = found;
    return found;
  }
}

/** Any bytes. */
export const anything: RepeatNode = {
  kind: "repeat",
  body: { kind: "set", set: allBytes },
  min: 0,
  max: Number.POSITIVE_INFINITY,
  mode: "lazy",
  at: 0,
};
