import type { Span } from "../diagnostics/diagnostic.js";
import type { BinaryOperator, Expression, LiteralExpression, UnaryOperator, ZeekType } from "./expression.js";
import { childrenOf } from "./walk.js";

/** Makers of Expression nodes that fold what is constant, so that the emitted text stays short. */

export const BOOL: ZeekType = { kind: "bool" };
export const COUNT: ZeekType = { kind: "count" };
export const INT: ZeekType = { kind: "int" };
export const DOUBLE: ZeekType = { kind: "double" };
export const STRING: ZeekType = { kind: "string" };

/** More nodes than this are refused: Zeek would evaluate them for each connection. */
export const SIZE_LIMIT = 4000;

const sizes = new WeakMap<Expression, number>();
const keys = new WeakMap<Expression, string>();
const negations = new WeakMap<Expression, Expression>();

/** Nodes of the expression written out; parts that are shared count each time. */
export function sizeOf(node: Expression): number {
  const known = sizes.get(node);
  if (known !== undefined) return known;
  let size = 1;
  for (const child of childrenOf(node)) size += sizeOf(child);
  sizes.set(node, size);
  return size;
}

/** Whether an expression has more than SIZE_LIMIT different parts. */
export function isTooLarge(node: Expression): boolean {
  if (sizeOf(node) <= SIZE_LIMIT) return false;
  const seen = new Set<string>();
  const stack = [node];
  for (let next = stack.pop(); next !== undefined && seen.size <= SIZE_LIMIT; next = stack.pop()) {
    const key = keyOf(next);
    if (seen.has(key)) continue;
    seen.add(key);
    stack.push(...childrenOf(next));
  }
  return seen.size > SIZE_LIMIT;
}

/**
 * Keys by what they stand for. A key is built of the keys below it, so that it is short however often parts are
 * shared; the numbers in it are never given twice, so that forgetting some only makes equal parts look different.
 */
const numbered = new Map<string, string>();
let numbers = 0;

/** Forgets what no expression of another function will ask for. */
export function forgetKeys(): void {
  numbered.clear();
}

/** A text that two expressions of one function share exactly when they are the same but for their spans. */
export function keyOf(node: Expression): string {
  const known = keys.get(node);
  if (known !== undefined) return known;
  let key = makeKey(node);
  if (key.length > 60) {
    const number = numbered.get(key) ?? `#${numbers++}`;
    numbered.set(key, number);
    key = number;
  }
  keys.set(node, key);
  return key;
}

function makeKey(node: Expression): string {
  const parts = childrenOf(node).map(keyOf).join(",");
  switch (node.kind) {
    case "literal":
      return `${node.type.kind}:${JSON.stringify(node.value)}`;
    case "pattern":
      return `/${node.source}/`;
    case "field":
      return `${node.parameter}$${node.path.join("$")}`;
    case "presence":
      return `${node.parameter}?$${node.path.join("$")}`;
    case "global":
      return node.name;
    case "unary":
    case "binary":
      return `(${node.operator} ${parts})`;
    case "conditional":
      return `(? ${parts})`;
    case "call":
      return `${node.function}(${parts})`;
    case "set":
      return `set(${parts})`;
    case "index":
      return `${parts}[${node.index}]`;
    case "let":
      return `let ${node.name}=${parts}`;
    case "variable":
      return `let ${node.name}`;
  }
}

export function literal(type: ZeekType, value: boolean | number | string, span: Span): LiteralExpression {
  return { kind: "literal", type, value, span };
}

export function bool(value: boolean, span: Span): LiteralExpression {
  return literal(BOOL, value, span);
}

/** UTF-8 bytes of a text, one UTF-16 unit a byte. */
export function toBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

export function text(value: string, span: Span): LiteralExpression {
  return literal(STRING, toBytes(value), span);
}

export function isTrue(node: Expression): boolean {
  return node.kind === "literal" && node.value === true;
}

export function isFalse(node: Expression): boolean {
  return node.kind === "literal" && node.value === false;
}

export function unary(operator: UnaryOperator, operand: Expression, type: ZeekType, span: Span): Expression {
  return { kind: "unary", operator, operand, type, span };
}

export function binary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  type: ZeekType,
  span: Span,
): Expression {
  return { kind: "binary", operator, left, right, type, span };
}

export function call(name: string, args: readonly Expression[], type: ZeekType, span: Span): Expression {
  return { kind: "call", function: name, arguments: args, type, span };
}

const opposite: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  in: "!in",
  "!in": "in",
};

/** Zeek has no NaN here (each division is guarded), so that `!(a < b)` is `a >= b`. */
export function not(node: Expression): Expression {
  const known = negations.get(node);
  if (known !== undefined) return known;
  const negated = negate(node);
  negations.set(node, negated);
  return negated;
}

function negate(node: Expression): Expression {
  if (node.kind === "literal") return bool(node.value !== true, node.span);
  if (node.kind === "unary" && node.operator === "not") return node.operand;
  if (node.kind === "binary") {
    const operator = opposite[node.operator];
    // Zeek has no `!in` for a pattern that it does not also have for `in`; comparison of patterns with `!=` too.
    if (operator !== undefined) return { ...node, operator };
    if (sizeOf(node) <= 400 && (node.operator === "&&" || node.operator === "||")) {
      return terms(node, node.operator)
        .map(not)
        .reduce((left, right) => (node.operator === "&&" ? or : and)(left, right, node.span));
    }
  }
  return unary("not", node, BOOL, node.span);
}

/** The terms of a chain of `&&` or `||`, left to right. */
function terms(node: Expression, operator: "&&" | "||"): Expression[] {
  const found: Expression[] = [];
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === "binary" && next.operator === operator) stack.push(next.right, next.left);
    else found.push(next);
  }
  return found;
}

function chain(operator: "&&" | "||", left: Expression, right: Expression, span: Span): Expression {
  // Terms that say the same twice are dropped, in chains of a size that people write.
  if (sizeOf(left) + sizeOf(right) > 400) return binary(operator, left, right, BOOL, span);
  const known = new Set(terms(left, operator).map(keyOf));
  let result = left;
  for (const term of terms(right, operator)) {
    const key = keyOf(term);
    if (known.has(key)) continue;
    known.add(key);
    result = binary(operator, result, term, BOOL, span);
  }
  return result;
}

export function and(left: Expression, right: Expression, span: Span): Expression {
  if (isTrue(left) || isFalse(right)) return right;
  if (isFalse(left) || isTrue(right)) return left;
  return chain("&&", left, right, span);
}

export function or(left: Expression, right: Expression, span: Span): Expression {
  if (isFalse(left) || isTrue(right)) return right;
  if (isTrue(left) || isFalse(right)) return left;
  return chain("||", left, right, span);
}

/** `condition ? then : otherwise` of two expressions of one type. */
export function conditional(
  condition: Expression,
  then: Expression,
  otherwise: Expression,
  span: Span,
): Expression {
  if (isTrue(condition)) return then;
  if (isFalse(condition)) return otherwise;
  if (then.type.kind === "bool") {
    if (isTrue(then)) return isFalse(otherwise) ? condition : or(condition, otherwise, span);
    if (isFalse(otherwise)) return and(condition, then, span);
    if (isTrue(otherwise)) return or(not(condition), then, span);
    if (isFalse(then)) return and(not(condition), otherwise, span);
  }
  if (keyOf(then) === keyOf(otherwise)) return then;
  // Only short ones: in a long one parts are shared, and each must stay below the conditions that it needs.
  if (
    then.kind === "conditional" &&
    sizeOf(then.condition) <= 40 &&
    keyOf(then.whenFalse) === keyOf(otherwise)
  ) {
    return conditional(and(condition, then.condition, span), then.whenTrue, otherwise, span);
  }
  return { kind: "conditional", condition, whenTrue: then, whenFalse: otherwise, type: then.type, span };
}
