import type { PatternNode } from "../ast.js";
import { allBytes } from "../byte-set.js";
import { notNewline, typeEscapes } from "./sets.js";

/** Bytes of compiled code that PCRE2 allows with its default link size. */
export const SIZE_LIMIT = 65_520;

/** No byte of a pattern without counted quantifiers becomes more than so many bytes of code. */
const mostForOne = 40;

/** Can a pattern of this length pass {@link SIZE_LIMIT} without a counted bracket? Most are far from it. */
export const isLong = (text: string): boolean => text.length * mostForOne > SIZE_LIMIT;

/** Can a pattern of this text pass {@link SIZE_LIMIT} at all? */
export const mayBeTooLarge = (text: string): boolean => isLong(text) || text.includes("{");

const oneByteSets = new Set([...typeEscapes.values(), allBytes, notNewline]);

/** Size of one round of a loop: a bracket is written around what is none. */
function roundSize(body: PatternNode): number {
  const bracketed = body.kind === "group" || body.kind === "look" || body.kind === "atomic";
  return compiledSize(body) + (bracketed ? 0 : 6);
}

/**
 * About the bytes of PCRE2's compiled code, measured on 10.42: counted groups are written out once for each
 * round, single characters are counted by an instruction.
 */
export function compiledSize(node: PatternNode): number {
  switch (node.kind) {
    case "byte":
      return 2;
    case "set":
      return oneByteSets.has(node.set) ? 1 : 33;
    case "empty":
      return 0;
    case "sequence":
      return node.items.reduce((sum, item) => sum + compiledSize(item), 0);
    case "alternatives":
      return node.options.reduce((sum, option) => sum + compiledSize(option) + 3, -3);
    case "group":
      return compiledSize(node.body) + 8;
    case "look":
    case "atomic":
      return compiledSize(node.body) + 6;
    case "repeat": {
      if (node.body.kind === "byte" || node.body.kind === "set") return compiledSize(node.body) + 4;
      const round = roundSize(node.body);
      if (node.max === Infinity) return round * Math.max(1, node.min) + 1;
      return round * node.min + (round + 7) * (node.max - node.min);
    }
    case "conditional":
      return compiledSize(node.yes) + (node.no === null ? 0 : compiledSize(node.no)) + 12;
    default:
      return 4;
  }
}
