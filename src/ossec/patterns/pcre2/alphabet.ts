/** What the characters and sets of a pattern are: bytes, bytes with Unicode's properties, or characters. */
import { byteOf, type PatternNode } from "../ast.js";
import { type ByteSet, caseClosure, rangeSet, rangesOf, singleByte } from "../byte-set.js";
import { otherCases } from "../unicode/case-folding.js";
import type { CharacterClasses } from "../unicode/character-classes.js";
import { type CharacterRanges, caselessRanges } from "../unicode/characters.js";
import { propertyRanges } from "../unicode/properties.js";
import { ownProperties, propertyClass } from "./property.js";
import { posixClasses, singleNewlines, typeEscapes, wordSet } from "./sets.js";

export interface Alphabet {
  /** Highest code of a character. */
  readonly last: number;
  /** `\w` is told by Unicode's properties: `\b` has to look at it. */
  readonly properties: boolean;
  node(code: number, caseless: boolean): PatternNode;
  range(first: number, last: number, caseless: boolean): ByteSet;
  /** What `\d` and the like stand for; undefined: no set. */
  escape(letter: string): ByteSet | undefined;
  /** What `[:name:]` stands for. */
  posix(name: string, caseless: boolean): ByteSet | undefined;
  /** The set of a property; null when not known. */
  property(name: string): ByteSet | null;
  /** `\w`. */
  readonly word: ByteSet;
  /** The newlines of one character that `\R` takes. */
  readonly newlines: ByteSet;
}

const propertySets = new Map<string, ByteSet>();

/** Bytes of a class of JavaScript's with the flag `u`, each byte being the code point of its value. */
function bytesOfProperty(property: string): ByteSet {
  const before = propertySets.get(property);
  if (before !== undefined) return before;
  const expression = new RegExp(property, "u");
  const members: (readonly [number, number])[] = [];
  for (let code = 0; code < 256; code++)
    if (expression.test(String.fromCharCode(code))) members.push([code, code]);
  const set = rangeSet(members);
  propertySets.set(property, set);
  return set;
}

/** As the engine compiles patterns: bytes, ASCII. */
export const byteAlphabet: Alphabet = {
  last: 0xff,
  properties: false,
  node: byteOf,
  range: (first, last, caseless) => {
    if (first === last) return singleByte(first, caseless);
    const set = rangeSet([[first, last]]);
    return caseless ? caseClosure(set) : set;
  },
  escape: (letter) => typeEscapes.get(letter),
  posix: (name, caseless) => {
    const set = posixClasses.get(name);
    // Without letter case, [:lower:] and [:upper:] mean [:alpha:].
    return set !== undefined && caseless ? caseClosure(set) : set;
  },
  property: (name) => {
    const property = propertyClass(name);
    return property === null ? null : bytesOfProperty(property);
  },
  word: wordSet,
  newlines: singleNewlines,
};

/** Escapes that PCRE2_UCP gives Unicode's properties. */
const propertyEscapes: ReadonlyMap<string, string> = new Map([
  ["d", ownProperties.digit],
  ["s", ownProperties.space],
  ["w", ownProperties.word],
]);

/**
 * POSIX classes with PCRE2_UCP. [:lower:] and [:upper:] keep their letter case, unlike those without it (pcre2test 10.42).
 * Of the invisible characters (Cf) some are in [:graph:] and [:print:].
 */
const propertyPosix: ReadonlyMap<string, string> = new Map([
  ["alpha", "\\p{L}"],
  ["lower", "\\p{Ll}"],
  ["upper", "\\p{Lu}"],
  ["alnum", ownProperties.alnum],
  ["space", ownProperties.space],
  ["word", ownProperties.word],
  ["digit", ownProperties.digit],
  ["cntrl", "\\p{Cc}"],
  ["graph", "(?![\\u061c\\u180e\\u2066-\\u2069])[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Cf}]"],
  ["print", "(?![\\u061c\\u2066-\\u2069])[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}\\p{Cf}]"],
  ["punct", "[\\p{P}$+<=>^`|~]"],
]);

/** An escape as that of the set and whether it is negated: `D` is the negated `d`. */
function positive(written: string): { readonly letter: string; readonly negated: boolean } {
  const letter = written.toLowerCase();
  return { letter, negated: letter !== written };
}

const negatedIf = (negated: boolean, set: ByteSet): ByteSet => (negated ? set.map((word) => ~word) : set);

/** `(*UCP)`: bytes, of which those from 80 on are the characters of Latin-1. */
export const latin1Alphabet: Alphabet = {
  ...byteAlphabet,
  properties: true,
  node: (code, caseless) => {
    const other = caseless ? otherCases(code).find((one) => one > 0x7f && one < 0x100) : undefined;
    return other === undefined || code < 0x80
      ? byteOf(code, caseless)
      : { kind: "set", set: latin1Closure(singleByte(code, false)) };
  },
  range: (first, last, caseless) => {
    const set = rangeSet([[first, last]]);
    return caseless ? latin1Closure(set) : set;
  },
  escape: (written) => {
    const { letter, negated } = positive(written);
    const property = propertyEscapes.get(letter);
    return property === undefined ? typeEscapes.get(written) : negatedIf(negated, bytesOfProperty(property));
  },
  posix: (name, caseless) => {
    if (name === "blank") return typeEscapes.get("h");
    const property = propertyPosix.get(name);
    return property === undefined ? byteAlphabet.posix(name, caseless) : bytesOfProperty(property);
  },
  get word() {
    return bytesOfProperty(ownProperties.word);
  },
};

/** The set with the other letter cases that are bytes. */
function latin1Closure(set: ByteSet): ByteSet {
  const closed = caselessRanges(rangesOf(set)).filter(([first]) => first < 0x100);
  return rangeSet(closed.map(([first, last]) => [first, Math.min(last, 0xff)]));
}

const horizontal: CharacterRanges = [
  [9, 9],
  [32, 32],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];
const vertical: CharacterRanges = [
  [10, 13],
  [0x85, 0x85],
  [0x2028, 0x2029],
];

/** `(*UTF)`: the units are the classes of characters that the pattern tells apart. */
export function characterAlphabet(classes: CharacterClasses, properties: boolean): Alphabet {
  const range = (first: number, last: number, caseless: boolean): ByteSet =>
    classes.setOf(`${first}-${last} ${caseless}`, () =>
      caseless ? caselessRanges([[first, last]]) : [[first, last]],
    );
  const property = (name: string): ByteSet => classes.setOf(name, () => propertyRanges(name));
  const blank = (): ByteSet => classes.setOf("blank", () => horizontal);
  const newlines = (): ByteSet => classes.setOf("newlines", () => vertical);
  return {
    last: 0x10ffff,
    properties,
    node: (code, caseless) => {
      const beyond = code >= 0x80 || (caseless && otherCases(code).some((one) => one >= 0x80));
      return beyond ? { kind: "set", set: range(code, code, caseless) } : byteOf(code, caseless);
    },
    range,
    escape: (written) => {
      const { letter, negated } = positive(written);
      if (letter === "h") return negatedIf(negated, blank());
      if (letter === "v") return negatedIf(negated, newlines());
      const name = properties ? propertyEscapes.get(letter) : undefined;
      return name === undefined ? typeEscapes.get(written) : negatedIf(negated, property(name));
    },
    posix: (name, caseless) => {
      if (!properties) return byteAlphabet.posix(name, caseless);
      if (name === "blank") return blank();
      const found = propertyPosix.get(name);
      return found === undefined ? byteAlphabet.posix(name, caseless) : property(found);
    },
    property: (name) => {
      const found = propertyClass(name);
      return found === null ? null : property(found);
    },
    get word() {
      return properties ? property(ownProperties.word) : wordSet;
    },
    get newlines() {
      return newlines();
    },
  };
}
