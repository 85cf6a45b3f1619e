import {
  hasAnchor,
  impossible,
  intersects,
  nullable,
  type Pattern,
  type Ranges,
  type Refusal,
  refusal,
} from "./ast.js";
import { parsePattern } from "./parse.js";
import { printPattern } from "./print.js";
import { utf8Pattern } from "./utf8.js";

/** What `/.../.test(text)` is in Zeek. */
export type ZeekPattern =
  | { readonly kind: "in" | "=="; readonly source: string }
  /** Only the empty text matches. */
  | { readonly kind: "empty" }
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | Refusal;

const EMPTY: Pattern = { kind: "sequence", parts: [] };
const ANY: Pattern = {
  kind: "repeat",
  of: { kind: "class", ranges: [[0, 255]] },
  least: 0,
  most: Number.POSITIVE_INFINITY,
};
const LENGTH_LIMIT = 20_000;

/**
 * Translates a regular expression of JavaScript; `ascii`: the text is known to be ASCII. Zeek's patterns work on
 * bytes, so that a class becomes the UTF-8 sequences of its characters.
 */
export function toZeekPattern(expression: RegExp, ascii: boolean): ZeekPattern {
  const parsed = parsePattern(expression);
  if (parsed.kind === "refused") return parsed;
  if (expression.multiline && hasAnchor(parsed)) {
    return refusal(
      "the flag m: ^ and $ at line ends",
      "Zeek's ^ and $ mean the whole text: write \\n where a line ends",
    );
  }
  const bytes = toBytes(parsed, { ascii, unicode: expression.unicode });
  if (bytes.kind === "refused") return bytes;
  const result = anchored(simplify(bytes), ascii);
  if ("source" in result && result.source.length > LENGTH_LIMIT) {
    return refusal("the pattern becomes too large for Zeek", "use smaller repetitions and classes");
  }
  return result;
}

interface Subject {
  readonly ascii: boolean;
  readonly unicode: boolean;
}

/** The same language over the bytes of valid UTF-8. */
function toBytes(pattern: Pattern, subject: Subject): Pattern | Refusal {
  switch (pattern.kind) {
    case "start":
    case "end":
      return pattern;
    case "class":
      return classToBytes(pattern, subject, false);
    case "repeat": {
      const anyNumber = pattern.most === Number.POSITIVE_INFINITY && pattern.least <= 1;
      const of =
        pattern.of.kind === "class"
          ? classToBytes(pattern.of, subject, anyNumber)
          : toBytes(pattern.of, subject);
      return of.kind === "refused" ? of : { ...pattern, of };
    }
    case "sequence":
    case "choice": {
      const parts: Pattern[] = [];
      for (const part of pattern.kind === "sequence" ? pattern.parts : pattern.branches) {
        const made = toBytes(part, subject);
        if (made.kind === "refused") return made;
        parts.push(made);
      }
      return pattern.kind === "sequence" ? { kind: "sequence", parts } : { kind: "choice", branches: parts };
    }
  }
}

function classToBytes(
  pattern: Pattern & { readonly kind: "class" },
  subject: Subject,
  anyNumber: boolean,
): Pattern | Refusal {
  const { ranges } = pattern;
  if (subject.ascii) {
    const kept = ranges
      .filter(([from]) => from <= 0x7f)
      .map(([from, to]) => [from, Math.min(to, 0x7f)] as const);
    return { kind: "class", ranges: kept };
  }
  const limit = subject.unicode ? 0x10ffff : 0xffff;
  const beyondAscii = ranges.some(([from, to]) => from <= 0x80 && to >= limit);
  // A lone byte of a character stands for the character only where any number of them may follow.
  if (anyNumber && beyondAscii) {
    const kept = ranges.filter(([from]) => from <= 0x80);
    return { kind: "class", ranges: kept.map(([from, to]) => [from, to > 0x7f ? 0xff : to]) };
  }
  if (subject.unicode && beyondAscii) return anyCharacter(ranges);
  if (subject.unicode || !intersects(ranges, 0xd800, 0xdfff)) return utf8Pattern(ranges);
  const whole = ranges.some(([from, to]) => from <= 0xd800 && to >= 0xdfff);
  // Any number of UTF-16 units, halves of characters among them, is any number of characters.
  if (anyNumber && whole) return utf8Pattern([...ranges, [0x10000, 0x10ffff]]);
  return refusal(
    "without the flag u, . and negated classes stand for half of a character beyond U+FFFF",
    "add the flag u, so that it stands for a character: /a.c/u",
  );
}

/** Some ASCII characters, and all others by the form of their bytes alone: the text is valid UTF-8. */
function anyCharacter(ranges: Ranges): Pattern {
  const one = (from: number, to: number): Pattern => ({ kind: "class", ranges: [[from, to]] });
  const rest = one(0x80, 0xbf);
  const ascii = ranges
    .filter(([from]) => from <= 0x7f)
    .map(([from, to]) => [from, Math.min(to, 0x7f)] as const);
  const branches: Pattern[] = [
    { kind: "sequence", parts: [one(0xc2, 0xdf), rest] },
    { kind: "sequence", parts: [one(0xe0, 0xef), rest, rest] },
    { kind: "sequence", parts: [one(0xf0, 0xf4), rest, rest, rest] },
  ];
  return {
    kind: "choice",
    branches: ascii.length === 0 ? branches : [{ kind: "class", ranges: ascii }, ...branches],
  };
}

function simplify(pattern: Pattern): Pattern {
  switch (pattern.kind) {
    case "sequence": {
      const parts = pattern.parts
        .map(simplify)
        .flatMap((part) => (part.kind === "sequence" ? part.parts : [part]));
      return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: "sequence", parts };
    }
    case "choice": {
      const branches = pattern.branches.map(simplify).filter((branch) => !impossible(branch));
      const [only] = branches;
      if (only === undefined) return { kind: "class", ranges: [] };
      return branches.length === 1 ? only : { kind: "choice", branches };
    }
    case "repeat": {
      const of = simplify(pattern.of);
      if (pattern.most === 0 || (pattern.least === 0 && impossible(of))) return EMPTY;
      if (of.kind === "sequence" && of.parts.length === 0) return EMPTY;
      return pattern.least === 1 && pattern.most === 1 ? of : { ...pattern, of };
    }
    default:
      return pattern;
  }
}

/** `in` with anchors where Zeek has them as JavaScript has, else the whole text. */
function anchored(pattern: Pattern, ascii: boolean): ZeekPattern {
  if (impossible(pattern)) return { kind: "never" };
  if (!hasAnchor(pattern)) {
    // Zeek finds no empty match inside a text (`/.*/ in ""` is F), JavaScript always does.
    return nullable(pattern) ? { kind: "always" } : { kind: "in", source: printPattern(pattern, ascii) };
  }
  const parts = pattern.kind === "sequence" ? pattern.parts : [pattern];
  let from = 0;
  let to = parts.length;
  while (from < to && parts[from]?.kind === "start") from++;
  while (to > from && parts[to - 1]?.kind === "end") to--;
  const inner = parts.slice(from, to);
  const [only] = inner;
  const core: Pattern = inner.length === 1 && only !== undefined ? only : { kind: "sequence", parts: inner };
  if (!hasAnchor(core)) {
    if (from > 0 && to < parts.length) return whole(core, ascii);
    if (nullable(core)) return { kind: "always" };
    const printed = printPattern(core, ascii, core.kind === "choice");
    return { kind: "in", source: from > 0 ? `^${printed}` : `${printed}$` };
  }
  const left = edge(pattern, "start");
  if (left.kind === "refused") return left;
  const right = edge(left, "end");
  return right.kind === "refused" ? right : whole(simplify(right), ascii);
}

function whole(pattern: Pattern, ascii: boolean): ZeekPattern {
  if (impossible(pattern)) return { kind: "never" };
  const source = printPattern(pattern, ascii);
  return source === "" ? { kind: "empty" } : { kind: "==", source };
}

const MIDDLE = refusal(
  "^ or $ in the middle or inside a repetition",
  "put ^ at the beginning and $ at the end of a branch",
);

/** Without anchors of one side: branches that had none may have any text there. */
function edge(pattern: Pattern, side: "start" | "end"): Pattern | Refusal {
  if (!contains(pattern, side)) {
    return { kind: "sequence", parts: side === "start" ? [ANY, pattern] : [pattern, ANY] };
  }
  switch (pattern.kind) {
    case "choice": {
      const branches: Pattern[] = [];
      for (const branch of pattern.branches) {
        const made = edge(branch, side);
        if (made.kind === "refused") return made;
        branches.push(made);
      }
      return { kind: "choice", branches };
    }
    case "sequence": {
      const parts = side === "start" ? pattern.parts : pattern.parts.toReversed();
      const [outermost, ...rest] = parts;
      if (outermost === undefined) return EMPTY;
      const made = edge(outermost, side);
      if (made.kind === "refused") return made;
      // Anchors that stand right behind another one at the same edge say nothing new.
      const first = outermost.kind === side ? rest.findIndex((part) => part.kind !== side) : 0;
      const others = first < 0 ? [] : rest.slice(first);
      if (others.some((part) => contains(part, side))) return MIDDLE;
      const all = [made, ...others];
      return { kind: "sequence", parts: side === "start" ? all : all.reverse() };
    }
    case "start":
    case "end":
      return EMPTY;
    default:
      return MIDDLE;
  }
}

function contains(pattern: Pattern, anchor: "start" | "end"): boolean {
  switch (pattern.kind) {
    case "class":
      return false;
    case "sequence":
      return pattern.parts.some((part) => contains(part, anchor));
    case "choice":
      return pattern.branches.some((branch) => contains(branch, anchor));
    case "repeat":
      return contains(pattern.of, anchor);
    default:
      return pattern.kind === anchor;
  }
}
