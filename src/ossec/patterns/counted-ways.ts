/**
 * How many ways of one text a pattern may have under way at once, counted by the subset construction with the number
 * of ways beside every state. Where ways gather in a loop without an end (`.*a.*b`: each a begins another one), the
 * automaton is cut in front of that loop, and the ways that enter it are counted by themselves, from one entry on: at
 * most so many enter at one byte, so that their number is a power of the text's length. It over-approximates: ways of
 * different entries need not be possible in the same text. test/ossec/patterns/loop-count.test.ts holds it against
 * counted steps.
 */
import type { AmbiguityAutomaton } from "./ambiguity-automaton.js";
import { type ByteSet, hasByte } from "./byte-set.js";
import { type Components, componentsOf } from "./components.js";

/** More ways than this at once are not counted. */
const MAX_WAYS = 400;
/** With more ways than this in one state of a loop, they are taken to gather there without an end. */
const MAX_SAME = 3;
/** With more moves from state to state than this from one entry on, another loop is cut off. */
const MAX_MOVES = 10_000;
/** More of them are not made in all. */
const MAX_ALL_MOVES = 100_000;

/**
 * Most ways that are about to consume a byte, by the number of loops in which they gather: at the byte `at` behind
 * the start at most the sum of `ways[loops]` times the ways to choose so many of `at + 1` places. Null: it was not
 * found, since there are exponentially many or too many to count.
 */
export function waysByLoops(automaton: AmbiguityAutomaton): readonly number[] | null {
  return automaton.tooLarge ? null : new Counting(automaton).byLoops();
}

/** The ways from the start, or from one entry of a loop on. */
interface Layer {
  /** Most of them at once. */
  readonly most: number;
  /** By loop behind a cut: most of them that enter it at one byte. */
  readonly entries: ReadonlyMap<number, number>;
}

/** A state for every way that is about to consume a byte there, in ascending order: ways of one state repeat it. */
type Ways = readonly number[];

class Counting {
  private readonly automaton: AmbiguityAutomaton;
  /** For a byte of each kind: by state, 1 if it consumes it. */
  private readonly takes: readonly Uint8Array[];
  private readonly targets: readonly (readonly number[])[];
  private readonly parts: Components;
  private readonly isLoop: Uint8Array;
  /** Loops in which ways gather. */
  private readonly cuts = new Set<number>();
  private moves = 0;

  constructor(automaton: AmbiguityAutomaton) {
    this.automaton = automaton;
    const sets = automaton.states.map(({ set }) => set);
    this.targets = automaton.states.map((_, state) => automaton.targets(state));
    this.takes = representatives(sets).map((byte) =>
      Uint8Array.from(sets, (set) => (hasByte(set, byte) ? 1 : 0)),
    );
    this.parts = componentsOf(sets.length, (state) => this.targets[state] ?? []);
    this.isLoop = new Uint8Array(this.parts.count);
    this.targets.forEach((targets, state) => {
      const part = this.partOf(state);
      if (targets.some((target) => this.partOf(target) === part)) this.isLoop[part] = 1;
    });
  }

  byLoops(): readonly number[] | null {
    for (let before = -1; before < this.cuts.size; ) {
      before = this.cuts.size;
      const found = this.ofLayers();
      if (found !== null) return this.automaton.tooLarge ? null : found;
    }
    return null;
  }

  /** Null: it was not found; another loop may have been cut off meanwhile. */
  private ofLayers(): readonly number[] | null {
    const { first } = this.automaton;
    const start = this.layer([...first], -1);
    if (start === null) return null;
    const known = new Map<number, readonly number[]>();
    // Loops that others lead to have the smaller numbers.
    for (const part of [...this.cuts].sort((one, other) => one - other)) {
      const layer = this.ofLoop(part);
      if (layer === null) return null;
      known.set(part, sumOf(layer, known));
    }
    return sumOf(start, known);
  }

  /** The worst of all entries of a loop. */
  private ofLoop(part: number): Layer | null {
    let most = 1;
    const entries = new Map<number, number>();
    for (const state of this.entriesOf(part)) {
      const layer = this.layer([state], part);
      if (layer === null) return null;
      most = Math.max(most, layer.most);
      for (const [later, count] of layer.entries) raise(entries, later, count);
    }
    return { most, entries };
  }

  private entriesOf(part: number): ReadonlySet<number> {
    const entries = new Set<number>();
    const add = (states: readonly number[]): void => {
      for (const state of states) if (this.partOf(state) === part) entries.add(state);
    };
    add(this.automaton.first);
    this.targets.forEach((targets, state) => {
      if (this.partOf(state) !== part) add(targets);
    });
    return entries;
  }

  private partOf(state: number): number {
    return this.parts.of[state] ?? 0;
  }

  /** Counts from some ways on, until they enter another loop that is cut off; null: there are too many. */
  private layer(first: Ways, own: number): Layer | null {
    const known = new KnownWays();
    const open: Ways[] = [];
    const entries = new Map<number, number>();
    let most = 1;
    const add = (ways: number[]): boolean => {
      sort(ways);
      if (ways.length > most) most = ways.length;
      if (most > MAX_WAYS || this.gathers(ways, own)) return false;
      // Fewer ways lead to no more.
      if (!known.add(ways)) return true;
      open.push(ways);
      return true;
    };
    const before = this.moves;
    if (!add(this.staying(first, own, entries))) return null;
    for (let ways = takeLongest(open); ways !== undefined; ways = takeLongest(open)) {
      for (const consuming of this.consuming(ways)) {
        const next = this.staying(this.behind(consuming), own, entries);
        if (this.moves > MAX_ALL_MOVES) return null;
        if (this.moves - before > MAX_MOVES) {
          this.cutBehind(own);
          return null;
        }
        if (next.length > 0 && !add(next)) return null;
      }
    }
    return { most, entries };
  }

  /** Those of the ways that consume the same byte, for all bytes; fewer ones are left out. */
  private consuming(ways: Ways): readonly Ways[] {
    const found: Ways[] = [];
    for (const takes of this.takes) {
      const consuming: number[] = [];
      for (const state of ways) if (takes[state] === 1) consuming.push(state);
      if (consuming.length > 0 && !found.some((others) => isPartOf(consuming, others))) found.push(consuming);
    }
    return found;
  }

  /** Where ways are once they have consumed a byte. */
  private behind(ways: Ways): Ways {
    const next: number[] = [];
    for (const state of ways) for (const target of this.targets[state] ?? []) next.push(target);
    this.moves += ways.length + next.length;
    return next;
  }

  /** Those that have not entered another loop that is cut off; the others are entries. */
  private staying(ways: Ways, own: number, entries: Map<number, number>): number[] {
    if (this.cuts.size === 0) return [...ways];
    const entering = new Map<number, number>();
    const staying = ways.filter((state) => {
      const part = this.partOf(state);
      if (part === own || !this.cuts.has(part)) return true;
      entering.set(part, (entering.get(part) ?? 0) + 1);
      return false;
    });
    for (const [part, count] of entering) raise(entries, part, count);
    return staying;
  }

  /** Cuts off the middle one of the loops behind a loop that are not. */
  private cutBehind(own: number): void {
    const loops: number[] = [];
    for (let part = 0; part < (own < 0 ? this.parts.count : own); part++)
      if (this.isLoop[part] === 1 && !this.cuts.has(part)) loops.push(part);
    const middle = loops[loops.length >> 1];
    if (middle !== undefined) this.cuts.add(middle);
  }

  /** Do more ways than are counted gather in a loop? The first one is cut off then, unless they began in it. */
  private gathers(ways: Ways, own: number): boolean {
    let first = -1;
    for (let at = MAX_SAME; at < ways.length; at++) {
      const state = ways[at] ?? 0;
      const part = this.partOf(state);
      if (ways[at - MAX_SAME] === state && this.isLoop[part] === 1) first = Math.max(first, part);
    }
    if (first >= 0 && first !== own) this.cuts.add(first);
    return first >= 0;
  }
}

/** Ways of which none are among others, so far as they were added in time. */
class KnownWays {
  readonly #all: Ways[] = [];
  /** Of each: the bits of the states in it, so that most comparisons need no look at them. */
  readonly #marks: number[] = [];

  /** False: they are among some that are known. */
  add(ways: Ways): boolean {
    let mark = 0;
    for (const state of ways) mark |= 1 << (Math.imul(state, 0x9e3779b1) >>> 27);
    const first = ways[0] ?? 0;
    const last = ways.at(-1) ?? 0;
    for (let at = this.#all.length - 1; at >= 0; at--) {
      if ((mark & ~(this.#marks[at] ?? 0)) !== 0) continue;
      const others = this.#all[at] ?? [];
      if ((others[0] ?? 0) <= first && (others.at(-1) ?? 0) >= last && isPartOf(ways, others)) return false;
    }
    this.#all.push(ways);
    this.#marks.push(mark);
    return true;
  }
}

/** Are all of these among the others? Both are in ascending order. */
function isPartOf(ways: Ways, others: Ways): boolean {
  let left = others.length - ways.length;
  if (left < 0) return false;
  for (let at = 0, other = 0; at < ways.length; at++, other++) {
    while (ways[at] !== others[other]) {
      if (--left < 0) return false;
      other++;
    }
  }
  return true;
}

/** So ways that gather are found soon. */
function takeLongest(open: Ways[]): Ways | undefined {
  let longest = open.length - 1;
  for (let at = longest - 1; at >= 0; at--) {
    if ((open[at]?.length ?? 0) > (open[longest]?.length ?? 0)) longest = at;
  }
  const last = open.pop();
  if (last === undefined || longest === open.length) return last;
  const taken = open[longest];
  open[longest] = last;
  return taken;
}

function raise(counts: Map<number, number>, key: number, count: number): void {
  if (count > (counts.get(key) ?? 0)) counts.set(key, count);
}

/** The ways of a layer, and of those behind it: one more loop each. */
function sumOf({ most, entries }: Layer, known: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const sum = [most];
  for (const [part, count] of entries) {
    (known.get(part) ?? []).forEach((ways, loops) => {
      sum[loops + 1] = (sum[loops + 1] ?? 0) + count * ways;
    });
  }
  return sum;
}

/** In ascending order; nearly all are few, and in order already. */
function sort(ways: number[]): void {
  if (ways.length > 32) {
    ways.sort((one, other) => one - other);
    return;
  }
  for (let at = 1; at < ways.length; at++) {
    const one = ways[at] ?? 0;
    let to = at;
    for (; to > 0 && (ways[to - 1] ?? 0) > one; to--) ways[to] = ways[to - 1] ?? 0;
    ways[to] = one;
  }
}

/** One byte for each kind of bytes that the sets do not tell apart. */
function representatives(sets: readonly ByteSet[]): readonly number[] {
  const kinds = new Uint8Array(256);
  for (const set of new Set(sets)) {
    // By kind: the number of those that are in the set, and of those that are not, and one more.
    const inside = new Uint16Array(256);
    const outside = new Uint16Array(256);
    let count = 0;
    for (let byte = 0; byte < 256; byte++) {
      const kind = kinds[byte] ?? 0;
      const numbers = hasByte(set, byte) ? inside : outside;
      if (numbers[kind] === 0) numbers[kind] = ++count;
      kinds[byte] = (numbers[kind] ?? 1) - 1;
    }
  }
  const found: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (kinds[byte] === found.length) found.push(byte);
  return found;
}
