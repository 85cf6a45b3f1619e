import type { Expression } from "./expression.js";

/** The expressions directly below one, left to right. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "unary":
    case "index":
      return [node.operand];
    case "binary":
      return [node.left, node.right];
    case "conditional":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "call":
      return node.arguments;
    case "set":
      return node.elements;
    case "let":
      return [node.value, node.body];
    case "literal":
    case "pattern":
    case "field":
    case "presence":
    case "global":
    case "variable":
      return [];
  }
}

/** An expression and everything below it, elements of sets too, outermost first; deep ones do not deepen the stack. */
export function* walk(expression: Expression): Generator<Expression> {
  const stack: Expression[] = [expression];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    stack.push(...childrenOf(node).toReversed());
  }
}
