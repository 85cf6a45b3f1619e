/**
 * A tree as states and edges between them (Thompson's construction). What is no regular language (look-around, word
 * boundaries) is passed over: it then takes too much, and who uses it asks the engine.
 */
import type { PatternNode } from "../ossec/patterns/ast.js";
import { type Bytes, bytesOf, singleOf } from "./byte-classes.js";

/** Larger ones are not made. */
const stateLimit = 6000;

/** What an edge takes that takes no byte: it leads on anywhere, or only at the start or the end of the text. */
export const anywhere = -1;
export const atStart = -2;
export const atEnd = -3;

/** Edges as they are added, in memory that is used again for the next tree. */
class Adding {
  states = 0;
  count = 0;
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly by: number[] = [];
  sets: Bytes[] = [];
  readonly #numbers = new Map<Bytes, number>();

  clear(): void {
    this.states = 0;
    this.count = 0;
    this.sets = [];
    this.#numbers.clear();
  }

  state(): number {
    this.states += 1;
    return this.states - 1;
  }

  #edge(from: number, by: number, to: number): true {
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.by[this.count] = by;
    this.count += 1;
    return true;
  }

  #bytes(from: number, bytes: Bytes, to: number): true {
    let number = this.#numbers.get(bytes);
    if (number === undefined) {
      number = this.sets.push(bytes) - 1;
      this.#numbers.set(bytes, number);
    }
    return this.#edge(from, number, to);
  }

  /** Adds the node between two states; false: it has no automaton. */
  add(node: PatternNode, from: number, to: number): boolean {
    if (this.states > stateLimit) return false;
    switch (node.kind) {
      case "byte":
        return this.#bytes(from, singleOf(node.code, node.caseless), to);
      case "set":
        return this.#bytes(from, bytesOf(node.set), to);
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
          (node.no === null ? this.#edge(from, anywhere, to) : this.add(node.no, from, to))
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
    const last = items.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const item = items[index];
      if (item === undefined) continue;
      const next = index === last ? to : this.state();
      if (!this.add(item, at, next)) return false;
      at = next;
    }
    return last >= 0 || this.#edge(from, anywhere, to);
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
      this.#edge(at, anywhere, loop);
      this.#edge(loop, anywhere, to);
      return this.add(body, loop, loop);
    }
    for (let count = min; count < max; count += 1) {
      const next = this.state();
      this.#edge(at, anywhere, to);
      if (!this.add(body, at, next)) return false;
      at = next;
    }
    return this.#edge(at, anywhere, to);
  }
}

const adding = new Adding();

/** By state the last edge that leads to it, by edge the one before it: -1 for none. */
const lastTo: number[] = [];
const beforeTo: number[] = [];

/** States of one distance, and of the next one. */
const levels: readonly [number[], number[]] = [[], []];

/** Bytes from each state to the accepting one, at least; -1: no way leads there. */
function distances({ states, count, from, to, by }: Adding, accept: number): Int32Array {
  for (let state = 0; state < states; state += 1) lastTo[state] = -1;
  for (let edge = 0; edge < count; edge += 1) {
    const state = to[edge] ?? 0;
    beforeTo[edge] = lastTo[state] ?? -1;
    lastTo[state] = edge;
  }
  const found = new Int32Array(states).fill(-1);
  let level = levels[0];
  let further = levels[1];
  level[0] = accept;
  for (let distance = 0, count = 1; count > 0; distance += 1) {
    let more = 0;
    for (let at = 0; at < count; at += 1) {
      const state = level[at] ?? 0;
      if ((found[state] ?? 0) >= 0) continue;
      found[state] = distance;
      for (let edge = lastTo[state] ?? -1; edge >= 0; edge = beforeTo[edge] ?? -1) {
        if ((by[edge] ?? 0) < 0) level[count++] = from[edge] ?? 0;
        else further[more++] = from[edge] ?? 0;
      }
    }
    [level, further] = [further, level];
    count = more;
  }
  return found;
}

/** By state where its edges begin, and where those of the last one end; behind it by edge what it takes and leads to. */
function graphOf({ states, count, from, to, by }: Adding): Int32Array {
  const graph = new Int32Array(states + 1 + 2 * count);
  for (let edge = 0; edge < count; edge += 1) {
    const state = from[edge] ?? 0;
    graph[state] = (graph[state] ?? 0) + 2;
  }
  let end = states + 1;
  for (let state = 0; state < states; state += 1) {
    end += graph[state] ?? 0;
    graph[state] = end;
  }
  graph[states] = end;
  for (let edge = 0; edge < count; edge += 1) {
    const state = from[edge] ?? 0;
    const at = (graph[state] ?? 0) - 2;
    graph[state] = at;
    graph[at] = by[edge] ?? anywhere;
    graph[at + 1] = to[edge] ?? 0;
  }
  return graph;
}

/** The states of a tree, from 0 on, and edges between them. */
export class Edges {
  readonly start = 0;
  readonly accept = 1;
  readonly states: number;
  /** What edges take that take a byte. */
  readonly sets: readonly Bytes[];
  /** By state: bytes that are missing at least; -1: no way leads to the accepting one. */
  readonly missing: Int32Array;
  /** See {@link graphOf}: what an edge takes is a place in {@link sets}, or one of the numbers below 0 above. */
  readonly graph: Int32Array;

  private constructor(added: Adding) {
    this.states = added.states;
    this.sets = added.sets;
    this.missing = distances(added, this.accept);
    this.graph = graphOf(added);
  }

  /** Null: too large, or with references, which no automaton can tell. */
  static of(node: PatternNode): Edges | null {
    adding.clear();
    const start = adding.state();
    const accept = adding.state();
    return adding.add(node, start, accept) ? new Edges(adding) : null;
  }

  /** The states that are reached from a state without a byte, itself among them. */
  closure(state: number, also = anywhere): readonly number[] {
    const { graph } = this;
    const reached = [state];
    for (let at = 0; at < reached.length; at += 1) {
      const one = reached[at] ?? 0;
      const end = graph[one + 1] ?? 0;
      for (let edge = graph[one] ?? end; edge < end; edge += 2) {
        const by = graph[edge] ?? 0;
        const to = graph[edge + 1] ?? 0;
        if ((by === anywhere || by === also) && !reached.includes(to)) reached.push(to);
      }
    }
    return reached;
  }

  /** Does nothing lead on from the state without a byte? */
  isAlone(state: number): boolean {
    const { graph } = this;
    const end = graph[state + 1] ?? 0;
    for (let edge = graph[state] ?? end; edge < end; edge += 2) if (graph[edge] === anywhere) return false;
    return true;
  }
}
