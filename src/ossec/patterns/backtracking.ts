import { childrenOf, isNullable, type PatternNode, type RepeatNode } from "./ast.js";
import { type ByteSet, hasByte, intersection, overlaps, singleByte, union } from "./byte-set.js";
import { otherCase } from "./bytes.js";
import type { Backtracking } from "./types.js";

/**
 * The parts of a pattern in the order in which they consume text. A graph without cycles: `next` is what follows,
 * null at the end.
 */
type Part =
  /** Something that must be passed. */
  | { readonly kind: "must"; readonly node: PatternNode; readonly next: Part | null }
  /** A repetition without bound that gives back. */
  | LoopPart
  /** One of several ways. */
  | { readonly kind: "choice"; readonly ways: readonly (Part | null)[] };

interface LoopPart {
  readonly kind: "loop";
  readonly node: RepeatNode;
  /** The bytes that the body consumes. */
  readonly set: ByteSet;
  readonly next: Part | null;
}

/** More repetitions than this are not compared with each other: the degree is absurd already. */
const MAX_LOOPS = 100;
/** A bound of this many rounds and more counts as none. */
const LARGE_BOUND = 256;
const noBytes: ByteSet = new Uint32Array(8);

/** All bytes that a node may consume. */
function bytesIn(node: PatternNode): ByteSet {
  if (node.kind === "byte") return singleByte(node.code, node.caseless);
  if (node.kind === "set") return node.set;
  let set = noBytes;
  for (const child of childrenOf(node)) set = union(set, bytesIn(child));
  return set;
}

/** Can the node match some text made of these bytes only? */
function matchableIn(node: PatternNode, set: ByteSet): boolean {
  switch (node.kind) {
    case "byte":
      return hasByte(set, node.code) || (node.caseless && hasByte(set, otherCase(node.code)));
    case "set":
      return overlaps(node.set, set);
    case "sequence":
      return node.items.every((item) => matchableIn(item, set));
    case "alternatives":
      return node.options.some((option) => matchableIn(option, set));
    case "group":
    case "atomic":
      return matchableIn(node.body, set);
    case "repeat":
      return node.min === 0 || matchableIn(node.body, set);
    case "fail":
      return false;
    default:
      return true;
  }
}

/** Has the repetition no bound, or one that lines hardly reach, and does it give back? */
function givesBack(node: RepeatNode): boolean {
  return node.max >= LARGE_BOUND && node.mode !== "possessive";
}

function isLoop(node: PatternNode): node is RepeatNode {
  return node.kind === "repeat" && givesBack(node);
}

function hasLoop(node: PatternNode): boolean {
  return isLoop(node) || childrenOf(node).some(hasLoop);
}

/** Lays a node out in front of what follows it; the loops are collected, the last one first. */
function layOut(node: PatternNode, next: Part | null, loops: LoopPart[]): Part | null {
  switch (node.kind) {
    case "sequence": {
      let part = next;
      for (let i = node.items.length - 1; i >= 0; i--) {
        const item = node.items[i];
        if (item !== undefined) part = layOut(item, part, loops);
      }
      return part;
    }
    case "alternatives":
      return hasLoop(node)
        ? { kind: "choice", ways: node.options.map((option) => layOut(option, next, loops)) }
        : { kind: "must", node, next };
    case "group":
      return layOut(node.body, next, loops);
    case "repeat": {
      if (givesBack(node)) {
        const loop: LoopPart = { kind: "loop", node, set: bytesIn(node.body), next };
        if (loops.length < MAX_LOOPS) loops.push(loop);
        return loop;
      }
      if (node.mode === "possessive" || !hasLoop(node.body)) return { kind: "must", node, next };
      const once = layOut(node.body, next, loops);
      return node.min === 0 ? { kind: "choice", ways: [once, next] } : once;
    }
    case "byte":
    case "set":
    case "atomic":
    case "fail":
    case "assertion":
    case "look":
    case "backreference":
    case "call":
    case "conditional":
      return { kind: "must", node, next };
    case "empty":
      return next;
  }
}

/** Can the match still fail here? Behind the last thing that can, nothing is given back. */
function canFail(part: Part | null): boolean {
  if (part === null) return false;
  switch (part.kind) {
    case "choice":
      return part.ways.some(canFail);
    case "loop":
      return part.node.min > 0 || canFail(part.next);
    case "must":
      return part.node.kind !== "repeat" || part.node.min > 0 || canFail(part.next);
  }
}

/** Can both repetitions eat the same text, and what stands between them as well? */
function compete(first: LoopPart, second: LoopPart, between: Passed | null): boolean {
  const common = intersection(first.set, second.set);
  if (!matchableIn(first.node.body, common) || !matchableIn(second.node.body, common)) return false;
  for (let passed = between; passed !== null; passed = passed.before) {
    if (!matchableIn(passed.node, common)) return false;
  }
  // An empty body eats nothing that the other could want.
  return overlaps(first.set, second.set);
}

/** What was passed on the way, the latest first. */
interface Passed {
  readonly node: PatternNode;
  readonly before: Passed | null;
}

/** The repetitions behind this one that compete with it for the same text. */
function competitors(loop: LoopPart): LoopPart[] {
  const found: LoopPart[] = [];
  // Several ways may meet again only behind a choice.
  let seen: Set<Part> | null = null;
  const open: { readonly part: Part | null; readonly passed: Passed | null }[] = [
    { part: loop.next, passed: null },
  ];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { part, passed } = step;
    if (part === null || seen?.has(part)) continue;
    seen?.add(part);
    if (part.kind === "choice") {
      seen ??= new Set();
      for (const way of part.ways) open.push({ part: way, passed });
      continue;
    }
    if (part.kind === "loop") {
      if (canFail(part.next) && compete(loop, part, passed)) found.push(part);
      if (part.node.min === 0) {
        open.push({ part: part.next, passed });
        continue;
      }
    }
    const node = part.kind === "loop" ? part.node.body : part.node;
    if (matchableIn(node, loop.set)) open.push({ part: part.next, passed: { node, before: passed } });
  }
  return found;
}

/** The longest chain of repetitions each of which competes with the next. */
function longestChain(loops: readonly LoopPart[]): readonly LoopPart[] {
  const chains = new Map<LoopPart, readonly LoopPart[]>();
  let longest: readonly LoopPart[] = [];
  // The last loop comes first: the chains of those behind are known.
  for (const loop of loops) {
    let best: readonly LoopPart[] = [];
    for (const other of competitors(loop)) {
      const chain = chains.get(other) ?? [];
      if (chain.length > best.length) best = chain;
    }
    const chain = [loop, ...best];
    chains.set(loop, chain);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

/** Can a text of these bytes lead through the node by way of the inner repetition? */
function leadsThrough(node: PatternNode, inner: RepeatNode, set: ByteSet): boolean {
  if (node === inner) return true;
  switch (node.kind) {
    case "sequence": {
      const way = node.items.findIndex((item) => leadsThrough(item, inner, set));
      return way >= 0 && node.items.every((item, index) => index === way || matchableIn(item, set));
    }
    case "alternatives":
      return node.options.some((option) => leadsThrough(option, inner, set));
    case "group":
      return leadsThrough(node.body, inner, set);
    case "repeat":
      return node.mode !== "possessive" && leadsThrough(node.body, inner, set);
    default:
      return false;
  }
}

/** The repetitions below a node, also those with a bound, that leave a choice of how much they eat. */
function innerLoops(node: PatternNode): RepeatNode[] {
  if (node.kind === "atomic" || node.kind === "look") return [];
  if (node.kind === "repeat" && node.mode === "possessive") return [];
  const below = childrenOf(node).flatMap(innerLoops);
  return node.kind === "repeat" && node.max > node.min ? [node, ...below] : below;
}

/** The sets of a text of fixed length; null when the length is not fixed. */
function positions(node: PatternNode): readonly ByteSet[] | null {
  switch (node.kind) {
    case "byte":
      return [singleByte(node.code, node.caseless)];
    case "set":
      return [node.set];
    case "group":
      return positions(node.body);
    case "sequence": {
      const all: ByteSet[] = [];
      for (const item of node.items) {
        const some = positions(item);
        if (some === null) return null;
        all.push(...some);
      }
      return all;
    }
    default:
      return null;
  }
}

function sameTextPossible(a: PatternNode, b: PatternNode): boolean {
  const left = positions(a);
  const right = positions(b);
  if (left === null || right === null || left.length !== right.length || left.length === 0) return false;
  return left.every((set, index) => overlaps(set, right[index] ?? noBytes));
}

function stripGroups(node: PatternNode): PatternNode {
  if (node.kind === "group") return stripGroups(node.body);
  const [only] = node.kind === "sequence" && node.items.length === 1 ? node.items : [];
  return only === undefined ? node : stripGroups(only);
}

/** Beyond this many alternatives pairs are not compared. */
const MAX_OPTIONS = 60;

/** Why one text can be cut into rounds of the loop in many ways; null when no such reason is seen. */
function manyWays(loop: RepeatNode): string | null {
  if (loop.body.kind === "byte" || loop.body.kind === "set") return null;
  for (const inner of innerLoops(loop.body)) {
    const set = bytesIn(inner.body);
    if (set.some((word) => word !== 0) && leadsThrough(loop.body, inner, set)) {
      return `the repetition at byte ${inner.at} inside of the repetition at byte ${loop.at}`;
    }
  }
  const body = stripGroups(loop.body);
  if (body.kind === "alternatives" && body.options.length <= MAX_OPTIONS) {
    for (const [index, option] of body.options.entries()) {
      if (body.options.slice(index + 1).some((other) => sameTextPossible(option, other))) {
        return `alternatives that match the same text inside of the repetition at byte ${loop.at}`;
      }
    }
  }
  if (body.kind === "sequence" && isNullable(body)) {
    const consuming = body.items.filter((item) => bytesIn(item).some((word) => word !== 0));
    if (consuming.length > 1) return `optional parts only inside of the repetition at byte ${loop.at}`;
  }
  return null;
}

function findExponential(node: PatternNode): Backtracking | null {
  if (isLoop(node)) {
    const place = manyWays(node);
    if (place !== null) return { kind: "exponential", at: node.at, place };
  }
  for (const child of childrenOf(node)) {
    const found = findExponential(child);
    if (found !== null) return found;
  }
  return null;
}

/** Stands for what follows a round of a loop. */
const anything: Part = { kind: "must", node: { kind: "assertion", assertion: "end" }, next: null };

interface Island {
  readonly body: PatternNode;
  readonly next: Part | null;
}

const noIslands: readonly Island[] = [];

/** The parts that are matched by themselves, and what follows them: their own chains count. */
function islands(node: PatternNode): readonly Island[] {
  const children = childrenOf(node);
  const below = children.length === 0 ? noIslands : children.flatMap(islands);
  switch (node.kind) {
    case "look":
    case "atomic":
      return [{ body: node.body, next: null }, ...below];
    case "repeat":
      if (node.body.kind === "byte" || node.body.kind === "set") return below;
      if (givesBack(node)) return [{ body: node.body, next: anything }, ...below];
      return node.mode === "possessive" ? [{ body: node.body, next: null }, ...below] : below;
    default:
      return below;
  }
}

/** Has the pattern one repetition of single bytes at most? */
function isPlain(root: PatternNode): boolean {
  let loops = 0;
  const visit = (node: PatternNode): boolean => {
    if (node.kind === "byte" || node.kind === "set") return true;
    if (isLoop(node)) return ++loops === 1 && (node.body.kind === "byte" || node.body.kind === "set");
    return childrenOf(node).every(visit);
  };
  return visit(root);
}

/**
 * How the number of ways to match may grow with the text: repetitions without bound inside of each other (exponential), or
 * one behind the other that can eat the same text (polynomial, the degree is the length of the chain). A
 * check of the pattern's shape, linear in practice; where it cannot tell it assumes the worse.
 */
export function analyseBacktracking(root: PatternNode): Backtracking {
  if (isPlain(root)) return { kind: "linear" };
  const exponential = findExponential(root);
  if (exponential !== null) return exponential;
  let longest: readonly LoopPart[] = [];
  for (const { body, next } of [{ body: root, next: null }, ...islands(root)]) {
    if (body.kind === "byte" || body.kind === "set") continue;
    const loops: LoopPart[] = [];
    layOut(body, next, loops);
    const chain = longestChain(loops);
    if (chain.length > longest.length) longest = chain;
  }
  if (longest.length < 2) return { kind: "linear" };
  const places = longest.map((loop) => loop.node.at);
  return {
    kind: "polynomial",
    degree: longest.length,
    at: places[0] ?? 0,
    place: `the repetitions at bytes ${places.slice(0, 8).join(", ")}${places.length > 8 ? ", ..." : ""} can eat the same text`,
  };
}

/**
 * Binary logarithm of the number of ways that bounded repetitions and alternatives alone may be combined in: a
 * long row of `a?` is no loop, but takes as long as one.
 */
export function choiceBits(node: PatternNode): number {
  switch (node.kind) {
    case "sequence":
      return node.items.reduce((sum, item) => sum + choiceBits(item), 0);
    case "alternatives":
      return Math.log2(node.options.length) + Math.max(...node.options.map(choiceBits));
    case "repeat": {
      const body = choiceBits(node.body);
      if (node.max >= LARGE_BOUND) return body;
      return body * node.max + Math.log2(node.max - node.min + 1);
    }
    default:
      return childrenOf(node).reduce((sum, child) => sum + choiceBits(child), 0);
  }
}
