import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import { binary, COUNT, literal } from "../../model/expression-builders.js";
import { EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, magnitude, settle } from "./convert.js";
import { arithmetic } from "./numbers.js";
import {
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  numeric,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";

export type BitOperator = "&" | "|" | "^" | "<<" | ">>" | ">>>";

/** JavaScript's operators work on 32 bits with a sign; below 2^31 they agree with Zeek's on counts. */
const signed = 31;

/** Bits that an expression needs at most; undefined where it may be more than 53, or below zero. */
function bitsOf(node: Expression): number | undefined {
  if (widths.has(node)) return widths.get(node);
  const found = widthOf(node);
  widths.set(node, found);
  return found;
}

const widths = new WeakMap<Expression, number | undefined>();

function widthOf(node: Expression): number | undefined {
  switch (node.kind) {
    case "literal":
      return typeof node.value === "number" && node.value >= 0 && Number.isInteger(node.value)
        ? node.value.toString(2).length
        : undefined;
    case "call":
      return node.function === "port_to_count" ? 16 : count(node);
    case "conditional":
      return both(node.whenTrue, node.whenFalse, Math.max);
    case "binary": {
      switch (node.operator) {
        case "&":
          return both(node.left, node.right, Math.min);
        case "|":
        case "^":
          return both(node.left, node.right, Math.max);
        case "%":
          return node.right.kind === "literal" && node.right.type.kind === "count"
            ? both(node.left, { ...node.right, value: Math.max(0, Number(node.right.value) - 1) }, Math.min)
            : count(node);
        case "/": {
          const of = bitsOf(node.left);
          const divisor = node.right.kind === "literal" ? Math.log2(Number(node.right.value)) : Number.NaN;
          return of !== undefined && Number.isInteger(divisor) && node.type.kind === "count"
            ? Math.max(0, of - divisor)
            : count(node);
        }
        case "*": {
          const [left, right] = [bitsOf(node.left), bitsOf(node.right)];
          return left === undefined || right === undefined || node.type.kind !== "count"
            ? undefined
            : left + right;
        }
        default:
          return count(node);
      }
    }
    default:
      return count(node);
  }
}

function count({ type }: Expression): number | undefined {
  return type.kind === "count" ? 53 : undefined;
}

function both(
  left: Expression,
  right: Expression,
  pick: (a: number, b: number) => number,
): number | undefined {
  const [a, b] = [bitsOf(left), bitsOf(right)];
  return a === undefined || b === undefined ? undefined : pick(a, b);
}

/** `a & b` and the like: only where 32 bits with a sign and Zeek's 64 bits without give the same. */
export function bitwise(
  context: Context,
  operator: BitOperator,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const first = settle(context, left, node);
  const second = settle(context, right, node);
  return mapLeaves(first, facts, context.budget, (a, inside) =>
    mapLeaves(second, inside, context.budget, (b) => combine(context, operator, a, b, node)),
  );
}

function combine(context: Context, operator: BitOperator, a: Leaf, b: Leaf, node: ts.Node): SymbolicValue {
  if (a.kind === "constant" && b.kind === "constant") {
    if (typeof a.value === "number" && typeof b.value === "number")
      return constant(computed(operator, a.value, b.value));
  }
  const left = wholeNumber(context, operator, a, node);
  const right = wholeNumber(context, operator, b, node);
  if (left === undefined || right === undefined) return INVALID;
  const span = spanOf(node);
  const [x, y] = [bitsOf(left), bitsOf(right)];
  if (x === undefined || y === undefined)
    return tooWide(context, operator, node, "a side of it may be below zero");
  switch (operator) {
    case "&":
      if (Math.min(x, y) > signed)
        return tooWide(context, operator, node, "both sides may have more than 31 bits");
      return scalar(binary("&", left, right, COUNT, span));
    case "|":
    case "^":
      if (Math.max(x, y) > signed)
        return tooWide(context, operator, node, "a side may have more than 31 bits");
      return scalar(binary(operator, left, right, COUNT, span));
    case "<<":
    case ">>":
    case ">>>":
      return shifted(context, operator, left, right, x, node);
  }
}

function shifted(
  context: Context,
  operator: "<<" | ">>" | ">>>",
  left: Expression,
  right: Expression,
  bits: number,
  node: ts.Node,
): SymbolicValue {
  const span = spanOf(node);
  if (right.kind !== "literal" || typeof right.value !== "number")
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${operator} needs a constant number of bits in Zeek`,
      "multiply or divide by a power of two",
    );
  const by = right.value & 31;
  const factor = literal(COUNT, 2 ** by, span);
  if (operator === "<<") {
    if (bits + by > signed) return tooWide(context, operator, node, "the result may have more than 31 bits");
    return scalar(by === 0 ? left : binary("*", left, factor, COUNT, span));
  }
  if (operator === ">>" && bits > signed)
    return tooWide(context, operator, node, "what is shifted may have more than 31 bits");
  const low = bits > 32 ? binary("%", left, literal(COUNT, 2 ** 32, span), COUNT, span) : left;
  return scalar(by === 0 ? low : binary("/", low, factor, COUNT, span));
}

/** `~x`: below 2^31 it is `-x - 1`. */
export function complement(
  context: Context,
  operand: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(settle(context, operand, node), facts, context.budget, (leaf, inside) => {
    if (leaf.kind === "constant" && typeof leaf.value === "number") return constant(~leaf.value);
    const of = wholeNumber(context, "~", leaf, node);
    if (of === undefined) return INVALID;
    const bits = bitsOf(of);
    if (bits === undefined || bits > signed)
      return tooWide(context, "~", node, "it may have more than 31 bits, or be below zero");
    return arithmetic(context, "-", constant(-1), leaf, inside, node);
  });
}

/** The largest exponent that is written out. */
const mostFactors = 8;

/** `x ** n`: whole numbers, a constant n, and nothing beyond 2^53: there ** rounds otherwise than products do. */
export function power(
  context: Context,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  if (left.kind === "constant" && right.kind === "constant") {
    if (typeof left.value === "number" && typeof right.value === "number")
      return constant(left.value ** right.value);
  }
  const exponent = right.kind === "constant" && typeof right.value === "number" ? right.value : Number.NaN;
  if (!Number.isInteger(exponent) || exponent < 1 || exponent > mostFactors)
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `** needs a constant exponent from 1 to ${mostFactors} in Zeek`,
      "write the product",
    );
  return mapLeaves(settle(context, left, node), facts, context.budget, (leaf, inside) => {
    if (leaf.kind === "constant" && typeof leaf.value === "number") return constant(leaf.value ** exponent);
    if (leaf.kind === "scalar" && leaf.expression.type.kind === "double")
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        "** of a fraction is not rounded alike in Zeek and in TypeScript",
        "write the product",
      );
    if (leaf.kind === "scalar" && magnitude(leaf.expression) ** exponent > 2 ** 53)
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        "the power may exceed 2^53, where ** does not round as a product does",
        "write the product: `x * x`",
      );
    let product: SymbolicValue = leaf;
    for (let factor = 1; factor < exponent; factor++)
      product = arithmetic(context, "*", product, leaf, inside, node);
    return product;
  });
}

function wholeNumber(context: Context, operator: string, leaf: Leaf, node: ts.Node): Expression | undefined {
  if (leaf.kind === "scalar" && numeric(leaf.expression.type) && leaf.expression.type.kind !== "double")
    return leaf.expression;
  if (leaf.kind === "constant" && typeof leaf.value === "number") {
    const { value } = leaf;
    if (Number.isInteger(value) && value >= 0 && value < 2 ** 53) return literal(COUNT, value, spanOf(node));
    tooWide(context, operator, node, `${value} is no whole number from 0 on`);
    return undefined;
  }
  if (leaf.kind !== "invalid")
    refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${operator} needs whole numbers, not ${describe(leaf)}`,
      "round first, and give a value where it may be absent",
    );
  return undefined;
}

function tooWide(context: Context, operator: string, node: ts.Node, why: string): Leaf {
  return refuse(
    context,
    EXPRESSION_UNSUPPORTED,
    node,
    `${operator} works on 32 bits with a sign in TypeScript and on 64 without in Zeek: ${why}`,
    "mask it first: `(x & 0xffff)`, or use % and Math.floor",
  );
}

function computed(operator: BitOperator, a: number, b: number): number {
  switch (operator) {
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    case "<<":
      return a << b;
    case ">>":
      return a >> b;
    case ">>>":
      return a >>> b;
  }
}
