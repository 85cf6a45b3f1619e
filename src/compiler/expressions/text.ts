import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import {
  BOOL,
  binary,
  COUNT,
  call,
  conditional,
  DOUBLE,
  literal,
  or,
  STRING,
  text,
} from "../../model/expression-builders.js";
import { EXPRESSION_TEXT, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { hasLoneSurrogate } from "./compare.js";
import { type Context, refuse, spanOf } from "./context.js";
import { describe, isAscii, leavesOf, toExpression, typeName } from "./convert.js";
import { zeekMark } from "./marks.js";
import {
  constant,
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";

/** What a template or `String(...)` makes of a leaf: a text, or an expression that `cat` may take. */
function textOfLeaf(context: Context, leaf: Leaf, facts: Facts, node: ts.Node): SymbolicValue {
  const span = spanOf(node);
  switch (leaf.kind) {
    case "invalid":
      return leaf;
    case "short":
      return constant("undefined");
    case "tuple": {
      let joined: SymbolicValue = constant("");
      for (const [i, element] of leaf.elements.entries()) {
        if (i > 0) joined = concat(context, joined, constant(","), facts, node);
        joined = concat(context, joined, element, facts, node);
      }
      return joined;
    }
    case "constant": {
      const { value } = leaf;
      const mark = zeekMark(value);
      if (mark?.kind === "constant" && mark.type !== "interval") return constant(String(mark.value));
      if (
        value === null ||
        (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
      ) {
        return constant(String(value));
      }
      if (Array.isArray(value))
        return textOfLeaf(context, { kind: "tuple", elements: value.map(constant) }, facts, node);
      return refuse(context, EXPRESSION_UNSUPPORTED, node, `${describe(leaf)} has no text in Zeek`);
    }
    case "scalar": {
      const { expression } = leaf;
      switch (expression.type.kind) {
        case "string":
          return leaf;
        case "bool":
          return scalar(conditional(expression, text("true", span), text("false", span), span), true);
        case "count":
        case "int":
        case "addr":
        case "port":
        case "subnet":
        case "enum":
          return scalar(call("cat", [expression], STRING, span), true);
        case "double":
          return refuse(
            context,
            EXPRESSION_TYPE,
            node,
            "Zeek and TypeScript print fractions differently",
            "say how many digits: `x.toFixed(1)`, or round: `Math.round(x)`",
          );
        case "interval":
        case "time":
          return refuse(
            context,
            EXPRESSION_TYPE,
            node,
            `a value of type ${expression.type.kind} has no text that Zeek and TypeScript share`,
            `take its seconds: \`${expression.type.kind}_to_double(...).toFixed(0)\``,
          );
        default:
          return refuse(
            context,
            EXPRESSION_TYPE,
            node,
            `a value of type ${typeName(expression.type)} has no text of one line in Zeek`,
          );
      }
    }
    default:
      return refuse(
        context,
        EXPRESSION_UNSUPPORTED,
        node,
        `${describe(leaf)} has no text in Zeek`,
        "write its fields",
      );
  }
}

/** `String(x)`, a hole of a template. */
export function toText(
  context: Context,
  symbolic: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(symbolic, facts, context.budget, (leaf, inside) =>
    textOfLeaf(context, leaf, inside, node),
  );
}

/** `a + b` of texts, and templates; each side becomes one expression, so that nothing multiplies. */
export function concat(
  context: Context,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return join(context, [left, right], facts, node);
}

/** All parts one after the other, as one `cat(...)`. */
export function join(
  context: Context,
  parts: readonly SymbolicValue[],
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const pieces: Expression[] = [];
  let ascii = true;
  let pending = "";
  let broken = false;
  const flush = (): void => {
    broken ||= hasLoneSurrogate(pending);
    if (pending !== "") pieces.push(text(pending, spanOf(node)));
    pending = "";
  };
  for (const part of parts) {
    const made = toText(context, part, facts, node);
    if (made.kind === "invalid") return INVALID;
    if (made.kind === "constant") {
      pending += String(made.value);
      continue;
    }
    const expression = toExpression(context, made, node);
    if (expression === undefined) return INVALID;
    ascii = ascii && leavesOf(made).every(isAscii);
    for (const piece of catArguments(expression)) {
      flush();
      pieces.push(piece);
    }
  }
  if (pieces.length === 0) return constant(pending);
  ascii = ascii && /^[\0-\x7f]*$/.test(pending);
  flush();
  if (broken) return loneSurrogate(context, node);
  const only = pieces[0];
  if (pieces.length === 1 && only?.type.kind === "string") return scalar(only, ascii);
  return scalar(call("cat", pieces, STRING, spanOf(node)), ascii && pieces.every(asciiPiece));
}

function asciiPiece(piece: Expression): boolean {
  return piece.kind !== "literal" || typeof piece.value !== "string" || /^[\0-\x7f]*$/.test(piece.value);
}

function catArguments(node: Expression): readonly Expression[] {
  return node.kind === "call" && node.function === "cat" ? node.arguments : [node];
}

export function loneSurrogate(context: Context, node: ts.Node): Leaf {
  return refuse(context, EXPRESSION_TEXT, node, "half of a surrogate pair is no text that Zeek can hold");
}

/** `x.toFixed(digits)`: C rounds an exact half to even, TypeScript away from zero. */
export function fixed(
  context: Context,
  symbolic: SymbolicValue,
  digits: number,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  return mapLeaves(symbolic, facts, context.budget, (leaf) => {
    if (leaf.kind === "constant" && typeof leaf.value === "number")
      return constant(leaf.value.toFixed(digits));
    if (leaf.kind !== "scalar")
      return refuse(context, EXPRESSION_TYPE, node, `${describe(leaf)} is no number`);
    const { expression } = leaf;
    const span = spanOf(node);
    const double = (value: number): Expression => literal(DOUBLE, value, span);
    if (expression.type.kind === "count" || expression.type.kind === "int") {
      const whole = call("cat", [expression], STRING, span);
      if (digits === 0) return scalar(whole, true);
      return scalar(call("cat", [expression, text(`.${"0".repeat(digits)}`, span)], STRING, span), true);
    }
    if (expression.type.kind !== "double") {
      return refuse(context, EXPRESSION_TYPE, node, `${describe(leaf)} is no number`);
    }
    const op = (operator: "+" | "-" | "*" | "/", a: Expression, b: Expression): Expression =>
      binary(operator, a, b, DOUBLE, span);
    // A half is exact only where x * 2^(digits+1) is an odd whole number.
    const scaled = op("*", expression, double(2 ** (digits + 1)));
    const halved = op("*", expression, double(2 ** digits));
    const floor = (x: Expression): Expression => call("floor", [x], DOUBLE, span);
    const exactHalf = binary(
      "&&",
      binary("==", scaled, floor(scaled), BOOL, span),
      binary("!=", halved, floor(halved), BOOL, span),
      BOOL,
      span,
    );
    const nudge = double(10 ** -(digits + 1));
    const away = mayBeNegative(expression)
      ? conditional(
          binary("<", expression, double(0), BOOL, span),
          op("-", expression, nudge),
          op("+", expression, nudge),
          span,
        )
      : op("+", expression, nudge);
    const format = text(`%.${digits}f`, span);
    // C prints the sign of a negative zero, TypeScript does not.
    const unsigned = (x: Expression): Expression => (mayBeNegative(x) ? op("+", x, double(0)) : x);
    const printed = (x: Expression): Expression => call("fmt", [format, unsigned(x)], STRING, span);
    return scalar(conditional(exactHalf, printed(away), printed(expression), span), true);
  });
}

/** Whether a double can come out as negative zero: by a sign, a product or a quotient with a negative side. */
function mayBeNegative(node: Expression): boolean {
  const known = negatives.get(node);
  if (known !== undefined) return known;
  const found = isNegativePossible(node);
  negatives.set(node, found);
  return found;
}

const negatives = new WeakMap<Expression, boolean>();

function isNegativePossible(node: Expression): boolean {
  switch (node.kind) {
    case "literal":
      return typeof node.value === "number" && node.value < 0;
    case "unary":
      return node.operator === "negate" || (node.operator === "plus" && mayBeNegative(node.operand));
    case "binary":
      return node.operator === "-" || mayBeNegative(node.left) || mayBeNegative(node.right);
    case "conditional":
      return mayBeNegative(node.whenTrue) || mayBeNegative(node.whenFalse);
    default:
      return node.type.kind !== "count";
  }
}

/** UTF-16 units of a text: bytes for ASCII, else bytes without continuations, astral characters twice. */
export function lengthOf(expression: Expression, ascii: boolean, node: ts.Node): Expression {
  const span = spanOf(node);
  const size = (of: Expression): Expression => ({
    kind: "unary",
    operator: "size",
    operand: of,
    type: COUNT,
    span,
  });
  if (ascii) return size(expression);
  const without = (source: string): Expression =>
    call(
      "gsub",
      [expression, { kind: "pattern", source, type: { kind: "pattern" }, span }, text("", span)],
      STRING,
      span,
    );
  const characters = size(without("[\\x80-\\xbf]"));
  const astral = binary("-", size(expression), size(without("[\\xf0-\\xf4]")), COUNT, span);
  return binary("+", characters, astral, COUNT, span);
}

/** `needle in haystack`; an empty needle is in every text, also in the empty one. */
export function contains(haystack: Expression, needle: Expression, node: ts.Node): Expression {
  const span = spanOf(node);
  const found = binary("in", needle, haystack, BOOL, span);
  if (needle.kind === "literal") return needle.value === "" ? literal(BOOL, true, span) : found;
  return or(binary("==", needle, text("", span), BOOL, span), found, span);
}
