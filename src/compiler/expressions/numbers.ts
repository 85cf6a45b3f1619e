import type { ts } from "ts-morph";
import type { Expression, ZeekType } from "../../model/expression.js";
import { BOOL, binary, COUNT, call, DOUBLE, INT, literal, unary } from "../../model/expression-builders.js";
import { EXPRESSION_NUMBER, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, INTEGER_LIMIT, literalOf, magnitude, settle, widen, widerNumber } from "./convert.js";
import {
  choose,
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  numeric,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** A number as Zeek has it: an expression, or a constant of the bundle. */
type Operand = { readonly value: number } | { readonly expression: Expression };

/** Arithmetic on numbers; text is handled before it comes here. */
export function arithmetic(
  context: Context,
  operator: Arithmetic,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const first = settle(context, left, node);
  const second = settle(context, right, node);
  return mapLeaves(first, facts, context.budget, (a, inside) =>
    mapLeaves(second, inside, context.budget, (b, deeper) => combine(context, operator, a, b, deeper, node)),
  );
}

function operandOf(context: Context, leaf: Leaf, node: ts.Node): Operand | undefined {
  if (leaf.kind === "scalar" && numeric(leaf.expression.type)) return { expression: leaf.expression };
  if (leaf.kind === "constant") {
    if (typeof leaf.value === "number") return { value: leaf.value };
    if (leaf.value === undefined) return { value: Number.NaN };
    if (typeof leaf.value === "boolean" || leaf.value === null) return { value: Number(leaf.value) };
  }
  if (leaf.kind === "short") return { value: Number.NaN };
  if (leaf.kind === "invalid") return undefined;
  refuse(
    context,
    EXPRESSION_TYPE,
    node,
    `${describe(leaf)} is no number`,
    "of a time or a length of time take the seconds: `interval_to_double(c.duration)`",
  );
  return undefined;
}

function compute(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
  }
}

function combine(
  context: Context,
  operator: Arithmetic,
  a: Leaf,
  b: Leaf,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const x = operandOf(context, a, node);
  const y = operandOf(context, b, node);
  if (x === undefined || y === undefined) return INVALID;
  if ("value" in x && "value" in y) return constant(compute(operator, x.value, y.value));
  for (const side of [x, y]) {
    if ("value" in side && Number.isNaN(side.value)) return constant(Number.NaN);
  }
  const infinite = withInfinity(operator, x, y);
  if (infinite !== undefined) {
    if (infinite !== "unknown") return constant(infinite);
    return refuse(
      context,
      EXPRESSION_NUMBER,
      node,
      "this calculates with Infinity, which Zeek does not have",
    );
  }
  const left = expressionOf(x, node);
  const right = expressionOf(y, node);
  if (left === undefined || right === undefined) return INVALID;
  switch (operator) {
    case "/":
      return divide(left, right, facts, node);
    case "%":
      return modulo(context, left, right, facts, node);
    default:
      return scalar(plainArithmetic(operator, left, right, node));
  }
}

/** An operation with one infinite side; undefined where both are finite. */
function withInfinity(operator: Arithmetic, x: Operand, y: Operand): number | "unknown" | undefined {
  const left = "value" in x && !Number.isFinite(x.value) ? x.value : undefined;
  const right = "value" in y && !Number.isFinite(y.value) ? y.value : undefined;
  if (left === undefined && right === undefined) return undefined;
  if (operator === "+") return left ?? right;
  if (operator === "-") return left ?? -(right ?? 0);
  return "unknown";
}

function expressionOf(operand: Operand, node: ts.Node): Expression | undefined {
  return "expression" in operand ? operand.expression : literalOf(operand.value, spanOf(node));
}

/** Sums, differences and products: of integers as integers where no result can leave their range. */
function plainArithmetic(
  operator: "+" | "-" | "*",
  left: Expression,
  right: Expression,
  node: ts.Node,
): Expression {
  const span = spanOf(node);
  const type: ZeekType =
    operator === "-"
      ? widerNumber(INT, widerNumber(left.type, right.type))
      : widerNumber(left.type, right.type);
  const made = binary(operator, fitted(left, type), right, type, span);
  if (type.kind === "double") {
    const promoted = left.type.kind === "double" ? doubleSide(right) : widen(right, type);
    return binary(operator, left.kind === "literal" ? widen(left, type) : left, promoted, type, span);
  }
  if (magnitude(made) <= INTEGER_LIMIT) {
    return type.kind === "count"
      ? made
      : binary(operator, fitted(left, type), literalAs(right, type), type, span);
  }
  return binary(operator, widen(left, DOUBLE), doubleSide(right), DOUBLE, span);
}

/** The right side of a double: Zeek promotes it by itself; a literal is written as one at once. */
function doubleSide(node: Expression): Expression {
  return node.kind === "literal" ? widen(node, DOUBLE) : node;
}

function fitted(node: Expression, type: ZeekType): Expression {
  return widen(node, type);
}

/** Zeek promotes the right side by itself; a literal is written in the type at once. */
function literalAs(node: Expression, type: ZeekType): Expression {
  return node.kind === "literal" ? node : widen(node, type);
}

/** Real division; a divisor that may be zero gives what TypeScript gives. */
function divide(left: Expression, right: Expression, facts: Facts, node: ts.Node): SymbolicValue {
  const span = spanOf(node);
  const divisor = right.kind === "literal" ? widen(right, DOUBLE) : right;
  const quotient = (): SymbolicValue => scalar(binary("/", widen(left, DOUBLE), divisor, DOUBLE, span));
  return nonzero(right, facts, node, quotient, (inside) => {
    const positive = binary(">", left, literal(zeroType(left), 0, span), BOOL, span);
    const negative = binary("<", left, literal(zeroType(left), 0, span), BOOL, span);
    const belowOrNothing = (deeper: Facts): SymbolicValue =>
      left.type.kind === "count"
        ? constant(Number.NaN)
        : choose(
            deeper,
            negative,
            () => constant(Number.NEGATIVE_INFINITY),
            () => constant(Number.NaN),
            span,
          );
    if (left.kind === "literal") return constant(Number(left.value) / 0);
    return choose(inside, positive, () => constant(Number.POSITIVE_INFINITY), belowOrNothing, span);
  });
}

function modulo(
  context: Context,
  left: Expression,
  right: Expression,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  if (left.type.kind === "double" || right.type.kind === "double") {
    return refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      "Zeek has % for whole numbers only",
      "round first: `Math.floor(x) % 2`",
    );
  }
  const type = widerNumber(left.type, right.type);
  const rest = (): SymbolicValue =>
    scalar(binary("%", widen(left, type), literalAs(right, type), type, spanOf(node)));
  return nonzero(right, facts, node, rest, () => constant(Number.NaN));
}

function nonzero(
  divisor: Expression,
  facts: Facts,
  node: ts.Node,
  then: () => SymbolicValue,
  otherwise: (facts: Facts) => SymbolicValue,
): SymbolicValue {
  if (divisor.kind === "literal") return divisor.value === 0 ? otherwise(facts) : then();
  const span = spanOf(node);
  const condition = binary("!=", divisor, literal(zeroType(divisor), 0, span), BOOL, span);
  return choose(facts, condition, then, otherwise, span);
}

function zeroType(node: Expression): ZeekType {
  return node.type.kind === "double" ? DOUBLE : COUNT;
}

/** `-x` and `+x`. */
export function sign(
  context: Context,
  operator: "-" | "+",
  symbolic: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(symbolic, facts, context.budget, (leaf) => {
    const operand = operandOf(context, leaf, node);
    if (operand === undefined) return INVALID;
    if ("value" in operand) return constant(operator === "-" ? -operand.value : operand.value);
    const { expression } = operand;
    if (operator === "+") return scalar(expression);
    const type = expression.type.kind === "double" ? DOUBLE : INT;
    return scalar(unary("negate", expression, type, spanOf(node)));
  });
}

/** `Math.floor`, `ceil`, `round`, `trunc`: a whole number, so that it prints as one. */
export function rounded(
  context: Context,
  how: "floor" | "ceil" | "round" | "trunc",
  symbolic: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(settle(context, symbolic, node), facts, context.budget, (leaf, inside) => {
    const operand = operandOf(context, leaf, node);
    if (operand === undefined) return INVALID;
    if ("value" in operand) return constant(Math[how](operand.value));
    const { expression } = operand;
    if (expression.type.kind !== "double") return scalar(expression);
    const span = spanOf(node);
    const whole = (rounding: "floor" | "ceil", of: Expression): Expression => {
      const made = call(rounding, [of], DOUBLE, span);
      return magnitude(made) <= INTEGER_LIMIT ? call("double_to_int", [made], INT, span) : made;
    };
    if (how === "floor" || how === "ceil") return scalar(whole(how, expression));
    if (how === "trunc") {
      const negative = binary("<", expression, literal(DOUBLE, 0, span), BOOL, span);
      return choose(
        inside,
        negative,
        () => scalar(whole("ceil", expression)),
        () => scalar(whole("floor", expression)),
        span,
      );
    }
    // Not floor(x + 0.5): the sum itself may round up, as for 0.49999999999999994.
    const down = call("floor", [expression], DOUBLE, span);
    const half = binary(
      ">=",
      binary("-", expression, down, DOUBLE, span),
      literal(DOUBLE, 0.5, span),
      BOOL,
      span,
    );
    return choose(
      inside,
      half,
      () => scalar(whole("ceil", expression)),
      () => scalar(whole("floor", expression)),
      span,
    );
  });
}

/** `Math.abs`. */
export function absolute(
  context: Context,
  symbolic: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(symbolic, facts, context.budget, (leaf, inside) => {
    const operand = operandOf(context, leaf, node);
    if (operand === undefined) return INVALID;
    if ("value" in operand) return constant(Math.abs(operand.value));
    const { expression } = operand;
    if (expression.type.kind === "count") return scalar(expression);
    const span = spanOf(node);
    const negative = binary("<", expression, literal(zeroType(expression), 0, span), BOOL, span);
    return choose(
      inside,
      negative,
      () => scalar(unary("negate", expression, expression.type, span)),
      () => scalar(expression),
      span,
    );
  });
}
