import type { PatternNode, RepeatNode } from "./ast.js";
import { allBytes, type ByteSet, hasByte, isEmptySet, overlaps, singleByte } from "./byte-set.js";
import { notNewline, typeEscapes } from "./pcre2/sets.js";

/** What follows a place of a pattern: the rest of its sequence, then what follows that. Null: the end of the pattern. */
export type Follow = {
  readonly items: readonly PatternNode[];
  readonly from: number;
  /** What the sequence is the body of; behind a loop's body another round may come. */
  readonly of: "group" | "loop" | "atomic";
  readonly outer: Follow;
} | null;

/** The sets that PCRE2 has an instruction of their own for; others are classes. */
const types = new Set<ByteSet>([...typeEscapes.values(), allBytes, notNewline]);

/** The set of what matches one byte; null for everything else. */
export function setOfNode(node: PatternNode): ByteSet | null {
  if (node.kind === "set") return node.set;
  return node.kind === "byte" ? singleByte(node.code, node.caseless) : null;
}

export function isClass(node: PatternNode): boolean {
  return node.kind === "set" && !types.has(node.set);
}

/**
 * Does PCRE2 10.42 make a run possessive because nothing that follows can begin with one of its bytes
 * (pcre2pattern(3), "Auto-possessification")? It then neither counts nor keeps the places to give back to.
 */
export function becomesPossessive(run: RepeatNode, follow: Follow): boolean {
  const set = setOfNode(run.body);
  return set !== null && new Possessive(set, run.mode === "greedy", isClass(run.body)).holds(follow, false);
}

class Possessive {
  private readonly set: ByteSet;
  private readonly greedy: boolean;
  private readonly ofClass: boolean;
  /** PCRE2 gives up after as many. */
  private left = 1000;

  constructor(set: ByteSet, greedy: boolean, ofClass: boolean) {
    this.set = set;
    this.greedy = greedy;
    this.ofClass = ofClass;
  }

  holds(follow: Follow, entered: boolean): boolean {
    if (--this.left <= 0) return false;
    if (follow === null) return this.greedy;
    const item = follow.items[follow.from];
    if (item === undefined) {
      if (!this.greedy || follow.of === "loop") return false;
      return follow.of === "atomic" ? !entered : this.holds(follow.outer, entered);
    }
    const rest: Follow = { ...follow, from: follow.from + 1 };
    const set = setOfNode(item);
    if (set !== null) return !overlaps(set, this.set);
    switch (item.kind) {
      case "empty":
        return this.holds(rest, entered);
      case "assertion":
        return this.beforeEnd(item.assertion);
      case "group":
      case "atomic":
        return this.inside(item.body, item.kind === "atomic" ? "atomic" : "group", rest);
      case "alternatives":
        return this.inside(item, "group", rest);
      case "repeat":
        return this.beforeRepeat(item, rest, entered);
      default:
        return false;
    }
  }

  private inside(body: PatternNode, of: "group" | "loop" | "atomic", rest: Follow): boolean {
    const options = body.kind === "alternatives" ? body.options : [body];
    return options.every((option) => {
      const items = option.kind === "sequence" ? option.items : [option];
      return this.holds({ items, from: 0, of, outer: rest }, true);
    });
  }

  private beforeRepeat(item: RepeatNode, rest: Follow, entered: boolean): boolean {
    if (item.max === 0) return this.holds(rest, entered);
    const set = setOfNode(item.body);
    if (set !== null) return !overlaps(set, this.set) && (item.min > 0 || this.holds(rest, entered));
    if (item.min === 0 && !this.holds(rest, entered)) return false;
    return this.inside(item.body, item.max > 1 ? "loop" : "group", rest);
  }

  /** `$` and the like: PCRE2 compares them with bytes and types, not with classes. */
  private beforeEnd(assertion: string): boolean {
    if (this.ofClass) return false;
    if (assertion === "end") return true;
    return (
      (assertion === "endOrNewline" || assertion === "lineEnd") &&
      !hasByte(this.set, 10) &&
      !isEmptySet(this.set)
    );
  }
}
