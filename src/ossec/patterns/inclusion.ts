/**
 * Does one pattern match whatever another matches? Answered for all lines of ASCII by walking both
 * automata together (a state of the first, a set of states of the second) in search of a text that speaks against it.
 */
import { type Automaton, automatonOf, closure } from "./automaton.js";
import { type ByteSet, hasByte } from "./byte-set.js";
import type { PatternSource } from "./types.js";

/** Pairs looked at before the answer is "not known". */
const pairLimit = 4000;

/** Printable ASCII, and TAB, which lines kept until 3.8. */
const lineBytes: readonly number[] = [9, ...Array.from({ length: 95 }, (_, index) => index + 32)];

/** Bytes that no edge of either automaton tells apart: one of each kind. */
function alphabet(...automata: readonly Automaton[]): readonly number[] {
  const sets = new Set<ByteSet>();
  for (const { edges } of automata)
    for (const edge of edges.flat()) if (edge.kind === "byte") sets.add(edge.set);
  const all = [...sets];
  const kinds = new Map<string, number>();
  for (const code of lineBytes) {
    const kind = all.map((set) => (hasByte(set, code) ? "1" : "0")).join("");
    if (!kinds.has(kind)) kinds.set(kind, code);
  }
  return [...kinds.values()];
}

/** The automaton looks for its pattern anywhere in the text; once found it stays found. */
class Search {
  private readonly later: readonly number[];

  private readonly automaton: Automaton;

  constructor(automaton: Automaton) {
    this.automaton = automaton;
    this.later = closure(automaton, [automaton.start], { start: false, end: false });
  }

  first(): readonly number[] {
    return closure(this.automaton, [this.automaton.start], { start: true, end: false });
  }

  /** One byte further; `again`: the pattern may also begin here. */
  step(states: readonly number[], code: number, again: boolean): readonly number[] {
    const next = new Set<number>();
    for (const state of states) {
      for (const edge of this.automaton.edges[state] ?? [])
        if (edge.kind === "byte" && hasByte(edge.set, code)) next.add(edge.to);
    }
    const reached = closure(this.automaton, next, { start: false, end: false });
    return again ? [...new Set([...reached, ...this.later])].sort((one, other) => one - other) : reached;
  }

  found(states: readonly number[]): boolean {
    return states.includes(this.automaton.accept);
  }

  foundAtEnd(states: readonly number[], isStart: boolean): boolean {
    return this.found(closure(this.automaton, states, { start: isStart, end: true }));
  }
}

/** A byte of the set, one that few patterns ask for; null: lines have none. */
function rareByte(set: ByteSet): number | null {
  return lineBytes.findLast((code) => hasByte(set, code)) ?? null;
}

/** A line that the automaton matches from its beginning on; null: none was found. */
function sampleLine({ edges, start, accept }: Automaton): readonly number[] | null {
  type Phase = "start" | "inside" | "end";
  interface Place {
    readonly state: number;
    readonly phase: Phase;
    readonly before: Place | null;
    readonly code: number | null;
  }
  const seen = new Set<string>();
  const places: Place[] = [];
  const push = (state: number, phase: Phase, before: Place | null, code: number | null): void => {
    const key = `${phase} ${state}`;
    if (seen.has(key)) return;
    seen.add(key);
    places.push({ state, phase, before, code });
  };
  push(start, "start", null, null);
  for (const place of places) {
    const { state, phase } = place;
    if (state === accept) {
      const line: number[] = [];
      for (let at: Place | null = place; at !== null; at = at.before)
        if (at.code !== null) line.push(at.code);
      return line.reverse();
    }
    for (const edge of edges[state] ?? []) {
      if (edge.kind === "empty") {
        if (edge.only === "end") push(edge.to, "end", place, null);
        else if (edge.only === null || phase === "start") push(edge.to, phase, place, null);
      } else if (phase !== "end") {
        const code = rareByte(edge.set);
        if (code !== null) push(edge.to, "inside", place, code);
      }
    }
  }
  return null;
}

function matches(automaton: Automaton, line: readonly number[]): boolean {
  const search = new Search(automaton);
  let states = search.first();
  for (const code of line) {
    if (search.found(states)) return true;
    states = search.step(states, code, true);
  }
  return search.foundAtEnd(states, line.length === 0);
}

/** Null: it cannot be reported. */
function included(one: Automaton, other: Automaton): boolean | null {
  const codes = alphabet(one, other);
  const [mine, theirs] = [new Search(one), new Search(other)];
  const seen = new Set<string>();
  // `mine` null: found already, whatever follows.
  const queue: {
    readonly mine: readonly number[] | null;
    readonly theirs: readonly number[];
    readonly isStart: boolean;
  }[] = [];
  const push = (states: readonly number[], others: readonly number[], isStart: boolean): void => {
    if (theirs.found(others)) return;
    const found = mine.found(states) ? null : states;
    const key = `${found === null ? "found" : found.join()} ${others.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ mine: found, theirs: others, isStart });
  };
  push(mine.first(), theirs.first(), true);
  for (const at of queue) {
    if (queue.length > pairLimit) return null;
    const matched = at.mine === null || mine.foundAtEnd(at.mine, at.isStart);
    if (matched && !theirs.foundAtEnd(at.theirs, at.isStart)) return false;
    for (const code of codes) {
      const next = at.mine === null ? null : mine.step(at.mine, code, true);
      push(next ?? [one.accept], theirs.step(at.theirs, code, true), false);
    }
  }
  return true;
}

/** Is there a line that matches? As far as bytes tell. */
function isMatchable({ edges, start, accept }: Automaton): boolean {
  const reached = new Set([start]);
  for (const state of reached) {
    for (const edge of edges[state] ?? []) {
      if (edge.kind === "empty" || lineBytes.some((code) => hasByte(edge.set, code))) reached.add(edge.to);
    }
  }
  return reached.has(accept);
}

interface Known {
  readonly automaton: Automaton;
  /** What a match begins with when it can begin at the start of a text alone; null: it need not, or may be empty. */
  readonly first: readonly boolean[] | null;
  /** A line that it matches; null: not known. */
  readonly line: readonly number[] | null;
}

const known = new Map<string, Known | null>();
/** Patterns whose automata are remembered. */
const knownLimit = 4096;

function firstBytes(automaton: Automaton): readonly boolean[] | null {
  const begins = (states: readonly number[]) =>
    states.includes(automaton.accept) ||
    states.some((state) => (automaton.edges[state] ?? []).some(({ kind }) => kind === "byte"));
  if (begins(closure(automaton, [automaton.start], { start: false, end: false }))) return null;
  const states = closure(automaton, [automaton.start], { start: true, end: true });
  if (states.includes(automaton.accept)) return null;
  return Array.from({ length: 127 }, (_, code) =>
    states.some((state) =>
      (automaton.edges[state] ?? []).some((edge) => edge.kind === "byte" && hasByte(edge.set, code)),
    ),
  );
}

function look(pattern: PatternSource): Known | null {
  const key = `${pattern.language} ${pattern.text}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const automaton = automatonOf(pattern);
  // A pattern that no line matches proves nothing.
  const made =
    automaton === null || !isMatchable(automaton)
      ? null
      : { automaton, first: firstBytes(automaton), line: sampleLine(automaton) };
  if (known.size >= knownLimit) known.clear();
  known.set(key, made);
  return made;
}

/** Certainly true when every line that the first pattern matches is matched by the second as well. */
export function matchesWhatever(second: PatternSource, first: PatternSource): boolean {
  if (first.language === second.language && first.text === second.text) return true;
  const [one, other] = [look(first), look(second)];
  if (one === null || other === null) return false;
  if (other.first !== null) {
    // Most pairs begin differently.
    const { first: wanted } = other;
    if (
      one.first === null ||
      one.first.some((has, code) => has && (code >= 32 || code === 9) && !wanted[code])
    )
      return false;
  }
  // Most others differ on the first line that comes to mind.
  if (one.line !== null && !matches(other.automaton, one.line)) return false;
  return included(one.automaton, other.automaton) === true;
}
