/**
 * A text that several automata agree on: a best-first walk through all of them together, towards where the fewest bytes
 * are missing. What it finds is short, not the shortest.
 */
import type { TextAutomaton } from "./automaton.js";

export interface Constraint {
  readonly automaton: TextAutomaton;
  /** The text must not be one that it takes; it is then a search, which goes on behind what it found. */
  readonly negated: boolean;
}

/** Printable ASCII, what reads best first; then what only a pattern that names it needs. */
const codes: readonly number[] = [
  ..."xyaeiounrstldcmbpghfkvwjqz 5012346789XYABCDEFGHIJKLMNOPQRSTUVWZ-_./:,=;@#+()[]{}'\"<>*?!|&$%^~`\\",
].map((character) => character.charCodeAt(0));
const rareCodes: readonly number[] = [
  9,
  10,
  13,
  0xc3,
  0xa4,
  ...Array.from({ length: 128 }, (_, at) => at + 128),
];

/** One byte of each kind that any of the automata tells apart. */
function alphabetOf(constraints: readonly Constraint[]): readonly number[] {
  const seen = new Set<string>();
  const kept: number[] = [];
  for (const code of [...codes, ...rareCodes]) {
    let kind = "";
    for (const { automaton } of constraints) kind += `${automaton.classOf[code]} `;
    if (seen.has(kind)) continue;
    seen.add(kind);
    kept.push(code);
  }
  return kept;
}

interface Place {
  readonly states: readonly number[];
  readonly before: Place | null;
  readonly code: number;
  readonly length: number;
  readonly cost: number;
}

/** Places by how promising they are; of equal ones the newest first. */
class Queue {
  readonly #levels: Place[][] = [];
  #best = 0;

  push(place: Place): void {
    const { cost } = place;
    const level = (this.#levels[cost] ??= []);
    level.push(place);
    if (cost < this.#best) this.#best = cost;
  }

  take(): Place | null {
    for (; this.#best < this.#levels.length; this.#best += 1) {
      const place = this.#levels[this.#best]?.pop();
      if (place !== undefined) return place;
    }
    return null;
  }
}

/** Longer texts are not looked for. */
const longestText = 8000;

function textOf(place: Place): string {
  const units: number[] = [];
  for (let at: Place | null = place; at !== null && at.before !== null; at = at.before) units.push(at.code);
  return String.fromCharCode(...units.reverse());
}

/** How far a place is from an end; null: no way leads there. */
function missing(constraints: readonly Constraint[], states: readonly number[]): number | null {
  let total = 0;
  for (const [at, { automaton, negated }] of constraints.entries()) {
    const state = states[at] ?? -1;
    if (negated) {
      if (state >= 0 && automaton.found(state)) return null;
      continue;
    }
    const distance = state < 0 ? Number.POSITIVE_INFINITY : automaton.distance(state);
    if (distance === Number.POSITIVE_INFINITY) return null;
    total += distance;
  }
  return total;
}

function isEnd(constraints: readonly Constraint[], states: readonly number[]): boolean {
  return constraints.every(({ automaton, negated }, at) => {
    const state = states[at] ?? -1;
    return (state >= 0 && automaton.accepts(state)) !== negated;
  });
}

/**
 * A text that meets all constraints; null: none was found.
 *
 * @param steps - places looked at before it gives up
 */
export function solve(constraints: readonly Constraint[], steps: number): string | null {
  const alphabet = alphabetOf(constraints);
  const seen = new Set<string>();
  const queue = new Queue();
  const placeAt = (states: readonly number[], before: Place | null, code: number): Place | null => {
    const left = missing(constraints, states);
    if (left === null) return null;
    const key = states.join();
    const length = before === null ? 0 : before.length + 1;
    if (length > longestText || seen.has(key)) return null;
    seen.add(key);
    return { states, before, code, length, cost: left * 4 + length };
  };
  const first = placeAt(
    constraints.map(({ automaton }) => automaton.first),
    null,
    0,
  );
  if (first !== null) queue.push(first);
  for (let step = 0; step < steps; step += 1) {
    const place = queue.take();
    if (place === null) return null;
    if (isEnd(constraints, place.states)) return textOf(place);
    const further: Place[] = [];
    for (const code of alphabet) {
      const states: number[] = [];
      for (let index = 0; index < constraints.length; index += 1) {
        const state = place.states[index] ?? -1;
        states.push(state < 0 ? -1 : (constraints[index]?.automaton.next(state, code) ?? -1));
      }
      const next = placeAt(states, place, code);
      if (next !== null) further.push(next);
    }
    // The best byte last, so that it is taken first.
    for (let at = further.length - 1; at >= 0; at -= 1) {
      const next = further[at];
      if (next !== undefined) queue.push(next);
    }
  }
  return null;
}
