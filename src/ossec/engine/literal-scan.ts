/**
 * One pass over a line that tells which patterns can match it: every pattern that cannot match without one
 * of a few literals gets a gate; a gate that stays shut spares the regular expression. (Aho and Corasick's
 * automaton over the literals of all gates, letter case ignored.)
 */
import type { Matcher } from "../patterns/index.js";

/** A shut gate: the pattern matches nothing in the line. */
export type GateState = "shut" | "open";

/** Patterns whose shortest literal is shorter are not worth a gate. */
const shortestLiteral = 2;

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

interface Node {
  readonly next: Map<number, number>;
  readonly gates: number[];
}

/** Collects gates, then becomes a {@link LiteralScan}. */
export class GateBuilder {
  readonly #gates = new Map<Matcher, number>();
  readonly #nodes: Node[] = [{ next: new Map(), gates: [] }];
  readonly #enabled: boolean;

  /** @param enabled - false: no gates at all, every pattern is run */
  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }

  /** Number of the gate of a pattern on the line; -1: it has none, run the pattern. */
  gate(matcher: Matcher | null): number {
    if (!this.#enabled || matcher === null) return -1;
    const known = this.#gates.get(matcher);
    if (known !== undefined) return known;
    const literals = matcher.requiredLiterals;
    if (literals === null || literals.some(({ length }) => length < shortestLiteral)) return -1;
    const gate = this.#gates.size;
    this.#gates.set(matcher, gate);
    for (const literal of literals) this.#add(literal, gate);
    return gate;
  }

  #add(literal: string, gate: number): void {
    let at = 0;
    for (let index = 0; index < literal.length; index += 1) {
      const code = lower(literal.charCodeAt(index));
      const node = this.#nodes[at];
      let next = node?.next.get(code);
      if (next === undefined) {
        next = this.#nodes.length;
        this.#nodes.push({ next: new Map(), gates: [] });
        node?.next.set(code, next);
      }
      at = next;
    }
    this.#nodes[at]?.gates.push(gate);
  }

  build(): LiteralScan {
    return new LiteralScan(this.#nodes, this.#gates.size);
  }
}

/** The automaton. Its answers are those of the last line that {@link LiteralScan.scan} read. */
export class LiteralScan {
  /** Byte to class of bytes; class 0: in no literal. */
  readonly #classOf = new Uint8Array(256);
  readonly #classes: number;
  /** State and class of byte to the next state: twice its row in this table, plus 1 when gates end there. */
  readonly #next: Int32Array;
  /** First gate of a state in {@link #gateList}, by state; -1: none here or on its suffixes. */
  readonly #firstGate: Int32Array;
  readonly #gateList: Int32Array;
  readonly #opened: Int32Array;
  readonly #seenState: Int32Array;
  #line = 0;

  constructor(nodes: readonly Node[], gates: number) {
    let classes = 1;
    const codes = new Set<number>();
    for (const { next } of nodes) for (const code of next.keys()) codes.add(code);
    for (const code of codes) {
      this.#classOf[code] = classes;
      if (code >= 97 && code <= 122) this.#classOf[code - 32] = classes;
      classes += 1;
    }
    this.#classes = classes;
    this.#next = new Int32Array(nodes.length * classes);
    this.#firstGate = new Int32Array(nodes.length).fill(-1);
    this.#opened = new Int32Array(gates);
    this.#seenState = new Int32Array(nodes.length);
    this.#gateList = this.#link(nodes);
    this.#encodeRows();
  }

  #encodeRows(): void {
    const next = this.#next;
    const classes = this.#classes;
    for (let at = 0; at < next.length; at += 1) {
      const row = next[at] ?? 0;
      if (row !== 0) next[at] = row * 2 + ((this.#firstGate[row / classes] ?? -1) >= 0 ? 1 : 0);
    }
  }

  /** Fills the transitions breadth first; returns the flat list of gates by state, each ended by -1. */
  #link(nodes: readonly Node[]): Int32Array {
    const { length } = nodes;
    const suffix = new Int32Array(length);
    const list: number[] = [];
    const queue = [0];
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] ?? 0;
      const node = nodes[state];
      const fallback = suffix[state] ?? 0;
      const row = state * this.#classes;
      if (state !== 0) {
        const from = fallback * this.#classes;
        this.#next.copyWithin(row, from, from + this.#classes);
      }
      for (const [code, child] of node?.next ?? []) {
        const edge = row + (this.#classOf[code] ?? 0);
        suffix[child] = state === 0 ? 0 : Math.floor((this.#next[edge] ?? 0) / this.#classes);
        this.#next[edge] = child * this.#classes;
        queue.push(child);
      }
      const inherited = this.#firstGate[fallback] ?? -1;
      const own = node?.gates ?? [];
      if (own.length === 0 || state === 0) {
        if (state !== 0) this.#firstGate[state] = inherited;
        continue;
      }
      this.#firstGate[state] = list.length;
      list.push(...own);
      if (inherited >= 0) list.push(...list.slice(inherited, list.indexOf(-1, inherited)));
      list.push(-1);
    }
    return Int32Array.from(list);
  }

  /** Reads `text` from byte `from` on and opens the gates of the literals in it. */
  scan(text: string, from: number): void {
    this.#line += 1;
    const next = this.#next;
    const classOf = this.#classOf;
    const { length } = text;
    let row = 0;
    for (let at = from; at < length; at += 1) {
      // A row number with its lowest bit set: gates end here.
      row = next[(row >> 1) + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
      if ((row & 1) !== 0) this.#open((row >> 1) / this.#classes);
    }
  }

  #open(state: number): void {
    const line = this.#line;
    if (this.#seenState[state] === line) return;
    this.#seenState[state] = line;
    for (let at = this.#firstGate[state] ?? -1; ; at += 1) {
      const gate = this.#gateList[at] ?? -1;
      if (gate < 0) return;
      this.#opened[gate] = line;
    }
  }

  /** May the pattern of this gate match the line? */
  isOpen(gate: number): boolean {
    return this.#opened[gate] === this.#line;
  }
}
