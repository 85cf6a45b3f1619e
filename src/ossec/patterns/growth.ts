import { type Ambiguity, ambiguityOf } from "./ambiguity.js";
import { AmbiguityAutomaton } from "./ambiguity-automaton.js";
import { childrenOf, emptyNode, isNullable, type PatternNode, type RepeatNode } from "./ast.js";
import { waysByLoops } from "./counted-ways.js";
import { engineLimits } from "./limits.js";
import { isAnchored } from "./literals.js";
import { choose, type StepBound, stepsByLoops } from "./loop-count.js";
import { mostBytes } from "./most-bytes.js";
import { lengthByStack } from "./stack-words.js";
import type { Backtracking } from "./types.js";

/**
 * Steps that a JavaScript regular expression may take at most on one text, some 0.3 seconds. A pattern that may need
 * more runs on the counting matcher, which remembers what failed.
 */
const MAX_STEPS = 2 ** 28;
/** Longer texts are not asked about. */
const LONGEST = 1 << 16;

/** The parts that are matched by themselves, outermost first: lookarounds, atomic groups, possessive repetitions. */
function islands(node: PatternNode): readonly PatternNode[] {
  if (node.kind === "look" || node.kind === "atomic") return [node.body];
  if (node.kind === "repeat" && node.mode === "possessive" && !isSingle(node.body)) {
    // Rounds of an unbounded loop are not given back, also not before it ends.
    return [node.max === Number.POSITIVE_INFINITY && node.min < 2 ? node.body : { ...node, mode: "greedy" }];
  }
  return childrenOf(node).flatMap(islands);
}

function isSingle(node: PatternNode): boolean {
  return node.kind === "byte" || node.kind === "set";
}

/** Has the pattern one unbounded repetition of single bytes at most, and nothing optional besides? */
function isPlain(root: PatternNode): boolean {
  let loops = 0;
  const visit = (node: PatternNode): boolean => {
    if (node.kind === "repeat") return ++loops === 1 && isSingle(node.body);
    return childrenOf(node).every(visit);
  };
  return visit(root);
}

/** What bounds the steps that a part takes and, by themselves, the parts inside of it. */
interface Growth {
  /** See {@link waysByLoops}. */
  readonly ways: readonly number[] | null;
  /** Most bytes that it takes. */
  readonly most: number;
  /** Steps between two bytes that leave no choice. */
  readonly ends: number;
  /** Its repetitions, each of which is left once on the way that succeeds. */
  readonly repetitions: number;
  readonly inner: readonly Growth[];
}

/** Without what ends a pattern and cannot fail any more: nothing before it is tried again once it is reached. */
function withoutEnd(node: PatternNode): PatternNode {
  switch (node.kind) {
    case "sequence": {
      const items = [...node.items];
      for (let last = items.pop(); last !== undefined; last = items.pop()) {
        const rest = withoutEnd(last);
        if (rest.kind !== "empty") return { kind: "sequence", items: [...items, rest] };
      }
      return emptyNode;
    }
    case "alternatives":
      return { kind: "alternatives", options: node.options.map(withoutEnd) };
    case "group":
      return { ...node, body: withoutEnd(node.body) };
    case "repeat":
      // A round of more than one byte may fail in its middle.
      if (!isSingle(node.body)) return node;
      return node.min === 0 ? emptyNode : { ...node, max: node.min };
    default:
      return node;
  }
}

function growthOf(node: PatternNode): Growth {
  return {
    ways: waysByLoops(new AmbiguityAutomaton(withoutEnd(node))),
    most: mostBytes(node),
    ends: boundedDepth(node),
    repetitions: countRepetitions(node),
    inner: islands(node).map(growthOf),
  };
}

/** Most repetitions inside each other that may end where no other round can be tried. */
function boundedDepth(node: PatternNode): number {
  const below = Math.max(0, ...childrenOf(node).map(boundedDepth));
  const isOpen = node.kind !== "repeat" || (isSingle(node.body) && node.max === Infinity && node.min < 2);
  return isOpen ? below : below + 1;
}

function countRepetitions(node: PatternNode): number {
  const below = childrenOf(node).reduce((sum, child) => sum + countRepetitions(child), 0);
  return node.kind === "repeat" ? below + 1 : below;
}

/**
 * Most steps on a text; Infinity: not bounded. Where ways enter a loop in which they gather, where they are, and where
 * it all begins when that may be anywhere, are places of the text in ascending order.
 */
function stepsOf(growth: Growth, length: number, anywhere: boolean): number {
  const { ways, most, ends, repetitions, inner } = growth;
  if (ways === null) return Number.POSITIVE_INFINITY;
  const inside = inner.reduce((sum, part) => sum + stepsOf(part, length, false), 1 + ends);
  const isBounded = most < length;
  const places = isBounded ? most : length;
  const starts = anywhere && !isBounded ? 1 : 0;
  const attempts = ways.reduce(
    (sum, count, loops) => sum + count * choose(places + 2 + starts, loops + 1 + starts),
    0,
  );
  return repetitions + attempts * inside * (anywhere && isBounded ? length + 1 : 1);
}

/** A bound of steps that is found with the automaton. */
export function stepsByWays(root: PatternNode): StepBound {
  const growth = growthOf(root);
  return (length, anywhere) => stepsOf(growth, length, anywhere);
}

/**
 * Length of the longest text on which PCRE2 stays within its limits, and a JavaScript regular expression ends within
 * {@link MAX_STEPS}; 0: none.
 */
function longestWithin(bound: StepBound, root: PatternNode, withoutJit: boolean): number {
  const anywhere = !isAnchored(root);
  const isSafe = (length: number): boolean =>
    bound(length, false) <= engineLimits.steps && bound(length, anywhere) <= MAX_STEPS;
  const longest = withoutJit ? LONGEST : Math.min(lengthByStack(root), LONGEST);
  if (longest < 1) return 0;
  if (isSafe(longest)) return longest;
  let [low, high] = [0, longest - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isSafe(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** A length of which {@link safeTextLength} holds, found without proof; a longer one may be safe, too. 0: none is found. */
export function surelySafeLength(root: PatternNode, withoutJit = false): number {
  const bound = stepsByLoops(root);
  return bound === null ? 0 : longestWithin(bound, root, withoutJit);
}

/**
 * Length of the longest text on which a JavaScript regular expression of the pattern is proven to end soon, and PCRE2
 * to stay within its limits, so that both answer the same. -1: it is not proven for any.
 *
 * @param withoutJit - PCRE2's interpreter runs the pattern, which keeps its places on the heap
 */
export function safeTextLength(root: PatternNode, withoutJit = false): number {
  const longest = longestWithin(stepsByWays(root), root, withoutJit);
  return longest === 0 ? -1 : longest;
}

/** The innermost loop that is exponential by itself, and whether another one stands inside of it. */
function exponentialPlace(node: PatternNode): { readonly at: number; readonly place: string } | null {
  for (const child of childrenOf(node)) {
    const found = exponentialPlace(child);
    if (found !== null) return found;
  }
  if (node.kind !== "repeat" || isSingle(node.body) || node.max < 2) return null;
  if (ambiguityOf(new AmbiguityAutomaton(node)).kind !== "exponential") return null;
  const inner = choices(node.body)[0];
  const place =
    inner !== undefined
      ? `the repetition at byte ${inner.at} inside of the repetition at byte ${node.at}`
      : isNullable(node.body)
        ? `optional parts only inside of the repetition at byte ${node.at}`
        : `alternatives that match the same text inside of the repetition at byte ${node.at}`;
  return { at: node.at, place };
}

/** The repetitions below a node that leave a choice of how much they take. */
function choices(node: PatternNode): readonly RepeatNode[] {
  if (node.kind === "atomic" || node.kind === "look") return [];
  if (node.kind === "repeat" && node.mode === "possessive") return [];
  const below = childrenOf(node).flatMap(choices);
  return node.kind === "repeat" && node.max > node.min ? [node, ...below] : below;
}

/** How the ways grow of a part and, by themselves, of the parts inside of it. */
function ambiguitiesOf(node: PatternNode): readonly Ambiguity[] {
  const automaton = new AmbiguityAutomaton(withoutEnd(node));
  const gather = waysByLoops(automaton)?.length !== 1;
  const own: Ambiguity = gather ? ambiguityOf(automaton) : { kind: "polynomial", chain: [] };
  return [own, ...islands(node).flatMap(ambiguitiesOf)];
}

/** Where repetitions with an upper bound stand. */
function boundedPlaces(node: PatternNode): readonly number[] {
  const below = childrenOf(node).flatMap(boundedPlaces);
  return node.kind === "repeat" && node.max !== Number.POSITIVE_INFINITY ? [node.at, ...below] : below;
}

/** How the number of ways to match grows with the text (see {@link ambiguityOf}). */
export function analyseBacktracking(root: PatternNode): Backtracking {
  if (isPlain(root)) return { kind: "linear" };
  const found = ambiguitiesOf(root);
  if (found.some(({ kind }) => kind === "exponential")) {
    return { kind: "exponential", ...(exponentialPlace(root) ?? { place: "repetitions of the same text" }) };
  }
  const bounded = new Set(boundedPlaces(root));
  const chains: (readonly number[])[] = [];
  for (const ambiguity of found) {
    if (ambiguity.kind !== "polynomial") return { kind: "unknown" };
    const { chain } = ambiguity;
    // One with a bound multiplies the ways to match, but they do not grow with the text, unless it is repeated itself.
    chains.push(new Set(chain).size < chain.length ? chain : chain.filter((at) => !bounded.has(at)));
  }
  const [first = [], ...others] = chains;
  const places = others.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), first);
  if (places.length < 2) return { kind: "linear" };
  return {
    kind: "polynomial",
    degree: places.length,
    at: places[0] ?? 0,
    place: `the repetitions at bytes ${places.slice(0, 8).join(", ")}${places.length > 8 ? ", ..." : ""} can eat the same text`,
  };
}
