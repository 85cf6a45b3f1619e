import type { AmbiguityAutomaton } from "./ambiguity-automaton.js";
import { type ByteSet, emptySet, hasByte, overlaps, union } from "./byte-set.js";

/** More ways than this at once are not counted. */
const MAX_WAYS = 200;
/** More moves from state to state than this are not made. */
const MAX_MOVES = 20_000;

/**
 * Most ways in which one text can be consumed from one place on, when there is such a number and it is found soon:
 * the subset construction, with the number of ways beside every state, comes to an end. Null: it did not.
 */
export function mostWays(automaton: AmbiguityAutomaton): number | null {
  if (automaton.tooLarge) return null;
  return isDeterministic(automaton) ? 1 : new Counting(automaton).most();
}

function isDeterministic(automaton: AmbiguityAutomaton): boolean {
  if (!areApart(automaton, automaton.first)) return false;
  return automaton.states.every((_, state) => areApart(automaton, automaton.targets(state)));
}

/** Has no byte two ways among these states? */
function areApart(automaton: AmbiguityAutomaton, states: readonly number[]): boolean {
  if (states.length < 2) return true;
  let met: ByteSet = emptySet;
  for (const state of states) {
    const set = automaton.states[state]?.set ?? emptySet;
    if (overlaps(met, set)) return false;
    met = union(met, set);
  }
  return true;
}

/** A state for every way that is about to consume a byte there, in ascending order: ways of one state repeat it. */
type Ways = readonly number[];

class Counting {
  private readonly automaton: AmbiguityAutomaton;
  private readonly bytes: readonly number[];
  private readonly sets: readonly ByteSet[];
  private readonly targets: readonly (readonly number[])[];
  private readonly known = new Set<string>();
  private readonly open: Ways[] = [];
  private moves = 0;
  private largest = 1;

  constructor(automaton: AmbiguityAutomaton) {
    this.automaton = automaton;
    this.sets = automaton.states.map(({ set }) => set);
    this.targets = automaton.states.map((_, state) => automaton.targets(state));
    this.bytes = representatives(this.sets);
  }

  most(): number | null {
    this.add([...this.automaton.first]);
    for (let ways = this.open.pop(); ways !== undefined; ways = this.open.pop()) {
      for (const byte of this.bytes) {
        this.consume(ways, byte);
        if (this.moves > MAX_MOVES || this.largest > MAX_WAYS || this.automaton.tooLarge) return null;
      }
    }
    return this.largest;
  }

  private consume(ways: Ways, byte: number): void {
    const next: number[] = [];
    let count = 0;
    for (const state of ways) {
      this.moves++;
      const set = this.sets[state];
      if (set === undefined || !hasByte(set, byte)) continue;
      count++;
      for (const target of this.targets[state] ?? []) next.push(target);
    }
    if (count > this.largest) this.largest = count;
    this.moves += next.length;
    if (count > 0) this.add(next);
  }

  private add(ways: number[]): void {
    ways.sort((one, other) => one - other);
    const key = String.fromCharCode(...ways);
    if (this.known.has(key)) return;
    this.known.add(key);
    this.open.push(ways);
  }
}

/** More exits of a loop at once than this are not counted. */
const MAX_EXITS = 24;
/** Moves made for one loop at most. */
const MAX_LOOP_MOVES = 20_000;

/**
 * Most ways out of a loop, by when they left it, that are alive at once on one text, the way that stays included.
 * Null: there is no such number, or it is not found soon.
 */
export function mostExits(automaton: AmbiguityAutomaton, members: readonly number[]): number | null {
  return new ExitCounting(automaton, new Set(members)).most();
}

/** Ways that began in one state of a loop: the states of those that stayed, and of those that left, by when. */
interface Exits {
  readonly staying: readonly number[];
  readonly left: readonly (readonly number[])[];
}

class ExitCounting {
  private readonly automaton: AmbiguityAutomaton;
  private readonly members: ReadonlySet<number>;
  private readonly bytes: readonly number[];
  private readonly known = new Set<string>();
  private readonly open: Exits[] = [];
  private moves = 0;

  constructor(automaton: AmbiguityAutomaton, members: ReadonlySet<number>) {
    this.automaton = automaton;
    this.members = members;
    this.bytes = representatives(automaton.states.map(({ set }) => set));
  }

  most(): number | null {
    let most = 1;
    for (const member of this.members) this.add({ staying: [member], left: [] });
    for (let exits = this.open.pop(); exits !== undefined; exits = this.open.pop()) {
      for (const byte of this.bytes) {
        const { staying, left } = this.after(exits, byte);
        if (left.length > MAX_EXITS || this.moves > MAX_LOOP_MOVES || this.automaton.tooLarge) return null;
        most = Math.max(most, left.length + (staying.length > 0 ? 1 : 0));
        if (left.length + staying.length > 0) this.add({ staying, left });
      }
    }
    return most;
  }

  private after({ staying, left }: Exits, byte: number): Exits {
    const stayed = this.step(staying, byte);
    const leaving = stayed.filter((state) => !this.members.has(state));
    const alive = left.map((states) => this.step(states, byte)).filter((states) => states.length > 0);
    return {
      staying: stayed.filter((state) => this.members.has(state)),
      left: leaving.length === 0 ? alive : [...alive, leaving],
    };
  }

  private step(states: readonly number[], byte: number): readonly number[] {
    const next = new Set<number>();
    for (const state of states) {
      this.moves++;
      const set = this.automaton.states[state]?.set;
      if (set === undefined || !hasByte(set, byte)) continue;
      for (const target of this.automaton.targets(state)) next.add(target);
    }
    this.moves += next.size;
    return [...next].sort((one, other) => one - other);
  }

  private add(exits: Exits): void {
    // The order in which they left does not matter.
    const left = exits.left.map((states) => String.fromCharCode(...states)).sort();
    const key = [String.fromCharCode(...exits.staying), ...left].join("\uffff");
    if (this.known.has(key)) return;
    this.known.add(key);
    this.open.push(exits);
  }
}

/** One byte for each kind of bytes that the sets do not tell apart. */
function representatives(sets: readonly ByteSet[]): readonly number[] {
  const kinds = new Uint32Array(256);
  let count = 1;
  for (const set of new Set(sets)) {
    const parts = new Map<number, number>();
    for (let byte = 0; byte < 256; byte++) {
      const kind = kinds[byte] ?? 0;
      if (!hasByte(set, byte)) continue;
      const part = parts.get(kind) ?? count++;
      parts.set(kind, part);
      kinds[byte] = part;
    }
  }
  const found = new Map<number, number>();
  kinds.forEach((kind, byte) => {
    if (!found.has(kind)) found.set(kind, byte);
  });
  return [...found.values()];
}
