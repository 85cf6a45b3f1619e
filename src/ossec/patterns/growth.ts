import { type Ambiguity, ambiguityOf } from "./ambiguity.js";
import { AmbiguityAutomaton } from "./ambiguity-automaton.js";
import { childrenOf, emptyNode, isNullable, type PatternNode, type RepeatNode } from "./ast.js";
import { engineLimits } from "./backtracker.js";
import { mostWays } from "./counted-ways.js";
import { isAnchored } from "./literals.js";
import { lengthByLoops } from "./loop-count.js";
import type { Backtracking } from "./types.js";

/**
 * Steps that a JavaScript regular expression may take at most on one text, some 0.3 seconds. A pattern that may need
 * more runs on the counting matcher, which remembers what failed.
 */
const STEP_BITS = 28;
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

/** Everything that is known of the ways to match a part and, by themselves, the parts inside of it. */
interface Growth {
  readonly ambiguity: Ambiguity;
  readonly states: number;
  /** Most states that may follow one. */
  readonly branching: number;
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
      return node.min === 0 ? emptyNode : { ...node, max: node.min };
    default:
      return node;
  }
}

function growthOf(node: PatternNode): Growth {
  const automaton = new AmbiguityAutomaton(withoutEnd(node));
  const ways = mostWays(automaton);
  const ambiguity: Ambiguity =
    ways === null
      ? ambiguityOf(automaton)
      : { kind: "polynomial", loops: true, power: 0, factorBits: Math.log2(ways), chain: [] };
  const { states } = automaton;
  const branching = states.reduce((most, _, state) => Math.max(most, automaton.targets(state).length), 1);
  return { ambiguity, states: states.length, branching, inner: islands(node).map(growthOf) };
}

/** Binary logarithm of n! */
function factorialBits(n: number): number {
  return n < 2 ? 0 : Math.log2(n) + factorialBits(n - 1);
}

/**
 * Binary logarithm of the steps on a text; Infinity: not bounded. Where the loops hand over to each other, and where
 * it all begins when that may be anywhere, are places of the text in ascending order.
 */
function stepBits(
  { ambiguity, states, branching, inner }: Growth,
  length: number,
  anywhere: boolean,
): number {
  if (ambiguity.kind !== "polynomial") return Number.POSITIVE_INFINITY;
  const { loops, power, factorBits } = ambiguity;
  const steps = Math.log2(branching) + factorBits;
  const inside = inner.reduce((sum, part) => sum + 2 ** stepBits(part, length, false), 1);
  if (!loops) {
    const start = anywhere ? Math.log2(length + 1) : 0;
    return start + Math.log2(Math.min(length, states) + 1) + steps + Math.log2(inside);
  }
  const places = power + (anywhere ? 2 : 1);
  return places * Math.log2(length + places) - factorialBits(places) + steps + Math.log2(inside);
}

/** Words of the JIT's stack: at most `fixed`, and `perByte` more for every byte of the text. */
interface Words {
  readonly fixed: number;
  readonly perByte: number;
}

const noWords: Words = { fixed: 0, perByte: 0 };

function sumOf(words: readonly Words[], more: number): Words {
  let [fixed, perByte] = [more, 0];
  for (const part of words) {
    fixed += part.fixed;
    perByte += part.perByte;
  }
  return { fixed, perByte };
}

/** Fewest bytes that the node takes. */
function fewestBytes(node: PatternNode): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "sequence":
      return node.items.reduce((sum, item) => sum + fewestBytes(item), 0);
    case "alternatives":
      return Math.min(...node.options.map(fewestBytes));
    case "group":
    case "atomic":
      return fewestBytes(node.body);
    case "repeat":
      return node.min === 0 ? 0 : node.min * fewestBytes(node.body);
    default:
      return 0;
  }
}

/** An upper bound of what program-writer.ts lets a match take. */
function wordsOf(node: PatternNode): Words {
  const inside = childrenOf(node).map(wordsOf);
  switch (node.kind) {
    case "byte":
    case "set":
      return noWords;
    case "group":
      return sumOf(inside, 5);
    case "alternatives":
      if (node.character === true) return noWords;
      return {
        fixed: 2 + Math.max(0, ...inside.map(({ fixed }) => fixed)),
        perByte: Math.max(0, ...inside.map(({ perByte }) => perByte)),
      };
    case "look":
    case "atomic":
      return sumOf(inside, 10);
    case "sequence":
      return sumOf(inside, 0);
    case "repeat":
      // A round of what may be empty takes a second word.
      return repeatedWords(node, sumOf(inside, isNullable(node.body) ? 2 : 1));
    default:
      return sumOf(inside, 2);
  }
}

function repeatedWords(node: RepeatNode, round: Words): Words {
  const { body } = node;
  if (isSingle(body) || (body.kind === "alternatives" && body.character === true))
    return { fixed: 2, perByte: 0 };
  const fixed = 2 + round.fixed * Math.max(1, node.min);
  if (node.max !== Number.POSITIVE_INFINITY)
    return { fixed: 2 + round.fixed * node.max, perByte: round.perByte };
  const bytes = fewestBytes(body);
  if (bytes === 0) return { fixed, perByte: Number.POSITIVE_INFINITY };
  return { fixed, perByte: round.perByte + round.fixed / bytes };
}

/** Length of the longest text on which PCRE2's JIT stays within its stack; below 0: none. */
function lengthByStack(root: PatternNode): number {
  const { fixed, perByte } = wordsOf(root);
  if (fixed > engineLimits.words) return -1;
  return perByte === 0 ? LONGEST : Math.floor((engineLimits.words - fixed) / perByte);
}

/** A length of which {@link safeTextLength} holds, found without proof; a longer one may be safe, too. 0: none is found. */
export function surelySafeLength(root: PatternNode): number {
  const longest = Math.min(LONGEST, lengthByStack(root));
  if (longest < 1) return 0;
  const start = Math.log2(engineLimits.steps);
  return lengthByLoops(root, longest, { start, all: STEP_BITS, anchored: isAnchored(root) });
}

/**
 * Length of the longest text on which a JavaScript regular expression of the pattern is proven to end within
 * {@link STEP_BITS}, and PCRE2 to stay within its limits, so that both answer the same. -1: it is not proven for any.
 */
export function safeTextLength(root: PatternNode): number {
  const anchored = isAnchored(root);
  const ofStack = lengthByStack(root);
  if (ofStack < 1) return -1;
  if (isPlain(root)) return Math.min(ofStack, anchored ? LONGEST : 1 << (STEP_BITS / 2));
  const growth = growthOf(root);
  const isSafe = (length: number): boolean => {
    if (stepBits(growth, length, false) > Math.log2(engineLimits.steps)) return false;
    return stepBits(growth, length, !anchored) <= STEP_BITS;
  };
  let [low, high] = [0, Math.min(ofStack, LONGEST)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isSafe(middle)) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? -1 : low;
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

function chainsOf({ ambiguity, inner }: Growth): readonly (readonly number[])[] {
  const own = ambiguity.kind === "polynomial" ? [ambiguity.chain] : [];
  return [...own, ...inner.flatMap(chainsOf)];
}

function kindsOf({ ambiguity, inner }: Growth): readonly Ambiguity["kind"][] {
  return [ambiguity.kind, ...inner.flatMap(kindsOf)];
}

/** Where repetitions with an upper bound stand. */
function boundedPlaces(node: PatternNode): readonly number[] {
  const below = childrenOf(node).flatMap(boundedPlaces);
  return node.kind === "repeat" && node.max !== Number.POSITIVE_INFINITY ? [node.at, ...below] : below;
}

/** How the number of ways to match grows with the text (see {@link ambiguityOf}). */
export function analyseBacktracking(root: PatternNode): Backtracking {
  if (isPlain(root)) return { kind: "linear" };
  const growth = growthOf(root);
  const kinds = kindsOf(growth);
  if (kinds.includes("exponential")) {
    return { kind: "exponential", ...(exponentialPlace(root) ?? { place: "repetitions of the same text" }) };
  }
  if (kinds.includes("unknown")) return { kind: "unknown" };
  const bounded = new Set(boundedPlaces(root));
  // One with a bound multiplies the ways to match, but they do not grow with the text, unless it is repeated itself.
  const chains = chainsOf(growth).map((chain) =>
    new Set(chain).size < chain.length ? chain : chain.filter((at) => !bounded.has(at)),
  );
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
