/**
 * A cheap lower bound of the length up to which a pattern is safe (see {@link safeTextLength} of growth.ts): by the
 * number of its loops that leave a choice. One that takes nothing that may follow it leaves none (PCRE2 makes it
 * possessive); of all others it counts as if each could end wherever the next one goes on. Only lines of unusual
 * length, and patterns with many such loops, need the proof on the automaton, which takes a hundred times as long.
 * test/ossec/patterns/loop-count.test.ts holds it against counted steps.
 */
import type { PatternNode } from "./ast.js";
import { becomesPossessive, type Follow, setOfNode } from "./follow.js";

/** What a part leaves to choose. */
interface Choices {
  /** Loops that may end at several places. */
  readonly free: number;
  /** Loops that end where they end. */
  readonly fixed: number;
  /** Of both, those that may be empty. */
  readonly empty: number;
  /** What all other choices multiply to. */
  readonly ways: number;
  readonly parts: number;
}

const nothing: Choices = { free: 0, fixed: 0, empty: 0, ways: 1, parts: 1 };
/** Rounds of a repetition that are written out; more make the pattern one that has to be proven. */
const MOST_ROUNDS = 8;

/** null: something in it has no such simple bound. */
function choicesOf(node: PatternNode, follow: Follow): Choices | null {
  switch (node.kind) {
    case "empty":
    case "assertion":
    case "byte":
    case "set":
      return nothing;
    case "group":
      return choicesOf(node.body, follow);
    case "sequence":
      return sum(
        node.items.map((item, index) =>
          choicesOf(item, { items: node.items, from: index + 1, of: "group", outer: follow }),
        ),
      );
    case "alternatives": {
      return worst(node.options.map((option) => choicesOf(option, follow)));
    }
    case "repeat": {
      const { min, max } = node;
      if (setOfNode(node.body) !== null) {
        if (max === min) return { ...nothing, parts: max };
        const free = becomesPossessive(node, follow) ? 0 : 1;
        return { free, fixed: 1 - free, empty: min === 0 ? 1 : 0, ways: 1, parts: min + 1 };
      }
      if (max > MOST_ROUNDS) return null;
      const round = choicesOf(
        node.body,
        max > 1 ? { items: [], from: 0, of: "loop", outer: follow } : follow,
      );
      if (round === null) return null;
      const all = sum(new Array<Choices>(max).fill(round)) ?? nothing;
      return { ...all, ways: all.ways * (max - min + 1) };
    }
    default:
      return null;
  }
}

function sum(all: readonly (Choices | null)[]): Choices | null {
  let { free, fixed, empty, ways, parts } = nothing;
  for (const one of all) {
    if (one === null) return null;
    free += one.free;
    fixed += one.fixed;
    empty += one.empty;
    ways *= one.ways;
    parts += one.parts;
  }
  return { free, fixed, empty, ways, parts };
}

/** Of alternatives one is taken. */
function worst(all: readonly (Choices | null)[]): Choices | null {
  let { free, fixed, empty, ways, parts } = { ...nothing, ways: 0 };
  for (const one of all) {
    if (one === null) return null;
    free = Math.max(free, one.free);
    fixed = Math.max(fixed, one.fixed);
    empty = Math.max(empty, one.empty);
    ways += one.ways;
    parts = Math.max(parts, one.parts);
  }
  return { free, fixed, empty, ways, parts };
}

/** In how many ways so many of some things can be chosen. */
export function choose(things: number, count: number): number {
  let ways = 1;
  for (let at = 1; at <= count; at += 1) ways *= (things + 1 - at) / at;
  return ways;
}

/** Most steps on a text of a length: from one start, or from all of them where it may begin anywhere. */
export type StepBound = (length: number, anywhere: boolean) => number;

/**
 * Where loops with a choice end, where a loop is that has none, and where it all begins, are places of the text in
 * ascending order, each of which may be the same as the one before; at each it may pass all loops that can be empty.
 * What is no loop stands where the loops before it say. Null: something in the pattern is not bounded so simply.
 */
export function stepsByLoops(root: PatternNode): StepBound | null {
  const choices = choicesOf(root, null);
  if (choices === null) return null;
  const { free, fixed, empty, ways, parts } = choices;
  return (length, anywhere) => {
    const starts = anywhere ? 1 : 0;
    const places = free + (fixed > 0 ? 1 : 0) + starts;
    const ofLoops = (2 + empty) * choose(length + places + 1, places);
    return ways * (ofLoops + parts * choose(length + free + starts, free + starts));
  };
}
