/** The stack of PCRE2's JIT: what a pattern takes of it at most, so that no text of a length can exceed it. */
import { childrenOf, isNullable, type PatternNode, type RepeatNode } from "./ast.js";
import { setOfNode } from "./follow.js";
import { engineLimits } from "./limits.js";

/** Words of the JIT's stack: at most `fixed`, and `perByte` more for every byte of the text. */
interface Words {
  readonly fixed: number;
  readonly perByte: number;
}

const noWords: Words = { fixed: 0, perByte: 0 };

function sumOf(words: readonly Words[], more: number): Words {
  let [fixed, perByte] = [more, 0];
  for (const part of words) {
    fixed += part.fixed;
    perByte += part.perByte;
  }
  return { fixed, perByte };
}

/** Fewest bytes that the node takes. */
function fewestBytes(node: PatternNode): number {
  switch (node.kind) {
    case "byte":
    case "set":
      return 1;
    case "sequence":
      return node.items.reduce((sum, item) => sum + fewestBytes(item), 0);
    case "alternatives":
      return Math.min(...node.options.map(fewestBytes));
    case "group":
    case "atomic":
      return fewestBytes(node.body);
    case "repeat":
      return node.min === 0 ? 0 : node.min * fewestBytes(node.body);
    default:
      return 0;
  }
}

/** An upper bound of what program-writer.ts lets a match take. */
function wordsOf(node: PatternNode): Words {
  const inside = childrenOf(node).map(wordsOf);
  switch (node.kind) {
    case "byte":
    case "set":
      return noWords;
    case "group":
      return sumOf(inside, 5);
    case "alternatives":
      if (node.character === true) return noWords;
      return {
        fixed: 2 + Math.max(0, ...inside.map(({ fixed }) => fixed)),
        perByte: Math.max(0, ...inside.map(({ perByte }) => perByte)),
      };
    case "look":
    case "atomic":
      return sumOf(inside, 10);
    case "sequence":
      return sumOf(inside, 0);
    case "repeat":
      // A round of what may be empty takes a second word.
      return repeatedWords(node, sumOf(inside, isNullable(node.body) ? 2 : 1));
    default:
      return sumOf(inside, 2);
  }
}

function repeatedWords(node: RepeatNode, round: Words): Words {
  const { body } = node;
  if (setOfNode(body) !== null || (body.kind === "alternatives" && body.character === true))
    return { fixed: 2, perByte: 0 };
  const fixed = 2 + round.fixed * Math.max(1, node.min);
  if (node.max !== Number.POSITIVE_INFINITY)
    return { fixed: 2 + round.fixed * node.max, perByte: round.perByte };
  const bytes = fewestBytes(body);
  if (bytes === 0) return { fixed, perByte: Number.POSITIVE_INFINITY };
  return { fixed, perByte: round.perByte + round.fixed / bytes };
}

/** Length of the longest text on which PCRE2's JIT stays within its stack; below 0: none. */
export function lengthByStack(root: PatternNode): number {
  const { fixed, perByte } = wordsOf(root);
  if (fixed > engineLimits.words) return -1;
  return perByte === 0 ? Number.POSITIVE_INFINITY : Math.floor((engineLimits.words - fixed) / perByte);
}
