/**
 * Patterns as deterministic automata that are made while they are walked. What is no regular language (look-around,
 * references, word boundaries) is passed over: such an automaton takes too much, and who uses it asks the engine.
 */
import type { PatternNode, RepeatNode } from "../ossec/patterns/ast.js";
import { allBytes, type ByteSet, emptySet, hasByte, singleByte } from "../ossec/patterns/byte-set.js";

/** Larger ones are not made. */
const stateLimit = 6000;

/** States of the deterministic one; who walks further gets none. */
const walkedLimit = 32_767;

type Only = "start" | "end" | null;

class Builder {
  readonly bytes: { readonly from: number; readonly set: ByteSet; readonly to: number }[] = [];
  readonly empties: { readonly from: number; readonly only: Only; readonly to: number }[] = [];
  size = 0;

  state(): number {
    this.size += 1;
    return this.size - 1;
  }

  /** Adds the node between two states; false: it has no automaton. */
  add(node: PatternNode, from: number, to: number): boolean {
    if (this.size > stateLimit) return false;
    switch (node.kind) {
      case "byte":
        this.bytes.push({ from, set: singleByte(node.code, node.caseless), to });
        return true;
      case "set":
        this.bytes.push({ from, set: node.set, to });
        return true;
      case "sequence":
        return this.#row(node.items, from, to);
      case "alternatives":
        return node.options.every((option) => this.add(option, from, to));
      case "group":
      case "atomic":
        return this.add(node.body, from, to);
      case "repeat":
        return this.#repeat(node.body, node.min, node.max, from, to);
      case "conditional":
        return (
          this.add(node.yes, from, to) &&
          (node.no === null ? this.#empty(from, to) : this.add(node.no, from, to))
        );
      case "assertion":
        switch (node.assertion) {
          case "start":
            return this.#empty(from, to, "start");
          case "end":
          case "endOrNewline":
            return this.#empty(from, to, "end");
          default:
            return this.#empty(from, to);
        }
      case "look":
      case "empty":
      case "verb":
        return this.#empty(from, to);
      case "fail":
        return true;
      case "backreference":
      case "call":
        return false;
    }
  }

  #empty(from: number, to: number, only: Only = null): true {
    this.empties.push({ from, only, to });
    return true;
  }

  #row(items: readonly PatternNode[], from: number, to: number): boolean {
    let at = from;
    for (const [index, item] of items.entries()) {
      const next = index === items.length - 1 ? to : this.state();
      if (!this.add(item, at, next)) return false;
      at = next;
    }
    return items.length > 0 || this.#empty(from, to);
  }

  #repeat(body: PatternNode, min: number, max: number, from: number, to: number): boolean {
    let at = from;
    for (let count = 0; count < min; count += 1) {
      const next = this.state();
      if (!this.add(body, at, next)) return false;
      at = next;
    }
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.state();
      this.#empty(at, loop);
      this.#empty(loop, to);
      return this.add(body, loop, loop);
    }
    for (let count = min; count < max; count += 1) {
      const next = this.state();
      this.#empty(at, to);
      if (!this.add(body, at, next)) return false;
      at = next;
    }
    return this.#empty(at, to);
  }
}

interface Walked {
  readonly states: readonly number[];
  /** By class of bytes; -2: not walked yet, -1: no way. */
  readonly next: Int32Array;
  /** Bytes that it takes at least from here; infinite: it takes no text any more. */
  readonly distance: number;
  readonly found: boolean;
  /** Bytes by which less is missing; null: not worked out yet. */
  advancing: ByteSet | null;
}

/** The texts that a tree matches from their beginning to their end. */
export class TextAutomaton {
  /** The class of each byte: what no edge tells apart. */
  readonly classOf = new Uint8Array(256);
  readonly classes: number;
  readonly #edges: readonly (readonly { readonly set: ByteSet; readonly to: number }[])[];
  readonly #closures: (readonly number[] | undefined)[] = [];
  readonly #empties: readonly (readonly { readonly only: Only; readonly to: number }[])[];
  readonly #distances: Float64Array;
  readonly #accept: number;
  readonly #walked: Walked[] = [];
  readonly #known = new Map<string, number>();
  readonly #sample = new Uint8Array(256);

  private constructor(builder: Builder, start: number, accept: number) {
    const { size, bytes, empties } = builder;
    const edges: { readonly set: ByteSet; readonly to: number }[][] = Array.from({ length: size }, () => []);
    const free: { readonly only: Only; readonly to: number }[][] = Array.from({ length: size }, () => []);
    for (const { from, set, to } of bytes) edges[from]?.push({ set, to });
    for (const { from, only, to } of empties) free[from]?.push({ only, to });
    this.#edges = edges;
    this.#empties = free;
    this.#accept = accept;
    this.classes = this.#classify(new Set(bytes.map(({ set }) => set)));
    this.#distances = distances(builder, accept);
    this.first = this.#state(this.#closure([start], "start"));
  }

  /** The state before the first byte. */
  readonly first: number;

  /** Null: too large, or nothing that an automaton could tell. */
  static of(node: PatternNode): TextAutomaton | null {
    const builder = new Builder();
    const start = builder.state();
    const accept = builder.state();
    return builder.add(node, start, accept) ? new TextAutomaton(builder, start, accept) : null;
  }

  #classify(sets: ReadonlySet<ByteSet>): number {
    // Bytes of literals have a class each; the others are told apart by the sets that they are in.
    const large: ByteSet[] = [];
    const alone = new Uint8Array(256);
    for (const set of sets) {
      const few = fewBytes(set);
      if (few === null) large.push(set);
      else for (const code of few) alone[code] = 1;
    }
    const kinds = new Map<string, number>();
    for (let code = 0; code < 256; code += 1) {
      let kind = alone[code] === 1 ? `${code}` : "";
      if (kind === "") for (const set of large) kind += hasByte(set, code) ? "+" : "-";
      const own = kinds.get(kind) ?? kinds.size;
      kinds.set(kind, own);
      this.classOf[code] = own;
    }
    for (let code = 255; code >= 0; code -= 1) this.#sample[this.classOf[code] ?? 0] = code;
    return kinds.size;
  }

  #closure(from: Iterable<number>, at: "start" | "end" | "inside"): readonly number[] {
    const reached = new Set(from);
    for (const state of reached)
      for (const { only, to } of this.#empties[state] ?? [])
        if (only === null || only === at) reached.add(to);
    return [...reached].sort((one, other) => one - other);
  }

  #closureOf(state: number): readonly number[] {
    this.#closures[state] ??= this.#closure([state], "inside");
    return this.#closures[state] ?? [];
  }

  #state(states: readonly number[]): number {
    const key = states.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (states.length === 0 || this.#walked.length >= walkedLimit) return -1;
    let distance = Number.POSITIVE_INFINITY;
    for (const state of states) distance = Math.min(distance, this.#distances[state] ?? distance);
    const number = this.#walked.length;
    this.#known.set(key, number);
    const next = new Int32Array(this.classes).fill(-2);
    this.#walked.push({ states, next, distance, found: states.includes(this.#accept), advancing: null });
    return number;
  }

  /** One byte further; -1: no text goes on so. */
  next(state: number, code: number): number {
    const walked = this.#walked[state];
    if (walked === undefined) return -1;
    const kind = this.classOf[code] ?? 0;
    const known = walked.next[kind] ?? -1;
    if (known !== -2) return known;
    const reached = new Set<number>();
    const sample = this.#sample[kind] ?? 0;
    for (const from of walked.states)
      for (const { set, to } of this.#edges[from] ?? [])
        if (hasByte(set, sample)) for (const further of this.#closureOf(to)) reached.add(further);
    const next = this.#state([...reached].sort((one, other) => one - other));
    walked.next[kind] = next;
    return next;
  }

  /** The bytes by which less is missing. */
  advancing(state: number): ByteSet {
    const walked = this.#walked[state];
    if (walked === undefined) return emptySet;
    walked.advancing ??= this.#advancing(walked);
    return walked.advancing;
  }

  #advancing({ states, distance }: Walked): ByteSet {
    const found = new Uint32Array(8);
    for (const from of states) {
      if ((this.#distances[from] ?? 0) !== distance) continue;
      for (const { set, to } of this.#edges[from] ?? []) {
        if ((this.#distances[to] ?? distance) >= distance) continue;
        for (let word = 0; word < 8; word += 1) found[word] = (found[word] ?? 0) | (set[word] ?? 0);
      }
    }
    return found;
  }

  /** Bytes that are still missing at least. */
  distance(state: number): number {
    return this.#walked[state]?.distance ?? Number.POSITIVE_INFINITY;
  }

  /** Does it take the text that ends here? */
  accepts(state: number): boolean {
    const walked = this.#walked[state];
    if (walked === undefined) return false;
    return walked.found || this.#closure(walked.states, "end").includes(this.#accept);
  }

  /** Does it take the text already before its end? Of a search, whatever follows. */
  found(state: number): boolean {
    return this.#walked[state]?.found ?? false;
  }
}

/** The bytes of a set of one or two; null: there are more. */
function fewBytes(set: ByteSet): readonly number[] | null {
  const found: number[] = [];
  for (let word = 0; word < 8; word += 1) {
    for (let bits = set[word] ?? 0; bits !== 0; bits &= bits - 1) {
      if (found.length === 2) return null;
      found.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
  }
  return found;
}

/** Bytes from each state to the accepting one, at least. */
function distances({ size, bytes, empties }: Builder, accept: number): Float64Array {
  const back: { readonly from: number; readonly bytes: 0 | 1 }[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of bytes) back[to]?.push({ from, bytes: 1 });
  for (const { from, to } of empties) back[to]?.push({ from, bytes: 0 });
  const found = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  found[accept] = 0;
  let level = [accept];
  for (let distance = 0; level.length > 0; distance += 1) {
    const further: number[] = [];
    for (let at = 0; at < level.length; at += 1) {
      const state = level[at] ?? 0;
      if ((found[state] ?? 0) < distance) continue;
      for (const { from, bytes: cost } of back[state] ?? []) {
        if ((found[from] ?? 0) <= distance + cost) continue;
        found[from] = distance + cost;
        (cost === 0 ? level : further).push(from);
      }
    }
    level = further;
  }
  return found;
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
