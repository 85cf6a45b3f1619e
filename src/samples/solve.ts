/**
 * A text that several automata agree on: a best-first walk through all of them together, towards where the fewest bytes
 * are missing. What it finds is short, not the shortest.
 */
import type { TextAutomaton } from "./automaton.js";
import { refine } from "./byte-classes.js";
import { Places } from "./places.js";

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
/** All that is needed of them where nothing tells bytes beyond ASCII apart. */
const fewCodes: readonly number[] = allCodes.slice(0, codes.length + 4);

/** One byte of each kind that any of the automata tells apart. */
function alphabetOf(constraints: readonly Constraint[]): readonly number[] {
  const kinds = new Uint8Array(256);
  const order = constraints.every(({ automaton }) => automaton.isAscii) ? fewCodes : allCodes;
  for (const { automaton } of constraints) refine(kinds, automaton.classOf, order);
  const kept: number[] = [];
  for (const code of order) if (kinds[code] === kept.length) kept.push(code);
  return kept;
}

/** Longer texts are not looked for. */
const longestText = 8000;

/** Nearly every text that is found at all is found with so many places for each byte that is missing at first. */
const stepsByByte = 4;
const fewSteps = 100;

const empty = new Int32Array(0);

/** No walk begins before the last one ended, so that all use the same. */
const places = new Places();

/** How far states are from an end; -1: no way leads there. */
function missing(constraints: readonly Constraint[], states: Int32Array): number {
  let total = 0;
  for (let at = 0; at < constraints.length; at += 1) {
    const constraint = constraints[at];
    if (constraint === undefined) continue;
    const { automaton, negated } = constraint;
    const state = states[at] ?? -1;
    if (negated) {
      if (state >= 0 && automaton.found(state)) return -1;
      continue;
    }
    const distance = automaton.distance(state);
    if (distance < 0) return -1;
    total += distance;
  }
  return total;
}

/**
 * What a search came to. Without a text: with more than these steps it may find one; with one: it was found after so
 * many.
 */
interface Outcome {
  readonly text: string | null;
  readonly steps: number;
}

const none: Outcome = { text: null, steps: Number.POSITIVE_INFINITY };

class Walk {
  readonly #constraints: readonly Constraint[];
  readonly #alphabet: readonly number[];
  /** By byte of the alphabet and automaton: the byte's class. */
  readonly #kinds: Uint8Array;
  /** By automaton: its state in the place that is looked at, where that one's row begins, and its table. */
  readonly #states: Int32Array;
  readonly #rows: Int32Array;
  /** The states that the byte before led to. */
  readonly #last: Int32Array;
  readonly #tables: Int32Array[];

  constructor(constraints: readonly Constraint[], first: Int32Array) {
    const width = constraints.length;
    this.#constraints = constraints;
    this.#alphabet = alphabetOf(constraints);
    this.#kinds = new Uint8Array(this.#alphabet.length * width);
    for (let at = 0; at < width; at += 1) {
      const classOf = constraints[at]?.automaton.classOf ?? this.#kinds;
      for (let letter = 0; letter < this.#alphabet.length; letter += 1)
        this.#kinds[letter * width + at] = classOf[this.#alphabet[letter] ?? 0] ?? 0;
    }
    this.#states = first;
    this.#rows = new Int32Array(width);
    this.#last = new Int32Array(width);
    this.#tables = constraints.map(({ automaton }) => automaton.table);
  }

  run(left: number, most: number): Outcome {
    places.clear(this.#constraints.length);
    places.add(this.#states, -1, 0, left);
    places.wait(0, false);
    for (let step = 0; step < most; step += 1) {
      const entry = places.take();
      if (entry < 0) return none;
      const place = entry >> 1;
      // It was gone on from already, by the most promising bytes: now by all others, as these led to nothing.
      if ((entry & 1) === 1) this.#goOn(place, false);
      else {
        if (this.#isEnd(place)) return { text: places.text(place), steps: step };
        this.#goOn(place, true);
        places.wait(place, true);
      }
    }
    return { text: null, steps: most };
  }

  /** @param advances - by those bytes by which one of the automata misses less; else by the others */
  #goOn(place: number, advances: boolean): void {
    if (places.length(place) >= longestText) return;
    const constraints = this.#constraints;
    const states = this.#states;
    const rows = this.#rows;
    const tables = this.#tables;
    const kinds = this.#kinds;
    const width = constraints.length;
    for (let at = 0; at < width; at += 1) {
      const state = places.state(place, at);
      rows[at] = state < 0 ? -1 : (constraints[at]?.automaton.row(state) ?? -1);
    }
    // Rows that were made may have moved the tables.
    for (let at = 0; at < width; at += 1) tables[at] = constraints[at]?.automaton.table ?? empty;
    const last = this.#last.fill(-2);
    const firstNew = places.count;
    const letters = this.#alphabet.length;
    for (let letter = 0; letter < letters; letter += 1) {
      let isNearer = 0;
      let at = 0;
      for (; at < width; at += 1) {
        const row = rows[at] ?? -1;
        const cell = row < 0 ? -2 : (tables[at]?.[row + (kinds[letter * width + at] ?? 0)] ?? -2);
        states[at] = cell >> 1;
        if (constraints[at]?.negated === true) continue;
        if (cell < 0) break;
        isNearer |= cell & 1;
      }
      if (at < width || (isNearer === 1) !== advances) continue;
      // Many bytes lead to the same place.
      let isOther = false;
      for (let each = 0; each < width; each += 1) {
        if (last[each] === states[each]) continue;
        last[each] = states[each] ?? -1;
        isOther = true;
      }
      if (!isOther) continue;
      const left = missing(constraints, states);
      if (left >= 0) places.add(states, place, this.#alphabet[letter] ?? 0, left);
    }
    // The best byte last, so that it is taken first.
    for (let next = places.count - 1; next >= firstNew; next -= 1) places.wait(next, false);
  }

  #isEnd(place: number): boolean {
    return this.#constraints.every(({ automaton, negated }, at) => {
      const state = places.state(place, at);
      return (state >= 0 && automaton.accepts(state)) !== negated;
    });
  }
}

/** Outcomes by the first automaton, and by all of them: half of all searches were made before. */
const known = new WeakMap<TextAutomaton, Map<string, Outcome>>();

/**
 * A text that meets all constraints; null: none was found.
 *
 * @param steps - places looked at before it gives up
 * @param effort - below 1: it gives up earlier where texts of that length are mostly found by then
 */
export function solve(constraints: readonly Constraint[], steps: number, effort = 1): string | null {
  return constraints.length === 0 ? "" : outcomeOf(constraints, steps, effort).text;
}

/** Is it certain that no text meets all constraints? As far as their automata tell what they stand for. */
export function isUnsolvable(constraints: readonly Constraint[], steps: number): boolean {
  return outcomeOf(constraints, steps, 1).steps === Number.POSITIVE_INFINITY;
}

function outcomeOf(constraints: readonly Constraint[], steps: number, effort: number): Outcome {
  const first = new Int32Array(constraints.length);
  let key = "";
  for (let at = 0; at < constraints.length; at += 1) {
    const constraint = constraints[at];
    if (constraint === undefined) continue;
    first[at] = constraint.automaton.first;
    key += constraint.negated ? `-${constraint.automaton.number}` : ` ${constraint.automaton.number}`;
  }
  const left = missing(constraints, first);
  const [one] = constraints;
  if (left < 0 || one === undefined) return none;
  const most = Math.min(steps, effort * (fewSteps + stepsByByte * left));
  const outcomes = known.get(one.automaton) ?? new Map<string, Outcome>();
  known.set(one.automaton, outcomes);
  const before = outcomes.get(key);
  if (before !== undefined) {
    // With fewer steps than it was found with it would not have been.
    if (before.text !== null) return before.steps < most ? before : { text: null, steps: most };
    if (before.steps >= most) return before;
  }
  const outcome = new Walk(constraints, first).run(left, most);
  outcomes.set(key, outcome);
  return outcome;
}
