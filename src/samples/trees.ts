/** Trees of patterns, put together from others. */
import { alternativesOf, byteOf, emptyNode, type PatternNode, sequenceOf } from "../ossec/patterns/ast.js";
import { complement, rangeSet, setOf, union } from "../ossec/patterns/byte-set.js";
import { anything, TextAutomaton } from "./automaton.js";

const infinite = Number.POSITIVE_INFINITY;

/** This text, byte for byte. */
export function literal(text: string): PatternNode {
  return sequenceOf(Array.from({ length: text.length }, (_, at) => byteOf(text.charCodeAt(at), false)));
}

/** The pattern anywhere in a text. */
export function searchOf(root: PatternNode): PatternNode {
  return sequenceOf([anything, root, anything]);
}

/** A text of at least so many bytes. */
export function atLeast(bytes: number): PatternNode {
  return { ...anything, min: bytes };
}

/** The parts of a node that begin with `^`, without it, and those that do not. */
function splitStart(node: PatternNode): {
  readonly anchored: PatternNode | null;
  readonly floating: PatternNode | null;
} {
  switch (node.kind) {
    case "assertion":
      return node.assertion === "start" || node.assertion === "lineStart"
        ? { anchored: emptyNode, floating: null }
        : { anchored: null, floating: node };
    case "sequence": {
      const [first, ...rest] = node.items;
      if (first === undefined) return { anchored: null, floating: node };
      const { anchored, floating } = splitStart(first);
      return {
        anchored: anchored === null ? null : sequenceOf([anchored, ...rest]),
        floating: floating === null ? null : sequenceOf([floating, ...rest]),
      };
    }
    case "alternatives": {
      const parts = node.options.map(splitStart);
      const anchored = parts.flatMap((part) => (part.anchored === null ? [] : [part.anchored]));
      const floating = parts.flatMap((part) => (part.floating === null ? [] : [part.floating]));
      return {
        anchored: anchored.length === 0 ? null : alternativesOf(anchored),
        floating: floating.length === 0 ? null : alternativesOf(floating),
      };
    }
    case "group":
    case "atomic": {
      const { anchored, floating } = splitStart(node.body);
      return {
        anchored: anchored === null ? null : { ...node, body: anchored },
        floating: floating === null ? null : { ...node, body: floating },
      };
    }
    default:
      return { anchored: null, floating: node };
  }
}

/** The pattern somewhere behind another: its `^` stands for that place. */
export function behind(root: PatternNode): PatternNode {
  const { anchored, floating } = splitStart(root);
  const ways: PatternNode[] = anchored === null ? [] : [anchored];
  if (floating !== null) ways.push(sequenceOf([anything, floating]));
  return alternativesOf(ways);
}

/** The node with texts in the place of what groups match, by their numbers. */
export function withGroups(node: PatternNode, texts: ReadonlyMap<number, string>): PatternNode {
  switch (node.kind) {
    case "group": {
      const text = texts.get(node.index);
      return { ...node, body: text === undefined ? withGroups(node.body, texts) : literal(text) };
    }
    case "sequence":
      return { ...node, items: node.items.map((item) => withGroups(item, texts)) };
    case "alternatives":
      return { ...node, options: node.options.map((option) => withGroups(option, texts)) };
    case "repeat":
    case "atomic":
      return { ...node, body: withGroups(node.body, texts) };
    default:
      return node;
  }
}

/** The bodies of a node's groups by their numbers. */
export function groupsOf(node: PatternNode, into = new Map<number, PatternNode>()): Map<number, PatternNode> {
  switch (node.kind) {
    case "group":
      if (!into.has(node.index)) into.set(node.index, node.body);
      groupsOf(node.body, into);
      break;
    case "sequence":
      for (const item of node.items) groupsOf(item, into);
      break;
    case "alternatives":
      for (const option of node.options) groupsOf(option, into);
      break;
    case "repeat":
    case "atomic":
      groupsOf(node.body, into);
      break;
    default:
      break;
  }
  return into;
}

const repeatOf = (set: Uint32Array, min: number): PatternNode => ({
  kind: "repeat",
  body: { kind: "set", set },
  min,
  max: infinite,
  mode: "lazy",
  at: 0,
});

const printable = rangeSet([[32, 126]]);
const without = (characters: string): Uint32Array =>
  printable.map((word, at) => word & (complement(setOf(characters))[at] ?? 0));

/** What may stand between the quotes of a JSON text as it is. */
export const jsonText: PatternNode = repeatOf(without('"\\'), 0);

/** Texts that a program or a host may be called by in a log header. */
export const headerName: PatternNode = repeatOf(
  union(
    rangeSet([
      [65, 90],
      [97, 122],
      [48, 57],
    ]),
    setOf("-_./()@"),
  ),
  1,
);

/** Printable ASCII. */
export const plainText: PatternNode = repeatOf(printable, 0);

/** Is the whole text one that the automaton takes? */
export function takes(automaton: TextAutomaton, text: string): boolean {
  let state = automaton.first;
  for (let at = 0; at < text.length && state >= 0; at += 1) state = automaton.next(state, text.charCodeAt(at));
  return state >= 0 && automaton.accepts(state);
}
