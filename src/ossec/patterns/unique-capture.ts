/**
 * Can a line that a pattern fits be read in two ways that put a capture at different places? The pattern becomes a
 * nondeterministic automaton (Thompson's construction) whose states know whether they stand before, within or behind
 * the capture; two runs over the same line are followed side by side (self-product, as in tests for ambiguity of
 * automata). Where no pair of accepting runs ever stood on different sides of the capture's ends, it is unique.
 *
 * Limits: look-around (but for negative look-ahead at the pattern's start, which is followed as a third automaton),
 * word boundaries and atomic groups are taken for things that always hold, so that there are at least the ways that the
 * pattern has; back references, calls, conditions and verbs are not examined. Held by test/ossec/patterns/unique-capture.test.ts.
 */
import type { PatternNode } from "./ast.js";
import {
  allBytes,
  type ByteSet,
  bytesOf,
  hasByte,
  isSubset,
  rangeSet,
  setOf,
  singleByte,
  union,
} from "./byte-set.js";

/** Before, within, behind the capture. */
type Side = 0 | 1 | 2;

interface ConsumingState {
  readonly set: ByteSet;
  readonly side: Side;
  /** Number of the node that follows. */
  readonly next: number;
}

type Edge =
  | { readonly kind: "empty"; readonly to: number; readonly only: "start" | "end" | null }
  | { readonly kind: "consume"; readonly state: number }
  | { readonly kind: "accept" };

const stateLimit = 3_000;
const pairLimit = 600_000;
/** Counted repetitions with a larger bound are taken for unbounded ones, which have more ways. */
const longestRun = 64;

class NotExaminable extends Error {}

/** Nodes and their edges; states that consume a byte are numbered. */
class Automaton {
  readonly states: ConsumingState[] = [];
  readonly #edges: Edge[][] = [];
  readonly #closures = new Map<string, readonly Edge[]>();
  #side: Side = 0;

  readonly #group: number | null;

  /** @param group - the capture's number */
  constructor(group: number | null) {
    this.#group = group;
  }

  node(...edges: Edge[]): number {
    if (this.#edges.length > 4 * stateLimit) throw new NotExaminable();
    return this.#edges.push(edges) - 1;
  }

  link(from: number, to: number): void {
    this.#edges[from]?.push({ kind: "empty", to, only: null });
  }

  consume(set: ByteSet, next: number, side = this.#side): number {
    if (this.states.length >= stateLimit) throw new NotExaminable();
    return this.node({ kind: "consume", state: this.states.push({ set, side, next }) - 1 });
  }

  /** What can be consumed next, and whether the line may be accepted there, from a node on. */
  closure(node: number, at: { readonly start: boolean; readonly end: boolean }): readonly Edge[] {
    const key = `${node},${at.start},${at.end}`;
    const known = this.#closures.get(key);
    if (known !== undefined) return known;
    const found: Edge[] = [];
    const reached = new Set([node]);
    for (const one of reached)
      for (const edge of this.#edges[one] ?? [])
        if (edge.kind !== "empty") found.push(edge);
        else if (edge.only === null || at[edge.only]) reached.add(edge.to);
    this.#closures.set(key, found);
    return found;
  }

  /** Writes a node in front of what follows it, from its end to its start; returns where it begins. */
  write(node: PatternNode, next: number): number {
    switch (node.kind) {
      case "empty":
      case "look":
        return next;
      case "byte":
        return this.consume(singleByte(node.code, node.caseless), next);
      case "set":
        return this.consume(node.set, next);
      case "sequence":
        return node.items.reduceRight((behind, item) => this.write(item, behind), next);
      case "alternatives":
        return this.#alternatives(node.options, next);
      case "atomic":
        return this.write(node.body, next);
      case "group":
        return node.index === this.#group ? this.#capture(node.body, next) : this.write(node.body, next);
      case "repeat":
        return this.#repeat(node.body, node.min, node.max, next);
      case "assertion":
        switch (node.assertion) {
          case "start":
            return this.node({ kind: "empty", to: next, only: "start" });
          case "end":
          case "endOrNewline":
            return this.node({ kind: "empty", to: next, only: "end" });
          default:
            return next;
        }
      case "fail":
        return this.node();
      default:
        throw new NotExaminable();
    }
  }

  /** What stands behind the capture is written first. */
  behind(write: () => number): number {
    this.#side = 2;
    return write();
  }

  /** The capture may stand in each of them: `(?|a(b)|(c))`; in one without it, all stands behind what is captured. */
  #alternatives(options: readonly PatternNode[], next: number): number {
    const side = this.#side;
    let reached = side;
    const edges = options.map((option): Edge => {
      this.#side = side;
      const to = this.write(option, next);
      if (this.#side < reached) reached = this.#side;
      return { kind: "empty", to, only: null };
    });
    this.#side = reached;
    return this.node(...edges);
  }

  #capture(body: PatternNode, next: number): number {
    if (this.#side !== 2) throw new NotExaminable();
    this.#side = 1;
    const start = this.write(body, next);
    this.#side = 0;
    return start;
  }

  #repeat(body: PatternNode, min: number, max: number, next: number): number {
    const simple = body.kind === "byte" || body.kind === "set";
    const loops = max === Number.POSITIVE_INFINITY || (simple && max > longestRun);
    let start = next;
    if (loops) {
      const head = this.node({ kind: "empty", to: next, only: null });
      this.link(head, this.write(body, head));
      start = head;
    } else {
      for (let count = max; count > min; count--)
        start = this.node(
          { kind: "empty", to: next, only: null },
          { kind: "empty", to: this.write(body, start), only: null },
        );
    }
    const copies = simple ? Math.min(min, longestRun) : min;
    for (let count = 0; count < copies; count++) start = this.write(body, start);
    return start;
  }
}

/** What `\S` is at least, in whatever language. */
const printable = rangeSet([[0x21, 0x7e]]);
const wordCharacters = setOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

/** `\w` of languages that count letters beyond ASCII among them. */
const wordsInUtf8 = union(wordCharacters, rangeSet([[0x80, 0xff]]));

/**
 * `\S`, `\w` and the dot say what the author expects to stand there; whoever chooses the text sends anything. A class
 * that is spelled (`[^\[]`) is taken at its word: the program cannot write those bytes there.
 */
function isAnything(set: ByteSet): boolean {
  return isSubset(printable, set) || (isSubset(wordCharacters, set) && isSubset(set, wordsInUtf8));
}

/** A node, and whether the capture is in it. */
interface Relaxed {
  readonly node: PatternNode;
  readonly passed: boolean;
}

/** What is looked for before the capture, with `\S` and the like as anything. */
function relaxed(node: PatternNode, group: number): Relaxed {
  switch (node.kind) {
    case "set":
      return { node: isAnything(node.set) ? { kind: "set", set: allBytes } : node, passed: false };
    case "group":
    case "atomic":
    case "repeat": {
      if (node.kind === "group" && node.index === group) return { node, passed: true };
      const { node: body, passed } = relaxed(node.body, group);
      return { node: { ...node, body }, passed };
    }
    case "alternatives": {
      const options = node.options.map((option) => relaxed(option, group));
      return {
        node: { kind: "alternatives", options: options.map((option) => option.node) },
        passed: options.some(({ passed }) => passed),
      };
    }
    case "sequence": {
      const items: PatternNode[] = [];
      let passed = false;
      for (const item of node.items) {
        if (passed) {
          items.push(item);
          continue;
        }
        const inner = relaxed(item, group);
        items.push(inner.node);
        passed = inner.passed;
      }
      return { node: { kind: "sequence", items }, passed };
    }
    default:
      return { node, passed: false };
  }
}

/** Bodies of the negative look-aheads that stand at the start, right behind `^`. */
function guardsOf(root: PatternNode): readonly PatternNode[] {
  if (root.kind === "group" || root.kind === "atomic") return guardsOf(root.body);
  if (root.kind !== "sequence") return [];
  const [first, ...rest] = root.items;
  if (first?.kind === "sequence") return guardsOf(first);
  if (first?.kind !== "assertion" || first.assertion !== "start") return [];
  const guards: PatternNode[] = [];
  for (const item of rest) {
    if (item.kind !== "look") break;
    if (item.negative && !item.behind) guards.push(item.body);
  }
  return guards;
}

/** The guards' automaton, made deterministic as far as it is needed; null: one of them fits. */
class Guard {
  readonly #automaton = new Automaton(null);
  readonly #sets: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #moves = new Map<number, number | null>();
  readonly #root: number;

  constructor(guards: readonly PatternNode[]) {
    const accept = this.#automaton.node({ kind: "accept" });
    this.#root = this.#automaton.node(
      ...guards.map(
        (guard): Edge => ({ kind: "empty", to: this.#automaton.write(guard, accept), only: null }),
      ),
    );
  }

  get sets(): readonly ByteSet[] {
    return this.#automaton.states.map(({ set }) => set);
  }

  start(): number | null {
    return this.#numbered([this.#root], true);
  }

  after(number: number, byte: number): number | null {
    const key = number * 256 + byte;
    const known = this.#moves.get(key);
    if (known !== undefined) return known;
    const nodes = (this.#sets[number] ?? []).flatMap((state) => {
      const { set, next } = this.#automaton.states[state] ?? { set: allBytes, next: 0 };
      return hasByte(set, byte) ? [next] : [];
    });
    const found = this.#numbered(nodes, false);
    this.#moves.set(key, found);
    return found;
  }

  #numbered(nodes: readonly number[], start: boolean): number | null {
    const states = new Set<number>();
    for (const node of nodes)
      for (const edge of this.#automaton.closure(node, { start, end: false })) {
        if (edge.kind === "accept") return null;
        if (edge.kind === "consume") states.add(edge.state);
      }
    const sorted = [...states].sort((one, other) => one - other);
    const key = sorted.join();
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#sets.push(sorted) - 1;
      this.#numbers.set(key, number);
      if (number > stateLimit) throw new NotExaminable();
    }
    return number;
  }
}

/** One byte of each class of bytes that no set tells apart, letters before others; a line has no line feed. */
function representatives(sets: readonly ByteSet[]): readonly number[] {
  const seen = new Map<string, number>();
  const distinct = [...new Map(sets.map((set) => [set.join(), set])).values()];
  for (const code of [...bytesOf(rangeSet([[0x61, 0x7a]])), ...bytesOf(allBytes)]) {
    const key = distinct.map((set) => (hasByte(set, code) ? "1" : "0")).join("");
    if (code !== 10 && !seen.has(key)) seen.set(key, code);
  }
  return [...seen.values()];
}

/** Two runs over the same bytes, each before a byte, and how they came there. */
interface Pair {
  readonly one: number;
  readonly other: number;
  /** They stood on different sides once. */
  readonly differs: boolean;
  readonly guarded: number;
  readonly from: Pair | null;
  /** The byte that was read before. */
  readonly byte: number;
}

/** Follows two runs side by side, the shortest lines first. */
class SelfProduct {
  readonly #automaton: Automaton;
  readonly #entry: number;
  readonly #guard: Guard | null;
  /** By state: the number of its set. */
  readonly #kinds: readonly number[];
  readonly #bytes: CommonBytes;
  /** False: as if the line could go on behind any end. */
  readonly #whole: boolean;
  /** By node: states that follow it within the line. */
  readonly #following: (readonly number[] | undefined)[] = [];
  /** By node and number of a set: those of them that read a byte of the set. */
  readonly #met: (readonly number[] | undefined)[] = [];
  /** By node: may the line be accepted there? */
  readonly #ends: (boolean | undefined)[] = [];
  /** By state: can the line be accepted behind it? */
  readonly #alive: Uint8Array;
  readonly #seen: Seen;
  readonly #waiting: Pair[] = [];

  constructor(root: PatternNode, group: number, whole: boolean) {
    const automaton = new Automaton(group);
    const accept = automaton.node({ kind: "accept" });
    // Behind the match the line goes on with anything.
    const rest = automaton.node({ kind: "empty", to: accept, only: null });
    automaton.link(rest, automaton.consume(allBytes, rest, 2));
    const start = automaton.behind(() => automaton.write(relaxed(root, group).node, rest));
    // A search begins anywhere.
    this.#entry = automaton.node({ kind: "empty", to: start, only: null });
    const skip = automaton.node({ kind: "empty", to: start, only: null });
    automaton.link(skip, automaton.consume(allBytes, skip, 0));
    automaton.link(this.#entry, automaton.consume(allBytes, skip, 0));
    this.#automaton = automaton;
    this.#guard = whole ? new Guard(guardsOf(root)) : null;
    const sets = automaton.states.map(({ set }) => set);
    this.#bytes = new CommonBytes(sets, representatives([...sets, ...(this.#guard?.sets ?? [])]));
    this.#kinds = sets.map((set) => this.#bytes.kindOf(set));
    this.#whole = whole;
    this.#seen = new Seen(sets.length);
    this.#alive = this.#aliveStates();
  }

  /** States that lead nowhere are not followed: those before the start of a pattern that is anchored, for one. */
  #aliveStates(): Uint8Array {
    const { states } = this.#automaton;
    const before: number[][] = states.map(() => []);
    const alive = new Uint8Array(states.length);
    const reached: number[] = [];
    for (const [at, { next }] of states.entries()) {
      for (const following of this.#targets(next, false)) before[following]?.push(at);
      if (this.#accepts(next)) reached.push(at);
    }
    // The list grows while it is walked.
    for (const at of reached) {
      if (alive[at] === 1) continue;
      alive[at] = 1;
      reached.push(...(before[at] ?? []));
    }
    return alive;
  }

  /** A line that two accepting runs read with the capture at different places; null: there is none. */
  line(): string | null {
    const begin = this.#guard === null ? 0 : this.#guard.start();
    if (begin === null) return null;
    const first = this.#consuming(this.#entry, true);
    this.#push(first, this.#entry, { differs: false, guarded: begin, from: null, byte: 0 }, true);
    // The list grows while it is walked.
    for (const pair of this.#waiting) {
      const line = this.#step(pair);
      if (line !== null) return line;
    }
    return null;
  }

  #step(pair: Pair): string | null {
    const { states } = this.#automaton;
    const one = states[pair.one];
    const other = states[pair.other];
    if (one === undefined || other === undefined) return null;
    const { differs } = pair;
    const accepts = differs && this.#accepts(one.next) && this.#accepts(other.next);
    const ones = this.#consuming(one.next, false);
    const bytes = this.#bytes.of(this.#kinds[pair.one] ?? 0, this.#kinds[pair.other] ?? 0);
    if (this.#guard === null) {
      const [byte] = bytes;
      if (byte === undefined) return null;
      if (accepts) return lineOf(pair, byte);
      this.#push(ones, other.next, { differs, guarded: 0, from: pair, byte });
      return null;
    }
    // Bytes with which the guards come to the same lead to the same pairs.
    const reached: (number | null)[] = [null];
    for (const byte of bytes) {
      const guarded = this.#guard.after(pair.guarded, byte);
      if (guarded === null || reached.includes(guarded)) continue;
      reached.push(guarded);
      if (accepts) return lineOf(pair, byte);
      this.#push(ones, other.next, { differs, guarded, from: pair, byte });
    }
    return null;
  }

  /** @param other - the node that the other run is at */
  #push(
    ones: readonly number[],
    other: number,
    step: Pick<Pair, "differs" | "guarded" | "from" | "byte">,
    start = false,
  ): void {
    const { states } = this.#automaton;
    for (const left of ones)
      for (const right of this.#meeting(other, this.#kinds[left] ?? 0, start)) {
        const [lower, higher] = left < right ? [left, right] : [right, left];
        const side = states[left]?.side;
        const differs = step.differs || side !== states[right]?.side;
        // What is behind the capture in both stays there: they never differ.
        if (!differs && side === 2) continue;
        if (!this.#seen.add(step.guarded, lower, higher, differs)) continue;
        if (this.#waiting.length >= pairLimit) throw new NotExaminable();
        this.#waiting.push({ ...step, one: lower, other: higher, differs });
      }
  }

  /** States that follow a node and read a byte of this set. */
  #meeting(node: number, kind: number, start: boolean): readonly number[] {
    const key = node * this.#bytes.count + kind;
    const known = start ? undefined : this.#met[key];
    if (known !== undefined) return known;
    const found = this.#consuming(node, start).filter(
      (state) => this.#bytes.of(kind, this.#kinds[state] ?? 0).length > 0,
    );
    if (!start) this.#met[key] = found;
    return found;
  }

  #consuming(node: number, start: boolean): readonly number[] {
    const known = start ? undefined : this.#following[node];
    if (known !== undefined) return known;
    const found = this.#targets(node, start).filter((state) => this.#alive[state] === 1);
    if (!start) this.#following[node] = found;
    return found;
  }

  #targets(node: number, start: boolean): readonly number[] {
    return this.#automaton
      .closure(node, { start, end: !this.#whole })
      .flatMap((edge) => (edge.kind === "consume" ? [edge.state] : []));
  }

  #accepts(node: number): boolean {
    const known = this.#ends[node];
    if (known !== undefined) return known;
    const found = this.#automaton
      .closure(node, { start: false, end: true })
      .some(({ kind }) => kind === "accept");
    this.#ends[node] = found;
    return found;
  }
}

/** Pairs that were met, for each state of the guards. */
class Seen {
  readonly #count: number;
  /** By pair: 1 where they did not differ, 2 where they did. */
  readonly #pairs: (Uint8Array | Map<number, number> | undefined)[] = [];
  #bytes = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** False: they were met. Whatever two that do not differ come to, two that do come to as soon. */
  add(guarded: number, one: number, other: number, differs: boolean): boolean {
    const met = this.#of(guarded);
    const at = one * this.#count + other;
    const mark = differs ? 2 : 1;
    if (met instanceof Map) {
      if ((met.get(at) ?? 0) >= mark) return false;
      met.set(at, mark);
      return true;
    }
    if ((met[at] ?? 0) >= mark) return false;
    met[at] = mark;
    return true;
  }

  #of(guarded: number): Uint8Array | Map<number, number> {
    const known = this.#pairs[guarded];
    if (known !== undefined) return known;
    const size = this.#count * this.#count;
    this.#bytes += size;
    const made = this.#bytes <= mostSeenBytes ? new Uint8Array(size) : new Map<number, number>();
    this.#pairs[guarded] = made;
    return made;
  }
}

const mostSeenBytes = 16_000_000;

/** The bytes that two sets have in common, one of each class. */
class CommonBytes {
  readonly #sets: ByteSet[] = [];
  readonly #kinds = new Map<string, number>();
  readonly #bytes: readonly number[];
  readonly #common: (readonly number[] | undefined)[] = [];

  constructor(sets: readonly ByteSet[], bytes: readonly number[]) {
    this.#bytes = bytes;
    for (const set of sets) {
      const key = set.join();
      if (!this.#kinds.has(key)) this.#kinds.set(key, this.#sets.push(set) - 1);
    }
  }

  /** How many sets there are. */
  get count(): number {
    return this.#sets.length;
  }

  /** The number of a set. */
  kindOf(set: ByteSet): number {
    return this.#kinds.get(set.join()) ?? 0;
  }

  of(one: number, other: number): readonly number[] {
    const key = one * this.#sets.length + other;
    const known = this.#common[key];
    if (known !== undefined) return known;
    const [left = allBytes, right = allBytes] = [this.#sets[one], this.#sets[other]];
    const found = this.#bytes.filter((byte) => hasByte(left, byte) && hasByte(right, byte));
    this.#common[key] = found;
    return found;
  }
}

function lineOf(last: Pair, byte: number): string {
  const bytes = [byte];
  for (let pair: Pair | null = last; pair?.from != null; pair = pair.from) bytes.push(pair.byte);
  return String.fromCharCode(...bytes.reverse());
}

/** What is known of a capture's place. */
export type CapturePlace =
  /** Every line that the pattern fits has it at one place. */
  | { readonly kind: "unique" }
  /** This line (latin1) has it at two. */
  | { readonly kind: "ambiguous"; readonly line: string }
  | { readonly kind: "unknown" };

/**
 * Does every line that the pattern fits have the capture at one place only?
 *
 * @param whole - false: as if the line could go on behind any end, as one does that was cut; guards at the start then
 *   say nothing
 */
export function capturePlace(root: PatternNode, group: number, whole: boolean): CapturePlace {
  try {
    const line = new SelfProduct(root, group, whole).line();
    return line === null ? { kind: "unique" } : { kind: "ambiguous", line };
  } catch (error) {
    if (error instanceof NotExaminable) return { kind: "unknown" };
    throw error;
  }
}
