import type { Assertion, PatternNode, PatternTree } from "./ast.js";
import { childrenOf, isNullable } from "./ast.js";
import { type ByteSet, bytesOf, complement, rangesOf } from "./byte-set.js";
import { otherCase } from "./bytes.js";

/** A pattern as a JavaScript regular expression without flags. */
export interface EmittedPattern {
  readonly source: string;
  /** JavaScript's number of each group of the pattern, index 0 for group 1. */
  readonly groupNumbers: readonly number[];
}

const assertions: { readonly [A in Assertion]: string } = {
  start: "^",
  end: "$",
  endOrNewline: "(?=\\n?$)",
  // Never behind a newline that ends the subject (PCRE2_ALT_CIRCUMFLEX is off).
  lineStart: "(?:^|(?<=\\n)(?!$))",
  lineEnd: "(?![^\\n])",
  wordBoundary: "\\b",
  notWordBoundary: "\\B",
};

const plain = /^[A-Za-z0-9 _%&,:;<=>@~!#"'`]$/;

function emitCode(code: number): string {
  const character = String.fromCharCode(code);
  return plain.test(character) ? character : `\\x${code.toString(16).padStart(2, "0")}`;
}

const bytes: readonly string[] = Array.from({ length: 256 }, (_, code) => emitCode(code));
const caselessBytes: readonly string[] = Array.from({ length: 256 }, (_, code) =>
  otherCase(code) === code ? emitCode(code) : `[${emitCode(code)}${emitCode(otherCase(code))}]`,
);

function emitRanges(set: ByteSet): string {
  let text = "";
  for (const [first, last] of rangesOf(set)) {
    text += first === last ? emitCode(first) : `${emitCode(first)}-${emitCode(last)}`;
  }
  return text;
}

const emittedSets = new WeakMap<ByteSet, string>();

function emitSet(set: ByteSet): string {
  const known = emittedSets.get(set);
  if (known !== undefined) return known;
  const rest = complement(set);
  const size = bytesOf(set).length;
  let text: string;
  if (size === 256) text = "[^]";
  else if (size === 0) text = "[]";
  // Subjects are bytes: a complement needs no upper bound, and is what V8 tests fastest.
  else text = size > 128 ? `[^${emitRanges(rest)}]` : `[${emitRanges(set)}]`;
  emittedSets.set(set, text);
  return text;
}

/** What a quantifier may stand behind without a group around it. */
const singleKinds: ReadonlySet<PatternNode["kind"]> = new Set(["byte", "set", "group"]);

function emitQuantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

/**
 * Writes a tree as a JavaScript regular expression of the same meaning. The caller has asked
 * {@link needsBacktracker} first: nodes without an equivalent are a bug here.
 */
export function emitPattern(tree: PatternTree): EmittedPattern {
  const groupNumbers: number[] = [];
  let count = 0;

  const atomic = (node: PatternNode): string => {
    const number = ++count;
    return `(?=(${emit(node)}))\\${number}(?:)`;
  };

  const emitItem = (node: PatternNode): string =>
    node.kind === "alternatives" ? `(?:${emit(node)})` : emit(node);

  const emit = (node: PatternNode): string => {
    switch (node.kind) {
      case "empty":
        return "";
      case "byte":
        return (node.caseless ? caselessBytes[node.code] : bytes[node.code]) ?? "";
      case "set":
        return emitSet(node.set);
      case "sequence":
        return node.items.map(emitItem).join("");
      case "alternatives":
        return node.options.map(emit).join("|");
      case "group": {
        const number = ++count;
        groupNumbers[node.index - 1] = number;
        return `(${emit(node.body)})`;
      }
      case "repeat": {
        if (node.mode === "possessive") return atomic({ ...node, mode: "greedy" });
        const { kind } = node.body;
        const [only, second] = kind === "sequence" ? node.body.items : [node.body];
        const single = second === undefined && only !== undefined && singleKinds.has(only.kind);
        const body = single ? emit(only) : `(?:${emit(node.body)})`;
        if (node.min === 1 && node.max === 1) return body;
        return `${body}${emitQuantifier(node.min, node.max)}${node.mode === "lazy" ? "?" : ""}`;
      }
      case "assertion":
        return assertions[node.assertion];
      case "look":
        return `(?${node.behind ? "<" : ""}${node.negative ? "!" : "="}${emit(node.body)})`;
      case "atomic":
        return atomic(node.body);
      case "fail":
        return "[]";
      case "backreference":
      case "call":
      case "conditional":
      case "verb":
        throw new Error(`bug: ${node.kind} has no JavaScript equivalent`);
    }
  };

  return { source: emit(tree.root), groupNumbers };
}

function hasAtomic(node: PatternNode): boolean {
  if (node.kind === "atomic" || (node.kind === "repeat" && node.mode === "possessive")) return true;
  return childrenOf(node).some(hasAtomic);
}

function hasGroup(node: PatternNode): boolean {
  return node.kind === "group" || childrenOf(node).some(hasGroup);
}

/** Is a group below the node that an execution of the node may leave unset? */
function mayLeaveGroupUnset(node: PatternNode): boolean {
  switch (node.kind) {
    case "sequence":
      return node.items.some(mayLeaveGroupUnset);
    case "alternatives":
      return node.options.some(hasGroup);
    case "repeat":
      return node.min === 0 ? hasGroup(node.body) : mayLeaveGroupUnset(node.body);
    case "group":
    case "look":
    case "atomic":
      return mayLeaveGroupUnset(node.body);
    default:
      return false;
  }
}

/**
 * Must the tree run on zopf's own backtracking matcher, because JavaScript has no equivalent or gives it
 * another meaning? Two such meanings: JavaScript forgets the captures of earlier rounds of a loop, and
 * treats a round that consumed nothing differently.
 */
export function needsBacktracker(node: PatternNode): boolean {
  switch (node.kind) {
    case "backreference":
    case "call":
    case "conditional":
    case "verb":
      return true;
    case "repeat":
      if (isNullable(node.body)) return true;
      if (node.max > 1 && mayLeaveGroupUnset(node.body)) return true;
      return needsBacktracker(node.body);
    case "sequence":
      return node.items.some(needsBacktracker);
    case "alternatives":
      return node.options.some(needsBacktracker);
    case "look":
      // JavaScript reads a lookbehind backwards: the emulation of an atomic group would not hold there.
      return needsBacktracker(node.body) || (node.behind && hasAtomic(node.body));
    case "group":
    case "atomic":
      return needsBacktracker(node.body);
    default:
      return false;
  }
}
