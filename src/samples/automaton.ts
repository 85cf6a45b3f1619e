/** Trees of patterns as deterministic automata that are made while they are walked. */
import type { PatternNode, RepeatNode } from "../ossec/patterns/ast.js";
import { allBytes } from "../ossec/patterns/byte-set.js";
import { classesOf } from "./byte-classes.js";
import { atEnd, atStart, Edges } from "./edges.js";
import { longer, slotOf } from "./numbers.js";

/** States of the deterministic one; who walks further gets none. */
const walkedLimit = 32_767;

/** No row was made yet. */
const unmade = -1;

let made = 0;

/** What {@link TextAutomaton} works with while it makes a row or a state: nothing stays in it. */
const reached: number[] = [];
/** By state of the edges: when it was reached last. */
let marks = new Uint32Array(1024);
let mark = 0;
/** By class of bytes: the part that it is in. By part: the one that it is of, what its bytes lead to, and its cell. */
const parts = new Int32Array(256);
const wholes: number[] = [];
const targets: number[] = [];
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

/** A state that stands alone, for {@link TextAutomaton}. */
const single = [0];

/** The class that alone is in a set, by its number; all classes, by how many there are. */
const alone: (readonly number[] | undefined)[] = [];
const all: (readonly number[] | undefined)[] = [];

/** Members of a state's record. */
const rowAt = 0;
const startAt = 1;
const countAt = 2;
const distanceAt = 3;
const acceptsAt = 4;
const keyAt = 5;
const olderAt = 6;
const recordSize = 7;

/** Does it accept? Not known yet where the text ends there; already, whatever follows. */
const unknown = 0;
const no = 1;
const atItsEnd = 2;
const found = 3;

/**
 * The texts that a tree matches from their beginning to their end. Its states stand for sets of states of {@link Edges}.
 * Each has a row in a table, with a cell for each class of bytes: twice the state that follows, and one more where less
 * is missing there; below 0: no text goes on so. Thousands of them are kept: what they consist of are arrays of numbers.
 */
export class TextAutomaton {
  /** Each has another one, from 1 on. */
  readonly number: number;
  /** The class of each byte: what no edge tells apart. */
  readonly classOf: Uint8Array;
  readonly classes: number;
  /** Nothing tells bytes beyond ASCII apart. */
  readonly isAscii: boolean;
  /** The state before the first byte. */
  readonly first: number;
  /** Rows, in the order in which they were made: see {@link row}. A longer one takes its place when it is full. */
  table: Int32Array;
  #tableLength = 0;
  readonly #edges: Edges;
  /** By state of the edges, where it does not stand alone. */
  readonly #closures = new Map<number, readonly number[]>();
  /** By set of the edges: the classes of its bytes. */
  readonly #kinds: (readonly number[] | undefined)[] = [];
  #states = 0;
  /** By state: where its row begins, which states of the edges it stands for, … */
  #records: Int32Array;
  #members: Int32Array;
  #memberCount = 0;
  /** One more than the newest state of those with the same key. */
  #slots: Int32Array = new Int32Array(32);

  private constructor(edges: Edges) {
    made += 1;
    this.number = made;
    this.#edges = edges;
    if (edges.states > marks.length) marks = new Uint32Array(2 * edges.states);
    const { classOf, count } = classesOf(edges.sets);
    this.classOf = classOf;
    this.classes = count;
    let isAscii = true;
    for (let code = 129; code < 256 && isAscii; code += 1) isAscii = classOf[code] === classOf[128];
    this.isAscii = isAscii;
    // Texts that are looked for go through most states of a tree, and are rarely in two of many at once.
    const states = Math.min(Math.max(edges.states, 8), 64);
    this.#records = new Int32Array(states * recordSize);
    this.#members = new Int32Array(2 * states);
    this.table = new Int32Array(8 * count);
    const first = edges.closure(edges.start, atStart);
    for (let at = 0; at < first.length; at += 1) reached[at] = first[at] ?? 0;
    this.first = this.#state(first.length);
  }

  /** Null: too large, or nothing that an automaton could tell. */
  static of(node: PatternNode): TextAutomaton | null {
    const edges = Edges.of(node);
    return edges === null ? null : new TextAutomaton(edges);
  }

  /** Where the row of a state begins in the table. */
  row(state: number): number {
    const known = this.#records[state * recordSize + rowAt] ?? unmade;
    return known === unmade ? this.#fill(state) : known;
  }

  /** One byte further; -1: no text goes on so. */
  next(state: number, code: number): number {
    const row = this.row(state);
    return (this.table[row + (this.classOf[code] ?? 0)] ?? -1) >> 1;
  }

  /** Bytes that are still missing at least; -1: it takes no text any more. */
  distance(state: number): number {
    return state < 0 ? -1 : (this.#records[state * recordSize + distanceAt] ?? -1);
  }

  /** Does it take the text that ends here? */
  accepts(state: number): boolean {
    const record = state * recordSize;
    let accepts = this.#records[record + acceptsAt] ?? no;
    if (accepts === unknown) {
      const start = this.#records[record + startAt] ?? 0;
      const end = start + (this.#records[record + countAt] ?? 0);
      accepts = no;
      for (let at = start; at < end && accepts === no; at += 1)
        if (this.#edges.closure(this.#members[at] ?? 0, atEnd).includes(this.#edges.accept))
          accepts = atItsEnd;
      this.#records[record + acceptsAt] = accepts;
    }
    return accepts !== no;
  }

  /** Does it take the text already before its end? Of a search, whatever follows. */
  found(state: number): boolean {
    return this.#records[state * recordSize + acceptsAt] === found;
  }

  /** The state that stands for the first ones of {@link reached}; -1: there are none, or too many states were made. */
  #state(count: number): number {
    sortReached(count);
    let key = count;
    for (let at = 0; at < count; at += 1) key = Math.imul(key, 0x01000193) ^ (reached[at] ?? 0);
    const slot = slotOf(key, this.#slots.length);
    for (let state = (this.#slots[slot] ?? 0) - 1; state >= 0; ) {
      const record = state * recordSize;
      if (this.#records[record + keyAt] === key && this.#standsFor(record, count)) return state;
      state = (this.#records[record + olderAt] ?? 0) - 1;
    }
    if (count === 0 || this.#states >= walkedLimit) return -1;
    const state = this.#states;
    this.#states += 1;
    const record = state * recordSize;
    if (record + recordSize > this.#records.length) this.#records = longer(this.#records, 0);
    if (this.#memberCount + count > this.#members.length)
      this.#members = longer(this.#members, this.#memberCount + count);
    const { accept, missing } = this.#edges;
    let distance = -1;
    let accepts = unknown;
    for (let at = 0; at < count; at += 1) {
      const one = reached[at] ?? 0;
      this.#members[this.#memberCount + at] = one;
      if (one === accept) accepts = found;
      const left = missing[one] ?? -1;
      if (left >= 0 && (distance < 0 || left < distance)) distance = left;
    }
    this.#records[record + rowAt] = unmade;
    this.#records[record + startAt] = this.#memberCount;
    this.#records[record + countAt] = count;
    this.#records[record + distanceAt] = distance;
    this.#records[record + acceptsAt] = accepts;
    this.#records[record + keyAt] = key;
    this.#memberCount += count;
    if (this.#states > this.#slots.length) this.#spread();
    else this.#enter(state);
    return state;
  }

  #enter(state: number): void {
    const record = state * recordSize;
    const slot = slotOf(this.#records[record + keyAt] ?? 0, this.#slots.length);
    this.#records[record + olderAt] = this.#slots[slot] ?? 0;
    this.#slots[slot] = state + 1;
  }

  /** Keys fall together too often: more slots for them. */
  #spread(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    for (let state = 0; state < this.#states; state += 1) this.#enter(state);
  }

  #standsFor(record: number, count: number): boolean {
    if (this.#records[record + countAt] !== count) return false;
    const start = this.#records[record + startAt] ?? 0;
    for (let at = 0; at < count; at += 1) if (this.#members[start + at] !== reached[at]) return false;
    return true;
  }

  /** Makes the row of a state: each edge parts the classes, and each part leads to where the edges of its bytes do. */
  #fill(state: number): number {
    const { classes } = this;
    const { graph } = this.#edges;
    const record = state * recordSize;
    const start = this.#records[record + startAt] ?? 0;
    const end = start + (this.#records[record + countAt] ?? 0);
    let count = 1;
    parts.fill(0, 0, classes);
    for (let at = start; at < end; at += 1) {
      const one = this.#members[at] ?? 0;
      const last = graph[one + 1] ?? 0;
      for (let edge = graph[one] ?? last; edge < last; edge += 2) {
        const set = graph[edge] ?? -1;
        if (set < 0) continue;
        const target = graph[edge + 1] ?? 0;
        const firstNew = count;
        const kinds = this.#kindsOf(set);
        for (let place = 0; place < kinds.length; place += 1) {
          const kind = kinds[place] ?? 0;
          const whole = parts[kind] ?? 0;
          let part = firstNew;
          while (part < count && wholes[part] !== whole) part += 1;
          if (part === count) {
            wholes[part] = whole;
            targets[part] = target;
            count += 1;
          }
          parts[kind] = part;
        }
      }
    }
    const row = this.#tableLength;
    this.#tableLength += classes;
    if (this.#tableLength > this.table.length) this.table = longer(this.table, 0);
    this.#records[record + rowAt] = row;
    const distance = this.#records[record + distanceAt] ?? -1;
    for (let part = 0; part < count; part += 1) cells[part] = unmade;
    for (let kind = 0; kind < classes; kind += 1) {
      const part = parts[kind] ?? 0;
      let cell = cells[part] ?? unmade;
      if (cell === unmade) {
        cell = this.#cell(part, distance);
        cells[part] = cell;
      }
      this.table[row + kind] = cell;
    }
    return row;
  }

  /** The cell of the bytes of a part. */
  #cell(last: number, distance: number): number {
    const { missing } = this.#edges;
    let count = 0;
    let isNearer = 0;
    mark += 1;
    for (let part = last; part > 0; part = wholes[part] ?? 0) {
      const target = targets[part] ?? 0;
      const left = missing[target] ?? -1;
      if (left >= 0 && left < distance) isNearer = 1;
      const others = this.#closureOf(target);
      for (let at = 0; at < others.length; at += 1) {
        const one = others[at] ?? 0;
        if (marks[one] === mark) continue;
        marks[one] = mark;
        reached[count] = one;
        count += 1;
      }
    }
    return 2 * this.#state(count) + isNearer;
  }

  #closureOf(state: number): readonly number[] {
    if (this.#edges.isAlone(state)) {
      single[0] = state;
      return single;
    }
    let found = this.#closures.get(state);
    if (found === undefined) {
      found = this.#edges.closure(state);
      this.#closures.set(state, found);
    }
    return found;
  }

  #kindsOf(set: number): readonly number[] {
    const known = this.#kinds[set];
    if (known !== undefined) return known;
    const found = this.#findKinds(set);
    this.#kinds[set] = found;
    return found;
  }

  #findKinds(set: number): readonly number[] {
    const bytes = this.#edges.sets[set];
    if (bytes === undefined) return [];
    const { classes, classOf } = this;
    if (bytes.isAll) {
      const every = all[classes] ?? Array.from({ length: classes }, (_, kind) => kind);
      all[classes] = every;
      return every;
    }
    const kinds = new Set<number>();
    if (bytes.few !== null) for (const code of bytes.few) kinds.add(classOf[code] ?? 0);
    else for (let code = 0; code < 256; code += 1) if (bytes.isIn[code] === 1) kinds.add(classOf[code] ?? 0);
    const found = [...kinds];
    const [only = 0] = found;
    if (found.length !== 1) return found;
    const one = alone[only] ?? found;
    alone[only] = one;
    return one;
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
