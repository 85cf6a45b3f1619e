import { type ByteSet, complement, rangeSet, setOf } from "../byte-set.js";

const upper = rangeSet([[65, 90]]);
const lower = rangeSet([[97, 122]]);
const digit = rangeSet([[48, 57]]);
const alpha = rangeSet([
  [65, 90],
  [97, 122],
]);
const alnum = rangeSet([
  [48, 57],
  [65, 90],
  [97, 122],
]);
const space = rangeSet([
  [9, 13],
  [32, 32],
]);
export const wordSet = rangeSet([
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]);
const horizontal = setOf("\t \xa0");
const vertical = rangeSet([
  [10, 13],
  [0x85, 0x85],
]);

/** `.` without `(?s)` and `\N`: PCRE2's default newline is LF alone. */
export const notNewline = complement(setOf("\n"));

/** Escapes that stand for a set, in and out of classes. Bytes without UTF: ASCII, except `\h` and `\v`. */
export const typeEscapes: ReadonlyMap<string, ByteSet> = new Map([
  ["d", digit],
  ["D", complement(digit)],
  ["s", space],
  ["S", complement(space)],
  ["w", wordSet],
  ["W", complement(wordSet)],
  ["h", horizontal],
  ["H", complement(horizontal)],
  ["v", vertical],
  ["V", complement(vertical)],
]);

/** Newlines of one byte that `\R` matches; the other is CR LF. */
export const singleNewlines = vertical;

/** `[:name:]` inside a class, in the C locale. */
export const posixClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["alpha", alpha],
  ["lower", lower],
  ["upper", upper],
  ["alnum", alnum],
  ["ascii", rangeSet([[0, 127]])],
  ["blank", setOf("\t ")],
  [
    "cntrl",
    rangeSet([
      [0, 31],
      [127, 127],
    ]),
  ],
  ["digit", digit],
  ["graph", rangeSet([[33, 126]])],
  ["print", rangeSet([[32, 126]])],
  [
    "punct",
    rangeSet([
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ]),
  ],
  ["space", space],
  ["word", wordSet],
  [
    "xdigit",
    rangeSet([
      [48, 57],
      [65, 70],
      [97, 102],
    ]),
  ],
]);
