import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import { isFalse, isTrue, keyOf, not } from "../../model/expression-builders.js";
import type { FunctionNode, FunctionSource } from "./types.js";

/**
 * What a piece of TypeScript is on its way to Zeek: a tree of decisions whose leaves are values. Absent
 * fields are leaves `undefined`; a quotient has leaves NaN and Infinity for a zero divisor. An operation is
 * applied leaf by leaf, with what the decisions on the way have established, so that the result is
 * TypeScript's in every case and no case is left to chance.
 */
export type SymbolicValue = Leaf | Choice;

export interface Choice {
  readonly kind: "choice";
  readonly condition: Expression;
  readonly whenTrue: SymbolicValue;
  readonly whenFalse: SymbolicValue;
  readonly span: Span;
}

export type Leaf =
  /** A value of the bundle itself; `undefined` stands for an absent field too. */
  | { readonly kind: "constant"; readonly value: unknown }
  /** A value that Zeek computes; `ascii`: text without other bytes. */
  | { readonly kind: "scalar"; readonly expression: Expression; readonly ascii: boolean }
  | RecordLeaf
  | { readonly kind: "tuple"; readonly elements: readonly SymbolicValue[] }
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, SymbolicValue> }
  | { readonly kind: "closure"; readonly node: FunctionNode; readonly scope: Scope }
  /** The rest of an optional chain that ended early. */
  | { readonly kind: "short" }
  /** A diagnostic has been given; whatever is made of it is silent. */
  | { readonly kind: "invalid" };

export interface RecordLeaf {
  readonly kind: "record";
  readonly parameter: string;
  readonly path: readonly string[];
  /** The record's name in the table; `hit` for what a detection saw. */
  readonly record: string;
}

/** Names that a function declares, and where the others come from. */
export interface Scope {
  readonly names: Map<string, SymbolicValue>;
  readonly parent: Scope | null;
  readonly source: FunctionSource;
}

export const INVALID: Leaf = { kind: "invalid" };
export const SHORT: Leaf = { kind: "short" };
export const ABSENT: Leaf = { kind: "constant", value: undefined };

export function constant(value: unknown): Leaf {
  return { kind: "constant", value };
}

export function scalar(expression: Expression, ascii = false): Leaf {
  return { kind: "scalar", expression, ascii };
}

/** Truth values of conditions that hold at a place. */
export type Facts = ReadonlyMap<string, boolean>;

export const NO_FACTS: Facts = new Map();

/** Facts that one condition may add, so that long chains of conditions stay cheap. */
const FACTS_LIMIT = 200;

/** What follows when a condition is true, or false. */
export function assume(facts: Facts, condition: Expression, value: boolean): Facts {
  const found = new Map(facts);
  let room = FACTS_LIMIT;
  const add = (node: Expression, truth: boolean): void => {
    // What is not remembered only makes the emitted text longer.
    room -= 1;
    if (node.kind === "literal" || room < 0) return;
    if (node.kind === "unary" && node.operator === "not") {
      add(node.operand, !truth);
      return;
    }
    if (node.kind === "binary" && node.operator === (truth ? "&&" : "||")) {
      add(node.left, truth);
      add(node.right, truth);
      return;
    }
    found.set(keyOf(node), truth);
    if (node.kind === "binary" && (node.operator === "&&" || node.operator === "||")) return;
    found.set(keyOf(not(node)), !truth);
    for (const nonzero of nonzeroFrom(node, truth)) {
      found.set(keyOf(nonzero), true);
      found.set(keyOf(not(nonzero)), false);
    }
  };
  add(condition, value);
  return found;
}

/** `x > 0` and the like also say that `x != 0`. */
function nonzeroFrom(node: Expression, truth: boolean): readonly Expression[] {
  const compared = truth ? node : not(node);
  if (compared.kind !== "binary" || compared.right.kind !== "literal") return [];
  const limit = compared.right.value;
  if (typeof limit !== "number" || !numeric(compared.left.type)) return [];
  const holds =
    (compared.operator === ">" && limit >= 0) ||
    (compared.operator === ">=" && limit > 0) ||
    (compared.operator === "<" && limit <= 0) ||
    (compared.operator === "<=" && limit < 0) ||
    (compared.operator === "==" && limit !== 0);
  if (!holds) return [];
  const type: ZeekType = compared.left.type.kind === "double" ? { kind: "double" } : { kind: "count" };
  const zero: Expression = { kind: "literal", type, value: 0, span: node.span };
  return [{ ...compared, operator: "!=", right: zero }];
}

export function numeric(type: ZeekType): boolean {
  return type.kind === "count" || type.kind === "int" || type.kind === "double";
}

/** What is known about a condition: a value, or undefined. */
function known(facts: Facts, condition: Expression): boolean | undefined {
  if (isTrue(condition)) return true;
  if (isFalse(condition)) return false;
  return facts.get(keyOf(condition));
}

/** A decision, unless it is decided already. */
export function choose(
  facts: Facts,
  condition: Expression,
  then: (facts: Facts) => SymbolicValue,
  otherwise: (facts: Facts) => SymbolicValue,
  span: Span,
): SymbolicValue {
  const decided = known(facts, condition);
  if (decided === true) return then(facts);
  if (decided === false) return otherwise(facts);
  const first = then(assume(facts, condition, true));
  const second = otherwise(assume(facts, condition, false));
  if (first === second) return first;
  if (first.kind === "invalid" || second.kind === "invalid") return INVALID;
  return { kind: "choice", condition, whenTrue: first, whenFalse: second, span };
}

/** Where the work of one function ends: decisions beyond this are refused as too large. */
export interface Budget {
  steps: number;
  /** How deep the nodes that are being visited lie in each other. */
  depth: number;
}

/** Applies an operation to each leaf that can be reached. */
export function mapLeaves(
  symbolic: SymbolicValue,
  facts: Facts,
  budget: Budget,
  apply: (leaf: Leaf, facts: Facts) => SymbolicValue,
): SymbolicValue {
  if (symbolic.kind !== "choice") return symbolic.kind === "invalid" ? symbolic : apply(symbolic, facts);
  budget.steps -= 1;
  if (budget.steps < 0) return INVALID;
  return choose(
    facts,
    symbolic.condition,
    (inside) => mapLeaves(symbolic.whenTrue, inside, budget, apply),
    (inside) => mapLeaves(symbolic.whenFalse, inside, budget, apply),
    symbolic.span,
  );
}
