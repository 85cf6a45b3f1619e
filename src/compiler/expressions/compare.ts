import type { ts } from "ts-morph";
import type { Expression } from "../../model/expression.js";
import { BOOL, binary, bool, call, literal, not, STRING, text } from "../../model/expression-builders.js";
import { zeekEnum } from "../../zeek-records/records.js";
import { EXPRESSION_TEXT, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import {
  describe,
  isOpaque,
  literalFromText,
  literalOf,
  numberType,
  sameType,
  settle,
  tidy,
  widen,
  widerNumber,
} from "./convert.js";
import { zeekMark } from "./marks.js";
import {
  type Facts,
  INVALID,
  type Leaf,
  mapLeaves,
  numeric,
  type SymbolicValue,
  scalar,
} from "./symbolic-value.js";

export type Relation = "<" | "<=" | ">" | ">=";

/** `===`, or `==` where `loose`; `!==` is its opposite. */
export function equality(
  context: Context,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
  options: { readonly loose: boolean; readonly negated: boolean },
): SymbolicValue {
  const compared = pairwise(context, left, right, facts, node, (a, b) => {
    const equal = equalLeaves(context, a, b, node, options.loose);
    if (equal === undefined) return INVALID;
    return scalar(options.negated ? not(equal) : equal);
  });
  return tidy(context, compared, node);
}

/** `<`, `<=`, `>`, `>=`. */
export function relation(
  context: Context,
  operator: Relation,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): SymbolicValue {
  const compared = pairwise(context, left, right, facts, node, (a, b) => {
    const holds = relatedLeaves(context, operator, a, b, node);
    return holds === undefined ? INVALID : scalar(holds);
  });
  return tidy(context, compared, node);
}

function pairwise(
  context: Context,
  left: SymbolicValue,
  right: SymbolicValue,
  facts: Facts,
  node: ts.Node,
  apply: (a: Leaf, b: Leaf) => SymbolicValue,
): SymbolicValue {
  const first = settle(context, left, node);
  const second = settle(context, right, node);
  return mapLeaves(first, facts, context.budget, (a, inside) =>
    mapLeaves(second, inside, context.budget, (b) => apply(a, b)),
  );
}

/** Whether two leaves are equal; undefined after a diagnostic. */
export function equalLeaves(
  context: Context,
  a: Leaf,
  b: Leaf,
  node: ts.Node,
  loose = false,
): Expression | undefined {
  const span = spanOf(node);
  if (a.kind === "constant" && b.kind === "constant") {
    const [x, y] = [plain(a.value), plain(b.value)];
    if (!loose || typeof x === typeof y) return bool(x === y, span);
    if (isNothing(x) || isNothing(y)) return bool(isNothing(x) && isNothing(y), span);
    return mixed(context, a, b, node);
  }
  if (a.kind === "constant") return equalLeaves(context, b, a, node, loose);
  if (b.kind === "constant" && isNothing(b.value)) return bool(false, span);
  if (a.kind !== "scalar") {
    const what = a.kind === "record" || a.kind === "tuple" || a.kind === "object" ? describe(a) : "this";
    refuse(
      context,
      EXPRESSION_UNSUPPORTED,
      node,
      `${what} cannot be compared in Zeek`,
      "compare its fields, one by one",
    );
    return undefined;
  }
  const left = a.expression;
  if (b.kind === "scalar") return equalScalars(context, left, b.expression, a, b, node);
  if (b.kind !== "constant") return mixed(context, a, b, node);
  const { value } = b;
  if (typeof value === "number" && !Number.isFinite(value)) return bool(false, span);
  if (typeof value === "string" && left.type.kind === "enum") {
    if (zeekEnum(left.type.name)?.values.includes(value) === true) {
      return binary("==", left, literal(left.type, value, span), BOOL, span);
    }
    if ((zeekEnum(left.type.name)?.values.length ?? 0) > 0) return bool(false, span);
    return binary("==", call("cat", [left], STRING, span), text(value, span), BOOL, span);
  }
  if (typeof value === "string" && isOpaque(left.type)) {
    const made = literalFromText(value, left.type, span);
    if (typeof made !== "string") return binary("==", left, made, BOOL, span);
    refuse(context, EXPRESSION_TYPE, node, `never true: ${made}`);
    return undefined;
  }
  if (typeof value === "string" && left.type.kind === "string" && hasLoneSurrogate(value)) {
    return bool(false, span);
  }
  const right = literalOf(value, span);
  if (right === undefined) return mixed(context, a, b, node);
  return equalScalars(context, left, right, a, b, node);
}

function equalScalars(
  context: Context,
  left: Expression,
  right: Expression,
  a: Leaf,
  b: Leaf,
  node: ts.Node,
): Expression | undefined {
  const span = spanOf(node);
  if (numeric(left.type) && numeric(right.type)) return compareNumbers("==", left, right, node);
  if (left.type.kind === "bool" && right.type.kind === "bool") {
    if (right.kind === "literal") return right.value === true ? left : not(left);
    return binary("==", left, right, BOOL, span);
  }
  if (left.type.kind === "enum" && right.type.kind === "string") {
    return binary("==", call("cat", [left], STRING, span), right, BOOL, span);
  }
  if (left.type.kind === "string" && right.type.kind === "enum") {
    return binary("==", left, call("cat", [right], STRING, span), BOOL, span);
  }
  const comparable = !["set", "vector", "record", "pattern"].includes(left.type.kind);
  if (comparable && sameType(left.type, right.type)) return binary("==", left, right, BOOL, span);
  return mixed(context, a, b, node);
}

function mixed(context: Context, a: Leaf, b: Leaf, node: ts.Node): undefined {
  refuse(
    context,
    EXPRESSION_TYPE,
    node,
    `${describe(a)} and ${describe(b)} cannot be compared in Zeek`,
    'compare values of one type: `port("22/tcp")`, `addr("192.0.2.1")`, `port_to_count(p)`, `duration("5 min")`',
  );
  return undefined;
}

/** Numbers of Zeek, brought to one type; a constant that the other's type cannot hold decides at once. */
function compareNumbers(
  operator: "==" | Relation,
  left: Expression,
  right: Expression,
  node: ts.Node,
): Expression {
  const span = spanOf(node);
  if (left.type.kind === "count" && right.kind === "literal" && right.type.kind === "int") {
    // A count is never below zero: no comparison of a huge count with an int, which Zeek could not promote.
    return bool(operator === ">" || operator === ">=", span);
  }
  if (right.type.kind === "count" && left.kind === "literal" && left.type.kind === "int") {
    return bool(operator === "<" || operator === "<=", span);
  }
  const type = widerNumber(left.type, right.type);
  const fit = (side: Expression): Expression =>
    type.kind === "double" && side.kind === "literal" ? widen(side, type) : side;
  return binary(operator, fit(left), fit(right), BOOL, span);
}

function relatedLeaves(
  context: Context,
  operator: Relation,
  a: Leaf,
  b: Leaf,
  node: ts.Node,
): Expression | undefined {
  const span = spanOf(node);
  if (a.kind === "constant" && b.kind === "constant") {
    const [x, y] = [plain(a.value), plain(b.value)];
    if (isPrimitive(x) && isPrimitive(y)) return bool(relate(operator, x, y), span);
    return mixed(context, a, b, node);
  }
  if (isAbsentLeaf(a) || isAbsentLeaf(b)) return bool(false, span);
  for (const [leaf, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const limit = leaf.kind === "constant" ? leaf.value : undefined;
    if (typeof limit === "number" && !Number.isFinite(limit) && isNumberScalar(other)) {
      // Any finite number stands for the one that Zeek computes.
      return bool(leaf === b ? relate(operator, 0, limit) : relate(operator, limit, 0), span);
    }
  }
  const left = sideOf(a, b, node);
  const right = sideOf(b, a, node);
  if (left === undefined || right === undefined) return mixed(context, a, b, node);
  if (numeric(left.type) && numeric(right.type)) return compareNumbers(operator, left, right, node);
  if (left.type.kind === right.type.kind) {
    if (left.type.kind === "interval" || left.type.kind === "time") {
      return binary(operator, left, right, BOOL, span);
    }
    if (left.type.kind === "string") {
      if (orderedAlike(a) || orderedAlike(b)) return binary(operator, left, right, BOOL, span);
      refuse(
        context,
        EXPRESSION_TEXT,
        node,
        "Zeek orders text by bytes and TypeScript by UTF-16 units; for two texts that are not known they may differ",
        "compare with a constant, or only fields that are ASCII",
      );
      return undefined;
    }
    if (left.type.kind === "addr" || left.type.kind === "subnet") {
      refuse(
        context,
        EXPRESSION_TYPE,
        node,
        "addresses have no order in TypeScript",
        'test membership: `subnet("10.0.0.0/8").has(c.id.orig_h)`',
      );
      return undefined;
    }
    if (left.type.kind === "port") {
      refuse(
        context,
        EXPRESSION_TYPE,
        node,
        "ports have no order in TypeScript",
        "compare numbers: `port_to_count(c.id.resp_p) < 1024`",
      );
      return undefined;
    }
  }
  return mixed(context, a, b, node);
}

function sideOf(leaf: Leaf, other: Leaf, node: ts.Node): Expression | undefined {
  if (leaf.kind === "scalar") return leaf.expression;
  if (leaf.kind !== "constant") return undefined;
  const span = spanOf(node);
  if (typeof leaf.value === "number") return literal(numberType(leaf.value), leaf.value, span);
  if (typeof leaf.value === "string" && other.kind === "scalar" && other.expression.type.kind !== "string") {
    return undefined;
  }
  return literalOf(leaf.value, span);
}

/** Text whose order in UTF-16 units is that of its bytes, against any other text. */
function orderedAlike(leaf: Leaf): boolean {
  if (leaf.kind === "scalar") return leaf.ascii;
  return leaf.kind === "constant" && typeof leaf.value === "string" && !/[\ud800-\uffff]/.test(leaf.value);
}

function isNumberScalar(leaf: Leaf): boolean {
  return leaf.kind === "scalar" && numeric(leaf.expression.type);
}

function isAbsentLeaf(leaf: Leaf): boolean {
  return leaf.kind === "short" || (leaf.kind === "constant" && leaf.value === undefined);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Constants of Zeek's compare by what they are, not by which object stands for them. */
export function plain(value: unknown): unknown {
  const mark = zeekMark(value);
  return mark?.kind === "constant" ? mark.value : value;
}

type Primitive = string | number | boolean | undefined | null;

function isPrimitive(value: unknown): value is Primitive {
  return value === null || ["string", "number", "boolean", "undefined"].includes(typeof value);
}

function relate(operator: Relation, x: Primitive, y: Primitive): boolean {
  const [a, b] = typeof x === "string" && typeof y === "string" ? [x, y] : [Number(x), Number(y)];
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** Text that UTF-8 has no bytes for: half of a surrogate pair. No text of Zeek's holds it. */
export function hasLoneSurrogate(value: string): boolean {
  return /[\ud800-\udfff]/u.test(value);
}
