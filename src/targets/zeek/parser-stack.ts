/**
 * How much of Zeek's parser an expression takes. The parser holds at most 200 symbols at once and then gives up
 * with "memory exhausted": Zeek does not start. A list, a sum or a chain of `&&` takes the same however long it
 * is; `a ? b : (c ? d : (...))` takes five for each turn, a parenthesis or a call within another one to four
 * (docs/reference/zeek.md#what-is-known-at-each-event, parser limits). Held by test/targets/zeek/parser-stack.test.ts, which counts on its own.
 */
import type { Expression } from "../../model/expression.js";

/** What one expression may take; what stands around it, a handler or blocks of a function, takes up to 80. */
const mostSymbols = 60;

/** `a ? b : c ? d : e` turns that stand in one expression. */
const mostTurns = 10;

/** Whether a part has to be a function, since its text would be too deep, or since it names a part of its own. */
export function needsFunction(node: Expression): boolean {
  return node.kind === "let" || turns(node) > mostTurns || symbols(node) > mostSymbols;
}

/** Conditionals that follow each other in the `else` of the one before. */
function turns(node: Expression): number {
  let count = 0;
  for (let next = node; next.kind === "conditional" && count <= mostTurns; next = next.whenFalse) count += 1;
  return count;
}

const known = new WeakMap<Expression, number>();

/** Symbols of the text of a node, with calls in place of the parts that are functions; never too few. */
function symbols(node: Expression): number {
  const found = known.get(node);
  if (found !== undefined) return found;
  const made = count(node);
  known.set(node, made);
  return made;
}

/** A part of another one, in a parenthesis if need be. */
function part(node: Expression): number {
  return needsFunction(node) ? 5 : symbols(node) + 1;
}

const list = (nodes: readonly Expression[]): number => 4 + Math.max(0, ...nodes.map(part));

function count(node: Expression): number {
  switch (node.kind) {
    case "literal":
      return 2;
    case "pattern":
    case "global":
    case "variable":
      return 1;
    case "field":
    case "presence":
      return 3;
    case "unary":
      return 2 + part(node.operand);
    case "binary":
      return chain(node);
    case "conditional":
      return Math.max(part(node.condition), 2 + part(node.whenTrue), 4 + part(node.whenFalse));
    case "call":
      return list(node.arguments);
    case "set":
      return 6;
    case "index":
      return Math.max(part(node.operand), 3);
    case "let":
      return 5;
  }
}

/** A chain of one operator leans to the left, and is read without holding more: walked in a loop. */
function chain(node: Expression & { readonly kind: "binary" }): number {
  let most = 0;
  let left: Expression = node;
  while (left.kind === "binary" && left.operator === node.operator && (left === node || !known.has(left))) {
    most = Math.max(most, 3 + part(left.right));
    left = left.left;
  }
  return Math.max(most, 1 + part(left));
}
