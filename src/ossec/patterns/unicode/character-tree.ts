/** Patterns as trees whose bytes stand for characters, one unit a character; written out as trees of bytes. */
import { type ByteNode, byteOf, type PatternNode, type PatternTree, type SetNode } from "../ast.js";
import { type ByteSet, hasByte, rangeSet, rangesOf } from "../byte-set.js";
import { otherCases } from "./case-folding.js";
import {
  type CharacterRanges,
  caselessRanges,
  characterNode,
  characterSetNode,
  complementRanges,
  normalRanges,
} from "./characters.js";
import type { UnitTree } from "./unchecked.js";

/** A tree in which a byte or a place of a set from {@link firstUnit} on stands for one of the characters. */
export interface CharacterTree {
  readonly tree: PatternTree;
  readonly characters: readonly number[];
  /** The unit of the first of the characters; 0x80 at least. */
  readonly firstUnit: number;
}

/** Writes characters as units: those below U+0080 as they are, each other one as a unit of its own. */
export function unitsOf(codes: readonly number[], firstUnit: number): { text: string; characters: number[] } {
  const units = new Map<number, string>();
  let text = "";
  for (const code of codes) {
    if (code < 0x80) {
      text += String.fromCharCode(code);
      continue;
    }
    const unit = units.get(code) ?? String.fromCharCode(firstUnit + units.size);
    units.set(code, unit);
    text += unit;
  }
  return { text, characters: [...units.keys()] };
}

function characterOf({ characters, firstUnit }: CharacterTree, unit: number): number {
  return unit < firstUnit ? unit : (characters[unit - firstUnit] ?? unit);
}

/** Is the set all characters but a few? */
export function isNegated(set: ByteSet): boolean {
  return hasByte(set, 0xff);
}

/** The characters of a set without letter case; of a negated one those that it leaves out. */
function listedCharacters(tree: CharacterTree, set: ByteSet): CharacterRanges {
  const negated = isNegated(set);
  const ranges: [number, number][] = rangesOf(negated ? set.map((word) => ~word) : set)
    .filter(([first]) => first < 0x80)
    .map(([first, last]) => [first, Math.min(last, 0x7f)]);
  for (const [at, code] of tree.characters.entries()) {
    const unit = tree.firstUnit + at;
    if (unit <= 0xff && hasByte(set, unit) !== negated) ranges.push([code, code]);
  }
  return caselessRanges(normalRanges(ranges));
}

/** The tree with each byte and each set replaced. */
export function replaceLeaves(
  node: PatternNode,
  replace: (leaf: ByteNode | SetNode) => PatternNode,
): PatternNode {
  const inside = (child: PatternNode): PatternNode => replaceLeaves(child, replace);
  switch (node.kind) {
    case "byte":
    case "set":
      return replace(node);
    case "sequence":
      return { ...node, items: node.items.map(inside) };
    case "alternatives":
      return { ...node, options: node.options.map(inside) };
    case "group":
    case "repeat":
    case "look":
    case "atomic":
      return { ...node, body: inside(node.body) };
    default:
      return node;
  }
}

/** As {@link UncheckedSearch} wants it. */
export function unitTree(tree: CharacterTree): UnitTree {
  return {
    tree: tree.tree,
    characterOf: (unit) => characterOf(tree, unit),
    listed: (set) => listedCharacters(tree, set),
  };
}

/** For texts of ASCII only. */
export function asciiForm(tree: CharacterTree): PatternTree {
  const { tree: parsed, characters, firstUnit } = tree;
  if (characters.length === 0) return parsed;
  const root = replaceLeaves(parsed.root, (leaf) => {
    if (leaf.kind === "set") {
      if (firstUnit > 0xff) return leaf;
      const listed = listedCharacters(tree, leaf.set);
      const members = isNegated(leaf.set) ? complementRanges(listed) : listed;
      return {
        kind: "set",
        set: rangeSet(members.filter(([first]) => first < 0x80).map(([a, b]) => [a, Math.min(b, 0x7f)])),
      };
    }
    const code = characterOf(tree, leaf.code);
    const ascii = [code, ...otherCases(code)].find((one) => one < 0x80);
    return ascii === undefined ? { kind: "fail" } : byteOf(ascii, true);
  });
  return { ...parsed, root };
}

const sets = new WeakMap<ByteSet, PatternNode>();

function utf8Set(tree: CharacterTree, set: ByteSet): PatternNode {
  // The classes of OS_Regex are the same sets in all patterns.
  const known = sets.get(set);
  if (known !== undefined) return known;
  const listed = listedCharacters(tree, set);
  const node = characterSetNode(isNegated(set) ? complementRanges(listed) : listed);
  if (tree.firstUnit > 0xff) sets.set(set, node);
  return node;
}

/** For texts that are well-formed UTF-8. */
export function utf8Form(tree: CharacterTree): PatternTree {
  const root = replaceLeaves(tree.tree.root, (leaf) =>
    leaf.kind === "set" ? utf8Set(tree, leaf.set) : characterNode(characterOf(tree, leaf.code), true),
  );
  return { ...tree.tree, root };
}
