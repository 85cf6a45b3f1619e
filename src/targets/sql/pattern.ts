import { type PatternNode, parsePattern } from "../../detections/expressions/pattern.js";

/** A pattern of Zeek's for RE2, good for plain text (`isPlainText`); null where RE2 cannot have it. */
export interface Re2Pattern {
  readonly source: string;
  /** False: where RE2 finds nothing at all, Zeek finds something, but not the other way round. */
  readonly isExact: boolean;
}

/** RE2 repeats no more often. */
const mostRepeats = 1000;
const longest = 4000;

export function re2Of(source: string): Re2Pattern | null {
  const node = parsePattern(source);
  const text = node === undefined ? null : write(node);
  if (node === undefined || text === null || text.length > longest) return null;
  return { source: text, isExact: !canBeEmpty(node) && !hasAnchor(node) };
}

function write(node: PatternNode): string | null {
  switch (node.kind) {
    case "bytes":
      return classOf(node.set);
    case "sequence":
      return joined(node.parts, "");
    case "choice": {
      const text = joined(node.branches, "|");
      return text === null ? null : `(?:${text})`;
    }
    case "repeat": {
      const of = write(node.of);
      const { least, most } = node;
      if (of === null || least > mostRepeats || (Number.isFinite(most) && most > mostRepeats)) return null;
      return `(?:${of}){${least},${Number.isFinite(most) ? most : ""}}`;
    }
    case "start":
      return "^";
    case "end":
      return "$";
    default:
      return node satisfies never;
  }
}

function joined(nodes: readonly PatternNode[], between: string): string | null {
  const texts = nodes.map(write);
  return texts.some((text) => text === null) ? null : texts.join(between);
}

/** The plain bytes of a set; a class that nothing is in where it has none. */
function classOf(set: Uint8Array): string {
  let inside = "";
  for (let byte = 0x20; byte <= 0x7e; byte++)
    if (set[byte] === 1) inside += `\\x${byte.toString(16).padStart(2, "0")}`;
  return inside === "" ? "[^\\x00-\\x{10FFFF}]" : `[${inside}]`;
}

function canBeEmpty(node: PatternNode): boolean {
  switch (node.kind) {
    case "bytes":
      return false;
    case "sequence":
      return node.parts.every(canBeEmpty);
    case "choice":
      return node.branches.some(canBeEmpty);
    case "repeat":
      return node.least === 0 || canBeEmpty(node.of);
    default:
      return true;
  }
}

function hasAnchor(node: PatternNode): boolean {
  switch (node.kind) {
    case "bytes":
      return false;
    case "sequence":
      return node.parts.some(hasAnchor);
    case "choice":
      return node.branches.some(hasAnchor);
    case "repeat":
      return hasAnchor(node.of);
    default:
      return true;
  }
}
