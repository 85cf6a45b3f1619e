/**
 * Texts that are not UTF-8, run as OSSEC 3.7 and 3.8 run them: PCRE2's compiled code without a look at the text before. A
 * lead byte takes its full length, whatever follows; at the end it takes what is left (docs/reference/ossec.md#utf-8).
 */
import {
  alternativesOf,
  type ByteNode,
  type PatternNode,
  type PatternTree,
  type SetNode,
  sequenceOf,
} from "../ast.js";
import { Backtracker, type Places } from "../backtracker.js";
import { allBytes, type ByteSet, hasByte, rangeSet, union } from "../byte-set.js";
import { emitPattern } from "../emit.js";
import { safeTextLength } from "../growth.js";
import { isAnchored } from "../literals.js";
import { typeEscapes } from "../pcre2/sets.js";
import type { PatternMatch } from "../types.js";
import { otherCases } from "./case-folding.js";
import { isNegated, replaceLeaves } from "./character-tree.js";
import { type CharacterRanges, characterNode, complementRanges } from "./characters.js";
import { encodeCharacter, lengthByLead } from "./utf8.js";

/** A tree whose units stand for characters. */
export interface UnitTree {
  readonly tree: PatternTree;
  /** The character of a byte node. */
  readonly characterOf: (unit: number) => number;
  /** The characters of a set, closed under letter case where it has to be; of a negated one those that it leaves out. */
  readonly listed: (set: ByteSet) => CharacterRanges;
}

const setNode = (...ranges: readonly (readonly [number, number])[]): PatternNode => ({
  kind: "set",
  set: rangeSet(ranges),
});
const anyByte: PatternNode = { kind: "set", set: allBytes };
const end: PatternNode = { kind: "assertion", assertion: "end" };

/** That many bytes, or what is left. */
function bytesOrRest(count: number): PatternNode {
  if (count === 1) return alternativesOf([anyByte, end]);
  return alternativesOf([sequenceOf([anyByte, bytesOrRest(count - 1)]), end]);
}

const leads = [
  [0xc0, 0xdf],
  [0xe0, 0xef],
  [0xf0, 0xf7],
  [0xf8, 0xfb],
  [0xfc, 0xff],
] as const;

/** One character by its lead byte alone: what `\S`, `\D` and `\.` take. */
function byLead(ascii: CharacterRanges): PatternNode {
  return alternativesOf([
    setNode(...ascii, [0x80, 0xbf]),
    ...leads.map((range, at) => sequenceOf([setNode(range), bytesOrRest(at + 1)])),
  ]);
}

/** Values of a byte behind the lead whose lower six bits are in a range. */
const tail = (first: number, last: number): PatternNode =>
  setNode(...[0, 0x40, 0x80, 0xc0].map((high): [number, number] => [high + first, high + last]));

/**
 * The last bytes of characters of a range that has its first bits in common; missing ones count as zero.
 *
 * @param bits - of the last bytes, six each
 */
function tails(first: number, last: number, bits: number): PatternNode {
  if (bits === 0) return { kind: "empty" };
  const below = 2 ** (bits - 6);
  let from = Math.floor(first / below);
  let to = Math.floor(last / below);
  const options: PatternNode[] = [];
  const add = (high: number, highest: number, low: number, lowest: number): void => {
    options.push(sequenceOf([tail(high, highest), tails(low, lowest, bits - 6)]));
  };
  if (from === to) add(from, from, first % below, last % below);
  else {
    if (first % below !== 0) add(from, from++, first % below, below - 1);
    if (last % below !== below - 1) add(to, to--, 0, last % below);
    if (from <= to) add(from, to, 0, below - 1);
  }
  if (first === 0) options.push(end);
  return alternativesOf(options);
}

/** One character whose code, as far as it can be reported, is in the ranges: what `\w`, `\W` and `k` take. */
function byCode(ranges: CharacterRanges): PatternNode {
  const options: PatternNode[] = [];
  const single = ranges
    .filter(([first]) => first < 0xc0)
    .map(([first, last]): [number, number] => [first, Math.min(last, 0xbf)]);
  if (single.length > 0) options.push(setNode(...single));
  for (const [length, lead, leadBits] of [
    [2, 0xc0, 5],
    [3, 0xe0, 4],
    [4, 0xf0, 3],
  ] as const) {
    const bits = 6 * (length - 1);
    const below = 2 ** bits;
    for (let high = 0; high < 2 ** leadBits; high += 1) {
      for (const [first, last] of ranges) {
        const from = Math.max(first, high * below);
        const to = Math.min(last === 0x10ffff ? 0x1fffff : last, high * below + below - 1);
        if (from > to) continue;
        const bytes: [number, number][] = [[lead + high, lead + high]];
        // What stands above F7 is read like F0 to F7.
        if (length === 4) bytes.push([0xf8 + high, 0xf8 + high]);
        options.push(sequenceOf([setNode(...bytes), tails(from % below, to % below, bits)]));
      }
    }
  }
  return alternativesOf(options);
}

const countOf = (ranges: CharacterRanges): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** The character, if all there is is one with one letter case or both of it: PCRE2 compares its bytes. */
function bothCases(listed: CharacterRanges): number | null {
  const [one] = listed;
  if (one === undefined || listed.length > 2) return null;
  const [code] = one;
  if (countOf(listed) === 1) return code;
  const others = otherCases(code);
  return countOf(listed) === 2 && others.length === 1 && listed.at(-1)?.[1] === others[0] ? code : null;
}

function uncheckedSet({ listed: listedOf }: UnitTree, set: ByteSet): PatternNode {
  const listed = listedOf(set);
  const isAscii = listed.every(([, last]) => last < 0x80);
  if (!isNegated(set)) {
    if (isAscii) return setNode(...listed);
    const literal = bothCases(listed);
    return literal === null ? byCode(listed) : characterNode(literal, countOf(listed) > 1);
  }
  const members = complementRanges(listed);
  if (!isAscii) return byCode(members);
  return byLead(
    members.filter(([first]) => first < 0x80).map(([first, last]) => [first, Math.min(last, 0x7f)]),
  );
}

function uncheckedForm(tree: UnitTree): PatternTree {
  const root = replaceLeaves(tree.tree.root, (leaf) => {
    if (leaf.kind === "set") return uncheckedSet(tree, leaf.set);
    const code = tree.characterOf(leaf.code);
    const others = leaf.caseless ? otherCases(code) : [];
    // Two cases are compared as bytes; of more PCRE2 looks up the code.
    if (others.length < 2) return characterNode(code, leaf.caseless);
    return byCode([code, ...others].sort((a, b) => a - b).map((one): [number, number] => [one, one]));
  });
  return { ...tree.tree, root };
}

const noBytes: ByteSet = new Uint32Array(8);

/** The bytes that PCRE2 looks for, byte by byte, before it tries a match; null: it tries at each character. */
function startSet(tree: UnitTree, leaf: ByteNode | SetNode): ByteSet | null {
  if (leaf.kind === "byte") {
    const code = tree.characterOf(leaf.code);
    const bytes = [code, ...(leaf.caseless ? otherCases(code) : [])].map((one) =>
      encodeCharacter(one).charCodeAt(0),
    );
    return rangeSet(bytes.map((byte): [number, number] => [byte, byte]));
  }
  const listed = tree.listed(leaf.set);
  const ascii = (ranges: CharacterRanges): ByteSet =>
    rangeSet(ranges.filter(([first]) => first < 0x80).map(([first, last]) => [first, Math.min(last, 0x7f)]));
  if (!isNegated(leaf.set)) {
    const lead = (code: number): number => encodeCharacter(code).charCodeAt(0);
    const wide = listed.filter(([, last]) => last >= 0x80);
    return union(
      ascii(listed),
      rangeSet(wide.map(([first, last]) => [lead(Math.max(first, 0x80)), lead(last)])),
    );
  }
  // All but one character, or none, is no class for PCRE2.
  if (listed.length === 0 || bothCases(listed) !== null) return null;
  // Nor is what an escape stands for; as a first byte it takes the two that lead no character, too.
  if (
    leaf.set === typeEscapes.get("D") ||
    leaf.set === typeEscapes.get("S") ||
    leaf.set === typeEscapes.get("W")
  )
    return union(ascii(complementRanges(listed)), rangeSet([[0xc0, 0xff]]));
  return union(ascii(complementRanges(listed)), rangeSet([[0xc2, 0xff]]));
}

/** What a node begins with by {@link startSet}, and whether it may be empty; null: PCRE2 does not look. */
function starts(tree: UnitTree, node: PatternNode): { set: ByteSet; empty: boolean } | null {
  switch (node.kind) {
    case "byte":
    case "set": {
      const set = startSet(tree, node);
      return set === null ? null : { set, empty: false };
    }
    case "group":
      return starts(tree, node.body);
    case "repeat": {
      const body = starts(tree, node.body);
      return body === null ? null : { set: body.set, empty: body.empty || node.min === 0 };
    }
    case "sequence": {
      let set = noBytes;
      for (const item of node.items) {
        const info = starts(tree, item);
        if (info === null) return null;
        set = union(set, info.set);
        if (!info.empty) return { set, empty: false };
      }
      return { set, empty: true };
    }
    case "alternatives": {
      let set = noBytes;
      let empty = false;
      for (const option of node.options) {
        const info = starts(tree, option);
        if (info === null) return null;
        set = union(set, info.set);
        empty ||= info.empty;
      }
      return { set, empty };
    }
    case "empty":
    case "assertion":
      return { set: noBytes, empty: true };
    default:
      return null;
  }
}

/** Runs a pattern on texts that are not UTF-8. */
export class UncheckedSearch {
  readonly #expression: RegExp;
  readonly #groupNumbers: readonly number[];
  readonly #anchored: boolean;
  readonly #starts: ByteSet | null;
  readonly #form: PatternTree;
  readonly #safeLength: number;
  /** Runs it where a regular expression may take too long. */
  #backtracker: Backtracker | null = null;

  constructor(tree: UnitTree) {
    const form = uncheckedForm(tree);
    this.#form = form;
    this.#safeLength = safeTextLength(form.root);
    const { source, groupNumbers } = emitPattern(form);
    this.#expression = new RegExp(source, "y");
    this.#groupNumbers = groupNumbers;
    this.#anchored = isAnchored(tree.tree.root);
    const info = starts(tree, tree.tree.root);
    this.#starts = this.#anchored || info === null || info.empty ? null : info.set;
  }

  exec(text: string): PatternMatch | null {
    const places = this.#places(text);
    if (text.length > this.#safeLength) {
      this.#backtracker ??= new Backtracker(this.#form);
      return this.#backtracker.exec(text, places);
    }
    const expression = this.#expression;
    for (let at = places.from(0); at >= 0; at = places.from(places.behind(at))) {
      expression.lastIndex = at;
      const match = expression.exec(text);
      if (match === null) continue;
      const captures: string[] = [];
      for (const number of this.#groupNumbers) {
        const capture = match[number];
        if (capture !== undefined) captures.push(capture);
      }
      return { end: at + match[0].length, captures };
    }
    return null;
  }

  /** From byte to byte to one that begins a match; from where none began by whole characters. */
  #places(text: string): Places {
    const starts = this.#starts;
    const last = this.#anchored ? 0 : text.length;
    return {
      from: (at) => {
        if (at > last) return -1;
        if (starts === null) return at;
        let place = at;
        while (place < text.length && !hasByte(starts, text.charCodeAt(place))) place += 1;
        return place === text.length ? -1 : place;
      },
      behind: (at) =>
        at === text.length ? at + 1 : Math.min(at + lengthByLead(text.charCodeAt(at)), text.length),
    };
  }
}
