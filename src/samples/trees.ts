/** Trees of patterns, put together from others. */
import { alternativesOf, byteOf, emptyNode, type PatternNode, sequenceOf } from "../ossec/patterns/ast.js";
import { complement, rangeSet, setOf, union } from "../ossec/patterns/byte-set.js";
import { anything, type TextAutomaton } from "./automaton.js";

const infinite = Number.POSITIVE_INFINITY;

/** This text, byte for byte. */
export function literal(text: string): PatternNode {
  return sequenceOf(Array.from({ length: text.length }, (_, at) => byteOf(text.charCodeAt(at), false)));
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

/** The pattern anywhere in a text; one that begins with `^` at its start alone, so that no other place is looked at. */
export function searchOf(root: PatternNode): PatternNode {
  return sequenceOf([behind(root), anything]);
}

/** The node with texts in the place of what groups match. */
export function withGroups(node: PatternNode, textOf: (group: number) => string | undefined): PatternNode {
  switch (node.kind) {
    case "group": {
      const text = textOf(node.index);
      return { ...node, body: text === undefined ? withGroups(node.body, textOf) : literal(text) };
    }
    case "sequence":
      return { ...node, items: node.items.map((item) => withGroups(item, textOf)) };
    case "alternatives":
      return { ...node, options: node.options.map((option) => withGroups(option, textOf)) };
    case "repeat":
    case "atomic":
      return { ...node, body: withGroups(node.body, textOf) };
    default:
      return node;
  }
}

function addGroups(node: PatternNode, into: Map<number, PatternNode>): void {
  switch (node.kind) {
    case "group":
      into.set(node.index, node.body);
      addGroups(node.body, into);
      break;
    case "sequence":
      for (const item of node.items) addGroups(item, into);
      break;
    case "alternatives":
      for (const option of node.options) addGroups(option, into);
      break;
    case "repeat":
    case "atomic":
      addGroups(node.body, into);
      break;
    default:
      break;
  }
}

/** A group of a pattern: which name of the decoder's order it fills, and what it captures. */
export interface CapturingGroup {
  readonly index: number;
  readonly place: number;
  readonly body: PatternNode;
}

const groups = new WeakMap<PatternNode, readonly CapturingGroup[]>();

/** The groups of a pattern. Those of each alternative begin with the first name: others take no part. */
export function groupsOf(root: PatternNode): readonly CapturingGroup[] {
  const known = groups.get(root) ?? findGroups(root);
  groups.set(root, known);
  return known;
}

function findGroups(root: PatternNode): readonly CapturingGroup[] {
  return (root.kind === "alternatives" ? root.options : [root]).flatMap((option) => {
    const groups = new Map<number, PatternNode>();
    addGroups(option, groups);
    return [...groups]
      .sort(([one], [other]) => one - other)
      .map(([index, body], place) => ({ index, place, body }));
  });
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
  for (let at = 0; at < text.length && state >= 0; at += 1)
    state = automaton.next(state, text.charCodeAt(at));
  return state >= 0 && automaton.accepts(state);
}

/**
 * The node once for each alternative in it that stands outermost; none where there is only one.
 */
export function optionsOf(node: PatternNode): readonly PatternNode[] {
  switch (node.kind) {
    case "alternatives":
      return node.character === true ? [] : node.options.flatMap((one) => orItself(one));
    case "group":
    case "atomic":
      return optionsOf(node.body).map((body) => ({ ...node, body }));
    case "sequence": {
      // Each place that has some, by itself.
      const at = node.items.findIndex((item) => optionsOf(item).length > 0);
      const item = node.items[at];
      if (item === undefined) return [];
      return optionsOf(item).map((one) =>
        sequenceOf([...node.items.slice(0, at), one, ...node.items.slice(at + 1)]),
      );
    }
    default:
      return [];
  }
}

function orItself(node: PatternNode): readonly PatternNode[] {
  const options = optionsOf(node);
  return options.length === 0 ? [node] : options;
}

/** Something else stands before and behind what is looked for. */
export const framed: PatternNode = sequenceOf([literal("zz "), anything, literal(" zz")]);
