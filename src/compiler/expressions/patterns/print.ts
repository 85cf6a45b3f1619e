import { complement, type Pattern, type Ranges } from "./ast.js";

/** A pattern over bytes as it stands between Zeek's slashes (docs/reference/zeek.md#patterns). */
export function printPattern(pattern: Pattern, ascii: boolean, group = false): string {
  const text = print(pattern, ascii);
  return group ? `(${text})` : text;
}

function print(pattern: Pattern, ascii: boolean): string {
  switch (pattern.kind) {
    case "class":
      return printClass(pattern.ranges, ascii);
    case "sequence":
      return pattern.parts
        .map((part) => (part.kind === "choice" ? printChoice(part, ascii) : print(part, ascii)))
        .join("");
    case "choice":
      return printChoice(pattern, ascii, false);
    case "repeat":
      return printRepeat(pattern, ascii);
    case "start":
    case "end":
      return "";
  }
}

/** Zeek has no empty branch: `(a|)` is `(a)?`. */
function printChoice(pattern: Pattern & { readonly kind: "choice" }, ascii: boolean, group = true): string {
  const branches = pattern.branches.map((branch) => print(branch, ascii));
  const full = branches.filter((branch) => branch !== "");
  if (full.length === 0) return "";
  const text = full.join("|");
  if (full.length < branches.length) return `(${text})?`;
  return group ? `(${text})` : text;
}

function printRepeat(pattern: Pattern & { readonly kind: "repeat" }, ascii: boolean): string {
  const { of, least, most } = pattern;
  const inner = print(of, ascii);
  if (inner === "") return "";
  const atom = of.kind === "class" ? inner : `(${inner})`;
  if (least === 0 && most === 1) return `${atom}?`;
  if (most === Number.POSITIVE_INFINITY) {
    if (least <= 1) return `${atom}${least === 0 ? "*" : "+"}`;
    return `${atom}{${least},}`;
  }
  // `{0,n}` is written without the zero, which other spellings of Zeek's have trouble with.
  if (least === 0) return most === 1 ? `${atom}?` : `(${atom}{1,${most}})?`;
  return least === most ? `${atom}{${least}}` : `${atom}{${least},${most}}`;
}

const EVERY = "(.|\\n)";

function printClass(ranges: Ranges, ascii: boolean): string {
  const [first] = ranges;
  if (first === undefined) return "";
  if (ranges.length === 1 && first[0] === 0 && first[1] === 255) return EVERY;
  if (ranges.length === 1 && first[0] === first[1]) return printByte(first[0], false);
  const size = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (ascii && size > 64) {
    const left = complement(ranges, 0x7f);
    return left.length === 0 ? EVERY : `[^${printRanges(left)}]`;
  }
  return `[${printRanges(ranges)}]`;
}

function printRanges(ranges: Ranges): string {
  return ranges
    .map(([from, to]) => {
      const start = printByte(from, true);
      if (from === to) return start;
      return `${start}${to === from + 1 ? "" : "-"}${printByte(to, true)}`;
    })
    .join("");
}

/** Escaped with a backslash outside and inside of classes, as recorded in the oracle; else `\xHH`. */
const WITH_BACKSLASH = './^$|()[]{}*+?\\"';
const CLASS_BACKSLASH = "/]^-\\";
const PLAIN = /^[A-Za-z0-9_ #<>&~@%';:=!-]$/;
const CLASS_PLAIN = /^[A-Za-z0-9_.$]$/;

function printByte(byte: number, inClass: boolean): string {
  const character = String.fromCharCode(byte);
  if ((inClass ? CLASS_PLAIN : PLAIN).test(character)) return character;
  if ((inClass ? CLASS_BACKSLASH : WITH_BACKSLASH).includes(character)) return `\\${character}`;
  if (byte === 10) return "\\n";
  if (byte === 9) return "\\t";
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
