import { allBytes, type ByteSet, complement, rangeSet, setOf } from "../byte-set.js";

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

const categories =
  /^(?:C|Cc|Cf|Cn|Co|Cs|L|Ll|Lm|Lo|Lt|Lu|M|Mc|Me|Mn|N|Nd|Nl|No|P|Pc|Pd|Pe|Pf|Pi|Po|Ps|S|Sc|Sk|Sm|So|Z|Zl|Zp|Zs)$/i;

/** A script or a binary property by its name; letter case and `_`, `-` and blanks do not matter to PCRE2. */
function namedProperty(name: string): RegExp | null {
  const words = name.split(/[\s_-]+/).filter((word) => word !== "");
  const written = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join("_");
  for (const property of [`scx=${written}`, written]) {
    try {
      return new RegExp(`\\p{${property}}`, "u");
    } catch {
      // JavaScript has no property of that name.
    }
  }
  return null;
}

/** The bytes of a Unicode property, each byte being the code point of its value; null when not known. */
export function propertySet(name: string): ByteSet | null {
  const plain = name.replace(/[\s_-]/g, "");
  if (/^any$/i.test(plain)) return allBytes;
  const category = /^(?:l&|lc)$/i.test(plain)
    ? "LC"
    : categories.test(plain)
      ? plain.charAt(0).toUpperCase() + plain.slice(1).toLowerCase()
      : null;
  const expression = category === null ? namedProperty(name) : new RegExp(`\\p{${category}}`, "u");
  if (expression === null) return null;
  const members: (readonly [number, number])[] = [];
  for (let code = 0; code < 256; code++) {
    if (expression.test(String.fromCharCode(code))) members.push([code, code]);
  }
  return rangeSet(members);
}
