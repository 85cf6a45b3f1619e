import type { ByteSet } from "./byte-set.js";

/**
 * A pattern of any of the three languages as a tree. Letter case is already resolved: a `set` is closed
 * under the case folding that applies to it.
 */
export type PatternNode =
  | { readonly kind: "empty" }
  | ByteNode
  | SetNode
  | { readonly kind: "sequence"; readonly items: readonly PatternNode[] }
  | AlternativesNode
  | { readonly kind: "group"; readonly index: number; readonly body: PatternNode }
  | RepeatNode
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | LookNode
  | { readonly kind: "atomic"; readonly body: PatternNode }
  | BackreferenceNode
  | CallNode
  | ConditionalNode
  | { readonly kind: "fail" }
  | VerbNode;

/**
 * A backtracking verb (pcre2pattern(3)). Going back over one ends the attempt: for good (`commit`), here (`prune`), or
 * up to its place (`skip`). `accept` ends the match at once.
 */
export interface VerbNode {
  readonly kind: "verb";
  readonly verb: "accept" | "commit" | "prune" | "skip";
}

export interface AlternativesNode {
  readonly kind: "alternatives";
  readonly options: readonly PatternNode[];
  /** The bytes of one character of a set: PCRE2 takes it as one, like a byte. */
  readonly character?: true;
}

export interface ByteNode {
  readonly kind: "byte";
  readonly code: number;
  readonly caseless: boolean;
}

export interface SetNode {
  readonly kind: "set";
  readonly set: ByteSet;
}

export type RepeatMode = "greedy" | "lazy" | "possessive";

export interface RepeatNode {
  readonly kind: "repeat";
  readonly body: PatternNode;
  readonly min: number;
  /** Infinity when unbounded. */
  readonly max: number;
  readonly mode: RepeatMode;
  /** Offset of the quantifier in the pattern. */
  readonly at: number;
}

export interface LookNode {
  readonly kind: "look";
  readonly behind: boolean;
  readonly negative: boolean;
  readonly body: PatternNode;
}

export interface BackreferenceNode {
  readonly kind: "backreference";
  /** Candidates (several when a name stands for several groups): the first that is set counts. */
  readonly groups: readonly number[];
  readonly caseless: boolean;
}

/** Runs a group as a subroutine; group 0 is the whole pattern. */
export interface CallNode {
  readonly kind: "call";
  readonly groups: readonly number[];
}

export interface ConditionalNode {
  readonly kind: "conditional";
  /** Groups of which one must be set; an assertion; a call (of the given groups) being under way; never. */
  readonly condition:
    | { readonly kind: "groups"; readonly groups: readonly number[] }
    | LookNode
    | { readonly kind: "calling"; readonly groups: readonly number[] | null }
    | { readonly kind: "define" };
  readonly yes: PatternNode;
  /** Null when the second alternative is missing, which means empty. */
  readonly no: PatternNode | null;
}

/**
 * `start`: `^` and `\A`; `end`: `\z`; `endOrNewline`: `$` and `\Z`, also before a final newline;
 * `lineStart`, `lineEnd`: `^`, `$` under `(?m)`.
 */
export type Assertion =
  | "start"
  | "end"
  | "endOrNewline"
  | "lineStart"
  | "lineEnd"
  | "wordBoundary"
  | "notWordBoundary";

/** A parsed pattern. */
export interface PatternTree {
  readonly root: PatternNode;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Several groups share a number (`(?|`). */
  readonly sharedNumbers?: boolean;
  /** A match limit below PCRE2's own, `(*LIMIT_MATCH=n)`. */
  readonly matchLimit?: number;
  /** `(*NO_JIT)`: PCRE2's interpreter runs it, which needs no stack of the JIT's. */
  readonly withoutJit?: boolean;
  /** Groups that took no part hand over an empty text; without it none, and the others move to the left. */
  readonly keepsUnset?: boolean;
}

export const emptyNode: PatternNode = { kind: "empty" };

/** The nodes directly below a node. */
export function childrenOf(node: PatternNode): readonly PatternNode[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "alternatives":
      return node.options;
    case "group":
    case "repeat":
    case "look":
    case "atomic":
      return [node.body];
    case "conditional":
      return [node.condition.kind === "look" ? node.condition : null, node.yes, node.no].filter(
        (child) => child !== null,
      );
    default:
      return [];
  }
}

const caselessBytes: readonly ByteNode[] = Array.from({ length: 256 }, (_, code) => ({
  kind: "byte",
  code,
  caseless: true,
}));

/** A byte; the nodes of caseless bytes are shared. */
export function byteOf(code: number, caseless: boolean): ByteNode {
  return (caseless ? caselessBytes[code] : undefined) ?? { kind: "byte", code, caseless };
}

export function sequenceOf(items: readonly PatternNode[]): PatternNode {
  const [only] = items;
  if (only === undefined) return emptyNode;
  return items.length === 1 ? only : { kind: "sequence", items };
}

export function alternativesOf(options: readonly PatternNode[]): PatternNode {
  const [only] = options;
  if (only === undefined) return emptyNode;
  return options.length === 1 ? only : { kind: "alternatives", options };
}

/** Can the node match without consuming a byte? True also where it cannot be reported. */
export function isNullable(node: PatternNode): boolean {
  switch (node.kind) {
    case "byte":
    case "set":
    case "fail":
      return false;
    case "sequence":
      return node.items.every(isNullable);
    case "alternatives":
      return node.options.some(isNullable);
    case "group":
    case "atomic":
      return isNullable(node.body);
    case "repeat":
      return node.min === 0 || isNullable(node.body);
    case "conditional":
      return node.no === null || isNullable(node.yes) || isNullable(node.no);
    default:
      return true;
  }
}
