import { childrenOf, type PatternNode } from "./ast.js";

/**
 * Most bytes that the node takes; Infinity where it takes as many as there are, or where it cannot be reported.
 * What looks ahead or behind takes none.
 */
export function mostBytes(node: PatternNode): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "empty":
    case "assertion":
    case "look":
    case "fail":
      return 0;
    case "sequence":
      return node.items.reduce((sum, item) => sum + mostBytes(item), 0);
    case "alternatives":
      return Math.max(0, ...node.options.map(mostBytes));
    case "group":
    case "atomic":
      return mostBytes(node.body);
    case "repeat": {
      const body = mostBytes(node.body);
      return body === 0 || node.max === 0 ? 0 : body * node.max;
    }
    case "conditional":
      return Math.max(0, ...childrenOf(node).map(mostBytes));
    default:
      return Number.POSITIVE_INFINITY;
  }
}
