import type { PatternNode } from "./ast.js";

/** Fixed length of an alternative of a lookbehind, which the parser has made sure of. */
export function fixedLength(node: PatternNode, bodies: ReadonlyMap<number, PatternNode>): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "sequence":
      return node.items.reduce((sum, item) => sum + fixedLength(item, bodies), 0);
    case "alternatives": {
      const [first] = node.options;
      return first === undefined ? 0 : fixedLength(first, bodies);
    }
    case "group":
    case "atomic":
      return fixedLength(node.body, bodies);
    case "repeat":
      return fixedLength(node.body, bodies) * node.min;
    case "conditional":
      return node.condition.kind === "define" ? 0 : fixedLength(node.yes, bodies);
    case "call":
    case "backreference": {
      const body = bodies.get(node.groups[0] ?? 0);
      return body === undefined ? 0 : fixedLength(body, bodies);
    }
    default:
      return 0;
  }
}
