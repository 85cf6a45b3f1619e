/** Characters and sets of them as trees over their bytes in UTF-8: what runs a pattern knows bytes only. */
import { alternativesOf, byteOf, type PatternNode, sequenceOf } from "../ast.js";
import { rangeSet } from "../byte-set.js";
import { casedCharacters, otherCases } from "./case-folding.js";
import { encodeCharacter } from "./utf8.js";

/** Ranges of characters, both ends included, in ascending order, not touching each other. */
export type CharacterRanges = readonly (readonly [first: number, last: number])[];

const lastCharacter = 0x10ffff;

/** Sorts ranges and joins those that touch. */
export function normalRanges(ranges: CharacterRanges): CharacterRanges {
  const normal: [number, number][] = [];
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    const before = normal.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else normal.push([first, last]);
  }
  return normal;
}

/** All other characters. */
export function complementRanges(ranges: CharacterRanges): CharacterRanges {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [first, last] of normalRanges(ranges)) {
    if (first > from) rest.push([from, first - 1]);
    from = last + 1;
  }
  if (from <= lastCharacter) rest.push([from, lastCharacter]);
  return rest;
}

/** The same with the other letter cases of all characters. */
export function caselessRanges(ranges: CharacterRanges): CharacterRanges {
  const closed: [number, number][] = ranges.map(([first, last]) => [first, last]);
  for (const [code, others] of casedCharacters()) {
    if (ranges.some(([first, last]) => code >= first && code <= last))
      for (const other of others) closed.push([other, other]);
  }
  return normalRanges(closed);
}

const bytesNode = (text: string, caseless: boolean): PatternNode =>
  sequenceOf(Array.from(text, (byte) => byteOf(byte.charCodeAt(0), caseless)));

/** One character. */
export function characterNode(code: number, caseless: boolean): PatternNode {
  const others = caseless ? otherCases(code) : [];
  // ASCII letters are their own two cases; beside them stand the Kelvin sign and the long s.
  const rest = [code, ...others].filter((one) => one >= 0x80);
  const ascii = [code, ...others].find((one) => one < 0x80);
  return alternativesOf([
    ...(ascii === undefined ? [] : [byteOf(ascii, caseless)]),
    ...rest.map((one) => bytesNode(encodeCharacter(one), false)),
  ]);
}

/** The last characters of one, two, three and four bytes. */
const lastOfLength = [0x7f, 0x7ff, 0xffff, lastCharacter];

/**
 * Ranges of characters of one length in bytes as sequences of ranges of bytes: the usual cutting at the borders where a
 * later byte runs through all of its values.
 */
function addSequences(first: number, last: number, added: [number, number][][]): void {
  for (const most of lastOfLength) {
    if (first <= most && last > most) {
      addSequences(first, most, added);
      addSequences(most + 1, last, added);
      return;
    }
  }
  const length = encodeCharacter(first).length;
  for (let bits = 6; bits < 6 * length; bits += 6) {
    const below = 2 ** bits - 1;
    if (first >> bits === last >> bits) continue;
    if ((first & below) !== 0) {
      addSequences(first, first | below, added);
      addSequences((first | below) + 1, last, added);
      return;
    }
    if ((last & below) !== below) {
      addSequences(first, (last & ~below) - 1, added);
      addSequences(last & ~below, last, added);
      return;
    }
  }
  const begin = encodeCharacter(first);
  const end = encodeCharacter(last);
  added.push(Array.from(begin, (_, at) => [begin.charCodeAt(at), end.charCodeAt(at)]));
}

/** Marks what takes one character. */
function asCharacter(node: PatternNode): PatternNode {
  if (node.kind === "byte" || node.kind === "set") return node;
  const options = node.kind === "alternatives" ? node.options : [node];
  return { kind: "alternatives", options, character: true };
}

/** One character of a set. In a well-formed text it takes whole characters only. */
export function characterSetNode(ranges: CharacterRanges): PatternNode {
  const ascii: [number, number][] = [];
  const sequences: [number, number][][] = [];
  for (const [first, last] of normalRanges(ranges)) {
    if (first < 0x80) ascii.push([first, Math.min(last, 0x7f)]);
    if (last >= 0x80) addSequences(Math.max(first, 0x80), last, sequences);
  }
  const setNode = (range: readonly [number, number]): PatternNode => ({
    kind: "set",
    set: rangeSet([range]),
  });
  const node = alternativesOf([
    ...(ascii.length === 0 ? [] : [{ kind: "set", set: rangeSet(ascii) } as const]),
    ...sequences.map((bytes) => sequenceOf(bytes.map(setNode))),
  ]);
  return asCharacter(node);
}
