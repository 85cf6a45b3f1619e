/**
 * A text that several automata agree on: a best-first walk through all of them together, towards where the fewest bytes
 * are missing. What it finds is short, not the shortest.
 */
import { hasByte } from "../ossec/patterns/byte-set.js";
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

const allCodes: readonly number[] = [...codes, ...rareCodes];

/** One byte of each kind that any of the automata tells apart. */
function alphabetOf(constraints: readonly Constraint[]): readonly number[] {
  const seen = new Set<string>();
  const kept: number[] = [];
  for (const code of allCodes) {
    let kind = "";
    for (const { automaton } of constraints) kind += String.fromCharCode(automaton.classOf[code] ?? 0);
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
  /** It was gone on from already, by the most promising bytes. */
  readonly isAgain: boolean;
}

/** Places by how promising they are; of equal ones the newest first. */
class Queue {
  readonly #levels: Place[][] = [];
  #best = 0;

  push(place: Place): void {
    const { cost } = place;
    const level = this.#levels[cost];
    if (level === undefined) this.#levels[cost] = [place];
    else level.push(place);
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

/** States of so many automata, with numbers below the limit, are told apart by one number below 2 to the power of 53. */
const mostInNumber = 5;
const numberLimit = 1023;

/** States of several automata as one number, or as text where they are too many or too large. */
function keyOf(states: readonly number[]): number | string {
  if (states.length > mostInNumber) return states.join();
  let key = 0;
  for (let at = 0; at < states.length; at += 1) {
    const state = states[at] ?? 0;
    if (state >= numberLimit) return states.join();
    key = key * (numberLimit + 1) + state + 1;
  }
  return key;
}

/** Nearly every text that is found at all is found with so many places for each byte that is missing at first. */
const stepsByByte = 4;
const fewSteps = 100;

class Walk {
  readonly #constraints: readonly Constraint[];
  readonly #alphabet: readonly number[];
  readonly #seen = new Set<number | string>();
  readonly #queue = new Queue();
  /** Of the place that is looked at: nothing is made of those that are known. */
  readonly #states: number[];
  readonly #wanted = new Uint32Array(8);

  constructor(constraints: readonly Constraint[]) {
    this.#constraints = constraints;
    this.#alphabet = alphabetOf(constraints);
    this.#states = constraints.map(({ automaton }) => automaton.first);
  }

  run(steps: number, effort: number): string | null {
    const first = this.#place(null, 0);
    if (first === null) return null;
    this.#queue.push(first);
    const most = Math.min(steps, effort * (fewSteps + stepsByByte * (first.cost >> 2)));
    for (let step = 0; step < most; step += 1) {
      const place = this.#queue.take();
      if (place === null) return null;
      if (place.isAgain) {
        this.#goOn(place, false);
        continue;
      }
      if (this.#isEnd(place.states)) return textOf(place);
      this.#goOn(place, true);
      // All other bytes, where these lead to nothing.
      this.#queue.push({ ...place, cost: place.cost + 3, isAgain: true });
    }
    return null;
  }

  /** @param advances - by those bytes by which one of the automata misses less; else by the others */
  #goOn(place: Place, advances: boolean): void {
    const constraints = this.#constraints;
    const further: Place[] = [];
    const wanted = this.#wanted.fill(0);
    for (let at = 0; at < constraints.length; at += 1) {
      const constraint = constraints[at];
      if (constraint === undefined || constraint.negated) continue;
      const set = constraint.automaton.advancing(place.states[at] ?? -1);
      for (let word = 0; word < 8; word += 1) wanted[word] = (wanted[word] ?? 0) | (set[word] ?? 0);
    }
    for (const code of this.#alphabet) {
      if (hasByte(wanted, code) !== advances) continue;
      for (let at = 0; at < constraints.length; at += 1) {
        const state = place.states[at] ?? -1;
        this.#states[at] = state < 0 ? -1 : (constraints[at]?.automaton.next(state, code) ?? -1);
      }
      const next = this.#place(place, code);
      if (next !== null) further.push(next);
    }
    // The best byte last, so that it is taken first.
    for (let at = further.length - 1; at >= 0; at -= 1) {
      const next = further[at];
      if (next !== undefined) this.#queue.push(next);
    }
  }

  /** The place with {@link #states}; null: it is known, or no way leads on. */
  #place(before: Place | null, code: number): Place | null {
    const states = this.#states;
    const left = this.#missing(states);
    if (left === null) return null;
    const key = keyOf(states);
    const length = before === null ? 0 : before.length + 1;
    if (length > longestText || this.#seen.has(key)) return null;
    this.#seen.add(key);
    return { states: states.slice(), before, code, length, cost: left * 4 + length, isAgain: false };
  }

  /** How far states are from an end; null: no way leads there. */
  #missing(states: readonly number[]): number | null {
    const constraints = this.#constraints;
    let total = 0;
    for (let at = 0; at < constraints.length; at += 1) {
      const constraint = constraints[at];
      if (constraint === undefined) continue;
      const { automaton, negated } = constraint;
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

  #isEnd(states: readonly number[]): boolean {
    return this.#constraints.every(({ automaton, negated }, at) => {
      const state = states[at] ?? -1;
      return (state >= 0 && automaton.accepts(state)) !== negated;
    });
  }
}

/**
 * A text that meets all constraints; null: none was found.
 *
 * @param steps - places looked at before it gives up
 * @param effort - below 1: it gives up earlier where texts of that length are mostly found by then
 */
export function solve(constraints: readonly Constraint[], steps: number, effort = 1): string | null {
  return new Walk(constraints).run(steps, effort);
}
