import type { PatternNode } from "../ast.js";

/** Bytes of compiled code that PCRE2 allows with its default link size. */
export const SIZE_LIMIT = 65_535;

/**
 * About the bytes of PCRE2's compiled code: counted groups are written out once for each round, single
 * characters are counted by an instruction.
 */
export function compiledSize(node: PatternNode): number {
  switch (node.kind) {
    case "byte":
      return 2;
    case "set":
      return 33;
    case "empty":
      return 0;
    case "sequence":
      return node.items.reduce((sum, item) => sum + compiledSize(item), 0);
    case "alternatives":
      return node.options.reduce((sum, option) => sum + compiledSize(option) + 3, 0);
    case "group":
    case "look":
    case "atomic":
      return compiledSize(node.body) + 8;
    case "repeat": {
      const body = compiledSize(node.body);
      if (node.body.kind === "byte" || node.body.kind === "set") return body + 8;
      return (body + 3) * Math.max(1, node.max === Infinity ? node.min : node.max);
    }
    case "conditional":
      return compiledSize(node.yes) + (node.no === null ? 0 : compiledSize(node.no)) + 12;
    default:
      return 4;
  }
}
