import { types } from "node:util";
import type { ts } from "ts-morph";
import type { Span } from "../../diagnostics/diagnostic.js";
import type { Expression, LiteralExpression, ZeekType } from "../../model/expression.js";
import {
  BOOL,
  binary,
  bool,
  COUNT,
  call,
  conditional,
  DOUBLE,
  INT,
  literal,
  STRING,
  text,
  unary,
} from "../../model/expression-builders.js";
import { canonicalAddress } from "../../zeek/values/address.js";
import { formatPort, parsePort } from "../../zeek/values/port.js";
import { parseSubnet } from "../../zeek/values/subnet.js";
import { zeekEnum } from "../../zeek-records/records.js";
import { EXPRESSION_ABSENT, EXPRESSION_NUMBER, EXPRESSION_TYPE, EXPRESSION_UNSUPPORTED } from "./codes.js";
import { type Context, refuse, spanOf } from "./context.js";
import { zeekMark } from "./marks.js";
import { type Facts, type Leaf, mapLeaves, numeric, type SymbolicValue, scalar } from "./symbolic-value.js";

/** The largest number that Zeek's count and int both hold, as a double. */
export const INTEGER_LIMIT = 2 ** 62;

/** `addr`, `set[port]`, as Zeek spells it. */
export function typeName(type: ZeekType): string {
  switch (type.kind) {
    case "enum":
    case "record":
      return type.name;
    case "set":
      return `set[${type.of.map(typeName).join(", ")}]`;
    case "vector":
      return `vector of ${typeName(type.of)}`;
    default:
      return type.kind;
  }
}

export function sameType(a: ZeekType, b: ZeekType): boolean {
  return typeName(a) === typeName(b);
}

/** The type that a number constant has by itself. */
export function numberType(value: number): ZeekType {
  if (!Number.isInteger(value) || Math.abs(value) > INTEGER_LIMIT) return DOUBLE;
  return value < 0 ? INT : COUNT;
}

/** A constant as a literal of its own type; undefined where Zeek has none. */
export function literalOf(value: unknown, span: Span): LiteralExpression | undefined {
  switch (typeof value) {
    case "boolean":
      return bool(value, span);
    case "string":
      return text(value, span);
    case "number":
      return Number.isFinite(value)
        ? literal(numberType(value), value + 0 === 0 ? 0 : value, span)
        : undefined;
    default: {
      const mark = zeekMark(value);
      return mark?.kind === "constant" ? literal({ kind: mark.type }, mark.value, span) : undefined;
    }
  }
}

/** A text as a literal of another type, where it is the canonical text of one: `"22/tcp"` as a port. */
export function literalFromText(value: string, type: ZeekType, span: Span): LiteralExpression | string {
  const canonical = canonicalText(value, type);
  if (canonical === undefined) return `${JSON.stringify(value)} is no ${typeName(type)}`;
  if (canonical !== value) return `write ${JSON.stringify(canonical)}, as Zeek does`;
  return literal(type, value, span);
}

function canonicalText(value: string, type: ZeekType): string | undefined {
  switch (type.kind) {
    case "addr":
      return canonicalAddress(value);
    case "subnet":
      return parseSubnet(value)?.text;
    case "port": {
      const port = parsePort(value);
      return port === undefined ? undefined : formatPort(port);
    }
    case "enum":
      return zeekEnum(type.name)?.values.includes(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** A number expression as another of Zeek's number types; widening only. */
export function widen(node: Expression, type: ZeekType): Expression {
  if (node.type.kind === type.kind) return node;
  if (node.kind === "literal") return { ...node, type };
  if (type.kind === "double") return binary("*", literal(DOUBLE, 1, node.span), node, DOUBLE, node.span);
  return unary("plus", node, INT, node.span);
}

/** The wider of two number types. */
export function widerNumber(a: ZeekType, b: ZeekType): ZeekType {
  if (a.kind === "double" || b.kind === "double") return DOUBLE;
  return a.kind === "int" || b.kind === "int" ? INT : COUNT;
}

const magnitudes = new WeakMap<Expression, number>();

/** The largest magnitude that a number can have, taking 2^53 for every field. */
export function magnitude(node: Expression): number {
  const known = magnitudes.get(node);
  if (known !== undefined) return known;
  const found = magnitudeOf(node);
  magnitudes.set(node, found);
  return found;
}

function magnitudeOf(node: Expression): number {
  switch (node.kind) {
    case "literal":
      return typeof node.value === "number" ? Math.abs(node.value) : 2 ** 53;
    case "unary":
      return node.operator === "size" ? 2 ** 53 : magnitude(node.operand);
    case "binary": {
      const left = magnitude(node.left);
      if (node.operator === "%")
        return node.right.kind === "literal" ? Math.min(left, magnitude(node.right)) : left;
      if (node.operator === "&") return Math.min(left, magnitude(node.right));
      if (node.operator === "/") {
        const divisor = node.right.kind === "literal" ? magnitude(node.right) : 0;
        return divisor >= 1
          ? left / divisor
          : node.right.type.kind === "double"
            ? Number.POSITIVE_INFINITY
            : left;
      }
      const right = magnitude(node.right);
      return node.operator === "*" ? left * right : left + right;
    }
    case "conditional":
      return Math.max(magnitude(node.whenTrue), magnitude(node.whenFalse));
    case "call":
      if (node.function === "port_to_count") return 65_535;
      return node.function === "floor" || node.function === "ceil" || node.function === "double_to_int"
        ? Math.max(...node.arguments.map(magnitude)) + 1
        : 2 ** 53;
    default:
      return 2 ** 53;
  }
}

/** Every leaf that can be reached. */
export function leavesOf(symbolic: SymbolicValue): readonly Leaf[] {
  const found: Leaf[] = [];
  const stack: SymbolicValue[] = [symbolic];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === "choice") stack.push(next.whenFalse, next.whenTrue);
    else found.push(next);
    if (found.length > 5000) break;
  }
  return found;
}

/** The Zeek type of a leaf; undefined for what Zeek has no value for. */
export function typeOfLeaf(leaf: Leaf): ZeekType | undefined {
  if (leaf.kind === "scalar") return leaf.expression.type;
  if (leaf.kind !== "constant") return undefined;
  return literalOf(leaf.value, nowhere)?.type;
}

const nowhere: Span = { file: "", line: 1, column: 1 };

/** One type for all leaves, or undefined where there is none. */
function commonType(symbolic: SymbolicValue): ZeekType | undefined {
  let common: ZeekType | undefined;
  let fromText = false;
  for (const leaf of leavesOf(symbolic)) {
    const type = typeOfLeaf(leaf);
    if (type === undefined) return undefined;
    const isText = leaf.kind === "constant" && type.kind === "string";
    if (common === undefined) {
      common = type;
      fromText = isText;
    } else if (numeric(common) && numeric(type)) common = widerNumber(common, type);
    else if (!sameType(common, type)) {
      if (isText && common.kind === "enum") common = STRING;
      else if (isText && isOpaque(common)) continue;
      else if (fromText && isOpaque(type)) [common, fromText] = [type, false];
      else if (type.kind === "enum" && common.kind === "string") continue;
      else if (type.kind === "string" && common.kind === "enum") common = STRING;
      else return undefined;
    }
  }
  return common;
}

/** Types whose constants may be written as text. */
export function isOpaque(type: ZeekType): boolean {
  return type.kind === "addr" || type.kind === "port" || type.kind === "subnet";
}

/** A leaf as an expression of the type; undefined after a diagnostic. */
function leafAs(context: Context, leaf: Leaf, type: ZeekType, node: ts.Node): Expression | undefined {
  const span = spanOf(node);
  if (leaf.kind === "scalar") {
    const { expression } = leaf;
    if (numeric(type) && numeric(expression.type)) return widen(expression, type);
    if (type.kind === "string" && expression.type.kind === "enum")
      return call("cat", [expression], STRING, span);
    return expression;
  }
  if (leaf.kind !== "constant") return undefined;
  if (typeof leaf.value === "string" && isOpaque(type)) {
    const made = literalFromText(leaf.value, type, span);
    if (typeof made !== "string") return made;
    refuse(context, EXPRESSION_TYPE, node, made);
    return undefined;
  }
  const made = literalOf(leaf.value, span);
  return made !== undefined && numeric(type) && numeric(made.type) ? { ...made, type } : made;
}

/** The whole tree as one expression of Zeek; undefined after a diagnostic. */
export function toExpression(
  context: Context,
  symbolic: SymbolicValue,
  node: ts.Node,
): Expression | undefined {
  for (const leaf of leavesOf(symbolic)) if (!presentable(context, leaf, node)) return undefined;
  const type = commonType(symbolic);
  if (type === undefined) {
    const types = new Set(leavesOf(symbolic).map((leaf) => typeName(typeOfLeaf(leaf) ?? STRING)));
    refuse(
      context,
      EXPRESSION_TYPE,
      node,
      `this is one of several types, ${[...types].join(" or ")}; Zeek needs one`,
      "give every branch the same type, for example text with String(...) or a template",
    );
    return undefined;
  }
  return build(context, symbolic, type, node);
}

function build(
  context: Context,
  symbolic: SymbolicValue,
  type: ZeekType,
  node: ts.Node,
): Expression | undefined {
  if (symbolic.kind !== "choice") return leafAs(context, symbolic, type, node);
  context.budget.steps -= 1;
  if (context.budget.steps < 0) return undefined;
  const then = build(context, symbolic.whenTrue, type, node);
  const otherwise = build(context, symbolic.whenFalse, type, node);
  if (then === undefined || otherwise === undefined) return undefined;
  return conditional(symbolic.condition, then, otherwise, symbolic.span);
}

/** Whether Zeek has a value for the leaf; says why not. */
function presentable(context: Context, leaf: Leaf, node: ts.Node): boolean {
  if (leaf.kind === "scalar") return true;
  if (leaf.kind === "invalid") return false;
  if (leaf.kind === "constant") {
    if (leaf.value === undefined || leaf.value === null || leaf.kind !== "constant") {
      refuse(
        context,
        EXPRESSION_ABSENT,
        node,
        "this may be absent (undefined), and Zeek has no value for that here",
        'give a value for that case: `... ?? "-"`, or test it first',
      );
      return false;
    }
    if (typeof leaf.value === "number" && !Number.isFinite(leaf.value)) {
      refuse(
        context,
        EXPRESSION_NUMBER,
        node,
        `this may become ${leaf.value}, which Zeek does not have (a division by zero ends the handler)`,
        "test the divisor first: `b > 0 ? a / b : 0`",
      );
      return false;
    }
    if (literalOf(leaf.value, nowhere) !== undefined) return true;
  }
  refuse(context, EXPRESSION_UNSUPPORTED, node, `${describe(leaf)} is no value that Zeek can hold here`);
  return false;
}

/** A leaf in the user's words. */
export function describe(leaf: Leaf): string {
  switch (leaf.kind) {
    case "scalar":
      return `a value of type ${typeName(leaf.expression.type)}`;
    case "record":
      return `the record ${[leaf.parameter, ...leaf.path].join(".")}`;
    case "tuple":
      return "an array";
    case "object":
      return "an object";
    case "closure":
      return "a function";
    case "short":
    case "invalid":
      return "this";
    case "constant": {
      if (leaf.value === null) return "null";
      if (types.isProxy(leaf.value)) return "a Proxy";
      if (Array.isArray(leaf.value)) return "an array";
      const mark = zeekMark(leaf.value);
      if (mark !== undefined) return mark.kind === "constant" ? `${mark.type} ${mark.value}` : mark.name;
      if (typeof leaf.value === "object") return describeObject(leaf.value);
      return typeof leaf.value === "function"
        ? "a function"
        : `the ${typeof leaf.value} ${String(leaf.value)}`;
    }
  }
}

/** `an object`, `a Date`; nothing of the bundle's runs for it. */
function describeObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const made =
    typeof prototype === "object" && prototype !== null && !types.isProxy(prototype)
      ? Object.getOwnPropertyDescriptor(prototype, "constructor")?.value
      : undefined;
  const name = typeof made === "function" ? Object.getOwnPropertyDescriptor(made, "name")?.value : undefined;
  return typeof name !== "string" || name === "Object" ? "an object" : `a ${name}`;
}

/** Whether a leaf is true in TypeScript: a condition; undefined after a diagnostic. */
export function truth(context: Context, leaf: Leaf, node: ts.Node): Expression | undefined {
  const span = spanOf(node);
  switch (leaf.kind) {
    case "invalid":
      return undefined;
    case "short":
      return bool(false, span);
    case "constant":
      return bool(Boolean(leaf.value), span);
    case "scalar": {
      const { expression } = leaf;
      switch (expression.type.kind) {
        case "bool":
          return expression;
        case "string":
          return binary("!=", expression, text("", span), BOOL, span);
        case "count":
        case "int":
        case "double": {
          const type = expression.type.kind === "double" ? DOUBLE : COUNT;
          return binary("!=", expression, literal(type, 0, span), BOOL, span);
        }
        case "interval":
        case "time":
          refuse(
            context,
            EXPRESSION_TYPE,
            node,
            `a value of type ${expression.type.kind} is no condition`,
            'compare it: `c.duration > duration("0 sec")`',
          );
          return undefined;
        default:
          return bool(true, span);
      }
    }
    default:
      return bool(true, span);
  }
}

/** The tree as one condition; undefined after a diagnostic. */
export function toCondition(
  context: Context,
  symbolic: SymbolicValue,
  facts: Facts,
  node: ts.Node,
): Expression | undefined {
  let failed = false;
  const mapped = mapLeaves(symbolic, facts, context.budget, (leaf) => {
    const condition = truth(context, leaf, node);
    if (condition === undefined) failed = true;
    return scalar(condition ?? bool(false, spanOf(node)));
  });
  return failed || mapped.kind === "invalid" ? undefined : build(context, mapped, BOOL, node);
}

/** A tree of truth values as one scalar; other trees as they are. */
export function tidy(context: Context, symbolic: SymbolicValue, node: ts.Node): SymbolicValue {
  if (symbolic.kind !== "choice") return symbolic;
  const allBool = leavesOf(symbolic).every((leaf) => typeOfLeaf(leaf)?.kind === "bool");
  if (!allBool) return symbolic;
  const made = build(context, symbolic, BOOL, node);
  return made === undefined ? { kind: "invalid" } : scalar(made);
}

/** A tree whose leaves are all values of one type as one scalar; other trees as they are. */
export function settle(context: Context, symbolic: SymbolicValue, node: ts.Node): SymbolicValue {
  if (symbolic.kind !== "choice") return symbolic;
  const leaves = leavesOf(symbolic);
  if (leaves.every((leaf) => leaf.kind === "constant") && leaves.length <= 2) return symbolic;
  const type = commonType(symbolic);
  if (type === undefined) return symbolic;
  const made = build(context, symbolic, type, node);
  return made === undefined ? { kind: "invalid" } : scalar(made, leaves.every(isAscii));
}

/** Text without bytes above 7f. */
export function isAscii(leaf: Leaf): boolean {
  if (leaf.kind === "scalar") return leaf.ascii || leaf.expression.type.kind !== "string";
  return leaf.kind === "constant" && typeof leaf.value === "string" && /^[\0-\x7f]*$/.test(leaf.value);
}
