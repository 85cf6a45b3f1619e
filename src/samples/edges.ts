/**
 * A tree as states and edges between them (Thompson's construction). What is no regular language (look-around, word
 * boundaries) is passed over: it then takes too much, and who uses it asks the engine.
 */
import type { PatternNode } from "../ossec/patterns/ast.js";
import { type ByteSet, singleByte } from "../ossec/patterns/byte-set.js";

/** Larger ones are not made. */
const stateLimit = 6000;

/** What an edge takes that takes no byte: it leads on anywhere, or only at the start or the end of the text. */
export const anywhere = -1;
export const atStart = -2;
export const atEnd = -3;

/** Sets of one byte and of a letter in both cases. */
const singles: (ByteSet | undefined)[] = [];

function singleOf(code: number, caseless: boolean): ByteSet {
  const key = code * 2 + (caseless ? 1 : 0);
  const set = singles[key] ?? singleByte(code, caseless);
  singles[key] = set;
  return set;
}

export class Edges {
  /** By edge: where it comes from and leads to, and the number of its set in {@link sets} or one of the above. */
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly by: number[] = [];
  readonly sets: ByteSet[] = [];
  /** By state: its last edge, -1 for none; by edge: the one before it from the same state. */
  readonly lastFrom: number[] = [];
  readonly beforeFrom: number[] = [];
  /** The same of edges that lead to a state. */
  readonly lastTo: number[] = [];
  readonly beforeTo: number[] = [];
  readonly start: number;
  readonly accept: number;
  readonly #numbers = new Map<ByteSet, number>();

  private constructor() {
    this.start = this.#state();
    this.accept = this.#state();
  }

  /** Null: too large, or with references, which no automaton can tell. */
  static of(node: PatternNode): Edges | null {
    const made = new Edges();
    return made.#add(node, made.start, made.accept) ? made : null;
  }

  get size(): number {
    return this.lastFrom.length;
  }

  #state(): number {
    this.lastTo.push(-1);
    return this.lastFrom.push(-1) - 1;
  }

  #edge(from: number, by: number, to: number): true {
    const edge = this.from.push(from) - 1;
    this.to.push(to);
    this.by.push(by);
    this.beforeFrom.push(this.lastFrom[from] ?? -1);
    this.beforeTo.push(this.lastTo[to] ?? -1);
    this.lastFrom[from] = edge;
    this.lastTo[to] = edge;
    return true;
  }

  #bytes(from: number, set: ByteSet, to: number): true {
    let number = this.#numbers.get(set);
    if (number === undefined) {
      number = this.sets.push(set) - 1;
      this.#numbers.set(set, number);
    }
    return this.#edge(from, number, to);
  }

  /** Adds the node between two states; false: it has no automaton. */
  #add(node: PatternNode, from: number, to: number): boolean {
    if (this.size > stateLimit) return false;
    switch (node.kind) {
      case "byte":
        return this.#bytes(from, singleOf(node.code, node.caseless), to);
      case "set":
        return this.#bytes(from, node.set, to);
      case "sequence":
        return this.#row(node.items, from, to);
      case "alternatives":
        return node.options.every((option) => this.#add(option, from, to));
      case "group":
      case "atomic":
        return this.#add(node.body, from, to);
      case "repeat":
        return this.#repeat(node.body, node.min, node.max, from, to);
      case "conditional":
        return (
          this.#add(node.yes, from, to) &&
          (node.no === null ? this.#edge(from, anywhere, to) : this.#add(node.no, from, to))
        );
      case "assertion":
        switch (node.assertion) {
          case "start":
            return this.#edge(from, atStart, to);
          case "end":
          case "endOrNewline":
            return this.#edge(from, atEnd, to);
          default:
            return this.#edge(from, anywhere, to);
        }
      case "look":
      case "empty":
      case "verb":
        return this.#edge(from, anywhere, to);
      case "fail":
        return true;
      case "backreference":
      case "call":
        return false;
    }
  }

  #row(items: readonly PatternNode[], from: number, to: number): boolean {
    let at = from;
    for (const [index, item] of items.entries()) {
      const next = index === items.length - 1 ? to : this.#state();
      if (!this.#add(item, at, next)) return false;
      at = next;
    }
    return items.length > 0 || this.#edge(from, anywhere, to);
  }

  #repeat(body: PatternNode, min: number, max: number, from: number, to: number): boolean {
    let at = from;
    for (let count = 0; count < min; count += 1) {
      const next = this.#state();
      if (!this.#add(body, at, next)) return false;
      at = next;
    }
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#state();
      this.#edge(at, anywhere, loop);
      this.#edge(loop, anywhere, to);
      return this.#add(body, loop, loop);
    }
    for (let count = min; count < max; count += 1) {
      const next = this.#state();
      this.#edge(at, anywhere, to);
      if (!this.#add(body, at, next)) return false;
      at = next;
    }
    return this.#edge(at, anywhere, to);
  }

  /** Bytes from each state to the accepting one, at least; -1: no way leads there. */
  distances(): readonly number[] {
    const found = new Array<number>(this.size).fill(-1);
    let level = [this.accept];
    for (let distance = 0; level.length > 0; distance += 1) {
      const further: number[] = [];
      for (let at = 0; at < level.length; at += 1) {
        const state = level[at] ?? 0;
        if ((found[state] ?? 0) >= 0) continue;
        found[state] = distance;
        for (let edge = this.lastTo[state] ?? -1; edge >= 0; edge = this.beforeTo[edge] ?? -1)
          ((this.by[edge] ?? 0) < 0 ? level : further).push(this.from[edge] ?? 0);
      }
      level = further;
    }
    return found;
  }

  /** The states that are reached from a state without a byte, itself among them. */
  closure(state: number, also = anywhere): readonly number[] {
    const reached = [state];
    for (let at = 0; at < reached.length; at += 1)
      for (let edge = this.lastFrom[reached[at] ?? 0] ?? -1; edge >= 0; edge = this.beforeFrom[edge] ?? -1) {
        const by = this.by[edge] ?? 0;
        const to = this.to[edge] ?? 0;
        if ((by === anywhere || by === also) && !reached.includes(to)) reached.push(to);
      }
    return reached;
  }
}
