/**
 * A cheap lower bound of the length up to which a pattern is safe (see {@link safeTextLength} of growth.ts): by the
 * number of its loops, whatever they match. It is so short that only lines of unusual length, and patterns with many
 * loops, need the proof on the automaton, which takes a hundred times as long. It over-approximates the steps: two
 * loops that can never take the same text count as if they could. test/ossec/patterns/loop-count.test.ts holds it
 * against the proof and against counted steps.
 */
import type { PatternNode } from "./ast.js";

/** Of a part: the places that a match may choose freely, what all other choices multiply, and its parts. */
interface Choices {
  readonly loops: number;
  /** Binary logarithm. */
  readonly bits: number;
  readonly parts: number;
}

const nothing: Choices = { loops: 0, bits: 0, parts: 1 };
/** Rounds of a repetition that are written out; more make the pattern one that has to be proven. */
const MOST_ROUNDS = 8;

/** null: something in it has no such simple bound. */
function choicesOf(node: PatternNode): Choices | null {
  switch (node.kind) {
    case "empty":
    case "assertion":
    case "byte":
    case "set":
      return nothing;
    case "group":
      return choicesOf(node.body);
    case "sequence":
      return sum(node.items);
    case "alternatives": {
      const all = sum(node.options);
      return all === null ? null : { ...all, bits: all.bits + Math.log2(node.options.length) };
    }
    case "repeat": {
      const round = choicesOf(node.body);
      if (round === null) return null;
      const single = node.body.kind === "byte" || node.body.kind === "set";
      if (node.max === node.min && single) return { ...nothing, parts: node.max };
      if (single) return { loops: 1, bits: 0, parts: node.min + 1 };
      if (node.max > MOST_ROUNDS) return null;
      return {
        loops: round.loops * node.max,
        bits: round.bits * node.max + Math.log2(node.max - node.min + 1),
        parts: round.parts * node.max + 1,
      };
    }
    default:
      return null;
  }
}

function sum(nodes: readonly PatternNode[]): Choices | null {
  let [loops, bits, parts] = [0, 0, 1];
  for (const node of nodes) {
    const one = choicesOf(node);
    if (one === null) return null;
    loops += one.loops;
    bits += one.bits;
    parts += one.parts;
  }
  return { loops, bits, parts };
}

/** Binary logarithm of the ways in which so many loops share a text of a length: of (length + loops) over loops. */
function sharingBits(length: number, loops: number): number {
  let bits = 0;
  for (let at = 1; at <= loops; at += 1) bits += Math.log2((length + at) / at);
  return bits;
}

/**
 * Length of the longest text, at most `longest`, on which the pattern takes at most `start` steps (their binary
 * logarithm) from one start, and at most `all` from all of them; 0: it is not known for any.
 */
export function lengthByLoops(
  root: PatternNode,
  longest: number,
  { start, all, anchored }: { readonly start: number; readonly all: number; readonly anchored: boolean },
): number {
  const choices = choicesOf(root);
  if (choices === null) return 0;
  const { loops, bits, parts } = choices;
  const isSafe = (length: number): boolean => {
    const steps = sharingBits(length, loops) + bits + Math.log2(parts);
    return steps <= start && steps + (anchored ? 0 : Math.log2(length + 1)) <= all;
  };
  let [low, high] = [0, longest];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isSafe(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
