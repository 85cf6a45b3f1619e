import type { AmbiguityAutomaton, State } from "./ambiguity-automaton.js";
import { type ByteSet, intersection, isEmptySet, overlaps } from "./byte-set.js";
import { type Components, componentsOf } from "./components.js";

/** More pairs of states than this are not looked at. */
const MAX_PAIRS = 20_000;
/** More edges between them than this are not looked at. */
const MAX_EDGES = 200_000;
/** More triples of states than this are not looked at. */
const MAX_TRIPLES = 50_000;

/** How the number of ways grows in which one text can be consumed from one place on. */
export type Ambiguity =
  | { readonly kind: "exponential" }
  /** Larger than what is looked at. */
  | { readonly kind: "unknown" }
  | {
      readonly kind: "polynomial";
      /** The longest chain of loops each of which can give to the next: offsets of their quantifiers. */
      readonly chain: readonly number[];
    };

/**
 * How many ways there are to consume a text (Weber and Seidl, On the degree of ambiguity of finite automata, 1991):
 * exponentially many when a state can come back to itself on one text in two ways (EDA), and otherwise a power that
 * a chain of loops explains, each of which can hand over to the next at many places of one text (IDA).
 *
 * EDA is decided exactly for the automaton, from the pairs of states that two ways of one text may be in; IDA up to a
 * size. Both are what people read: no bound of steps rests on them (see counted-ways.ts), since their constants are
 * unknown. test/ossec/patterns/growth.test.ts holds them against known patterns.
 */
export function ambiguityOf(automaton: AmbiguityAutomaton): Ambiguity {
  if (automaton.tooLarge) return { kind: "unknown" };
  const pairs = new Pairs(automaton);
  if (pairs.tooMany || automaton.tooLarge) return { kind: "unknown" };
  if (pairs.areExponential()) return { kind: "exponential" };
  return { kind: "polynomial", chain: new Loops(automaton, pairs).longestChain() };
}

/**
 * Pairs of states that two ways of one text may be in. Those of two equal states are where all begin, and have the
 * numbers of the states.
 */
class Pairs {
  private readonly automaton: AmbiguityAutomaton;
  private readonly states: readonly State[];
  private readonly numbers = new Map<number, number>();
  private readonly firsts: number[] = [];
  private readonly seconds: number[] = [];
  private readonly edges: number[][] = [];
  /** Two ways lead from one of equal states to one of equal states. */
  private readonly doubles: [number, number][] = [];
  private edgeCount = 0;
  readonly components: Components;
  tooMany = false;

  constructor(automaton: AmbiguityAutomaton) {
    this.automaton = automaton;
    this.states = automaton.states;
    for (let state = 0; state < this.states.length; state++) this.number(state, state);
    for (let pair = 0; pair < this.firsts.length && !this.tooMany; pair++) this.expand(pair);
    this.components = componentsOf(this.firsts.length, (pair) => this.next(pair));
  }

  get count(): number {
    return this.firsts.length;
  }

  statesOf(pair: number): readonly [number, number] {
    return [this.firsts[pair] ?? 0, this.seconds[pair] ?? 0];
  }

  private number(one: number, other: number): number {
    const first = Math.min(one, other);
    const second = Math.max(one, other);
    const key = first * this.states.length + second;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.firsts.length;
    this.numbers.set(key, number);
    this.firsts.push(first);
    this.seconds.push(second);
    this.edges.push([]);
    if (number > MAX_PAIRS) this.tooMany = true;
    return number;
  }

  private expand(pair: number): void {
    const [first, second] = this.statesOf(pair);
    if (first === second) this.diverge(pair, first);
    else {
      for (const one of this.automaton.targets(first)) {
        for (const other of this.automaton.targets(second)) this.connect(pair, one, other);
      }
    }
  }

  /** From equal states: on together, or from here on apart. */
  private diverge(pair: number, state: number): void {
    const targets = this.automaton.targets(state);
    const apart = this.states[state]?.atomic !== true;
    targets.forEach((one, index) => {
      this.connect(pair, one, one);
      if (!apart || this.tooMany) return;
      for (const other of targets.slice(index + 1)) {
        if (one === other) this.doubles.push([pair, this.number(one, one)]);
        else this.connect(pair, one, other);
      }
    });
  }

  private connect(pair: number, one: number, other: number): void {
    if (this.tooMany || !overlaps(this.setOf(one), this.setOf(other))) return;
    this.edges[pair]?.push(this.number(one, other));
    if (++this.edgeCount > MAX_EDGES) this.tooMany = true;
  }

  setOf(state: number): ByteSet {
    const set = this.states[state]?.set;
    if (set === undefined) throw new Error("bug: a state that is none");
    return set;
  }

  /** Can two ways part from a state and both come back to it? */
  areExponential(): boolean {
    const { of, count } = this.components;
    const equal = new Uint8Array(count);
    const apart = new Uint8Array(count);
    for (let pair = 0; pair < this.count; pair++) {
      const [first, second] = this.statesOf(pair);
      const marks = first === second ? equal : apart;
      marks[of[pair] ?? 0] = 1;
    }
    if (equal.some((mark, component) => mark === 1 && apart[component] === 1)) return true;
    return this.doubles.some(([from, to]) => of[from] === of[to]);
  }

  next(pair: number): readonly number[] {
    return this.edges[pair] ?? [];
  }

  /** Can the two go round together? */
  goesRound(pair: number): boolean {
    const own = this.components.of[pair];
    return this.next(pair).some((next) => this.components.of[next] === own);
  }
}

/** The strongly connected parts of an automaton: loops, and single states. */
class Loops {
  private readonly automaton: AmbiguityAutomaton;
  private readonly pairs: Pairs;
  private readonly parts: Components;
  private readonly isLoop: Uint8Array;
  /** By part: the later loops that it can hand over to at many places of one text (IDA). */
  private readonly rivals: Set<number>[];
  private triples = 0;

  constructor(automaton: AmbiguityAutomaton, pairs: Pairs) {
    this.automaton = automaton;
    this.pairs = pairs;
    this.parts = componentsOf(automaton.states.length, (state) => automaton.targets(state));
    this.isLoop = new Uint8Array(this.parts.count);
    this.rivals = Array.from({ length: this.parts.count }, () => new Set<number>());
    this.findLoops();
    this.findRivals();
  }

  private partOf(state: number): number {
    return this.parts.of[state] ?? 0;
  }

  private findLoops(): void {
    for (let state = 0; state < this.automaton.states.length; state++) {
      const part = this.partOf(state);
      if (this.automaton.targets(state).some((next) => this.partOf(next) === part)) this.isLoop[part] = 1;
    }
  }

  /** Follows the ways that part inside of a loop, as long as one of the two stays in it. */
  private findRivals(): void {
    const { pairs } = this;
    const begun: number[][] = Array.from({ length: this.parts.count }, () => []);
    for (let state = 0; state < this.automaton.states.length; state++) {
      const part = this.partOf(state);
      if (this.isLoop[part] === 1) begun[part]?.push(state);
    }
    begun.forEach((open, part) => {
      const met = new Set(open);
      for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
        for (const next of pairs.next(pair)) {
          if (met.has(next)) continue;
          met.add(next);
          const [first, second] = pairs.statesOf(next);
          const [one, other] = [this.partOf(first), this.partOf(second)];
          if (one !== part && other !== part) continue;
          open.push(next);
          if (one !== other) this.findRival(part, one === part ? other : one, next);
        }
      }
    });
  }

  private findRival(loop: number, later: number, pair: number): void {
    if (this.isLoop[later] === 0 || !this.pairs.goesRound(pair)) return;
    const [first, second] = this.pairs.statesOf(pair);
    const [p, q] = this.partOf(first) === loop ? [first, second] : [second, first];
    if (this.rivals[loop]?.has(later) === false && this.handsOver(p, q)) this.rivals[loop]?.add(later);
  }

  /** Is there one text that leads from p to p, from p to q and from q to q? True also when it is not found out. */
  private handsOver(p: number, q: number): boolean {
    const size = this.automaton.states.length;
    const met = new Set<number>();
    const open: (readonly [number, number, number])[] = [[p, p, q]];
    const [loop, later] = [this.partOf(p), this.partOf(q)];
    for (let triple = open.pop(); triple !== undefined; triple = open.pop()) {
      if (++this.triples > MAX_TRIPLES) return true;
      const [stays, leaves, stayed] = triple;
      for (const one of this.automaton.targets(stays)) {
        if (this.partOf(one) !== loop) continue;
        for (const three of this.automaton.targets(stayed)) {
          if (this.partOf(three) !== later) continue;
          const common = intersection(this.pairs.setOf(one), this.pairs.setOf(three));
          if (isEmptySet(common)) continue;
          for (const two of this.automaton.targets(leaves)) {
            if (!overlaps(common, this.pairs.setOf(two))) continue;
            if (one === p && two === q && three === q) return true;
            const key = (one * size + two) * size + three;
            if (met.has(key)) continue;
            met.add(key);
            open.push([one, two, three]);
          }
        }
      }
    }
    return false;
  }

  longestChain(): readonly number[] {
    const chains: (readonly number[])[] = [];
    let longest: readonly number[] = [];
    for (let part = 0; part < this.parts.count; part++) {
      if (this.isLoop[part] === 0) continue;
      let best: readonly number[] = [];
      for (const rival of this.rivals[part] ?? []) {
        const chain = chains[rival] ?? [];
        if (chain.length > best.length) best = chain;
      }
      const state = this.parts.of.indexOf(part);
      const chain = [this.automaton.states[state]?.loops[0] ?? 0, ...best];
      chains[part] = chain;
      if (chain.length > longest.length) longest = chain;
    }
    return longest;
  }
}
