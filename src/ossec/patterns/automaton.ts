/**
 * Patterns of the three languages as automata (Thompson's construction), for questions about all the texts that a
 * pattern matches. What is no regular language (references, look-around, word boundaries) has none.
 */
import type { PatternNode } from "./ast.js";
import { type ByteSet, singleByte } from "./byte-set.js";
import { parseOsMatch } from "./os-match-parse.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { PatternSource } from "./types.js";

export type Edge =
  | { readonly kind: "byte"; readonly set: ByteSet; readonly to: number }
  /** Taken without a byte; `only`: at the start or the end of the text alone. */
  | { readonly kind: "empty"; readonly to: number; readonly only: "start" | "end" | null };

export interface Automaton {
  readonly edges: readonly (readonly Edge[])[];
  readonly start: number;
  readonly accept: number;
}

/** Larger ones are not made. */
const stateLimit = 1500;

class Builder {
  readonly edges: Edge[][] = [];

  state(): number {
    return this.edges.push([]) - 1;
  }

  /** Adds the node between two states; false: it has no automaton. */
  add(node: PatternNode, from: number, to: number): boolean {
    if (this.edges.length > stateLimit) return false;
    switch (node.kind) {
      case "empty":
        return this.empty(from, to);
      case "byte":
        this.edges[from]?.push({ kind: "byte", set: singleByte(node.code, node.caseless), to });
        return true;
      case "set":
        this.edges[from]?.push({ kind: "byte", set: node.set, to });
        return true;
      case "sequence":
        return this.row(node.items, from, to);
      case "alternatives":
        return node.options.every((option) => this.add(option, from, to));
      case "group":
        return this.add(node.body, from, to);
      case "repeat":
        return node.mode !== "possessive" && this.repeat(node.body, node.min, node.max, from, to);
      case "assertion":
        switch (node.assertion) {
          case "start":
            return this.empty(from, to, "start");
          case "end":
          case "endOrNewline":
            return this.empty(from, to, "end");
          default:
            return false;
        }
      case "fail":
        return true;
      default:
        return false;
    }
  }

  private empty(from: number, to: number, only: "start" | "end" | null = null): true {
    this.edges[from]?.push({ kind: "empty", to, only });
    return true;
  }

  private row(items: readonly PatternNode[], from: number, to: number): boolean {
    let at = from;
    for (const [index, item] of items.entries()) {
      const next = index === items.length - 1 ? to : this.state();
      if (!this.add(item, at, next)) return false;
      at = next;
    }
    return items.length > 0 || this.empty(from, to);
  }

  private repeat(body: PatternNode, min: number, max: number, from: number, to: number): boolean {
    let at = from;
    for (let count = 0; count < min; count++) {
      const next = this.state();
      if (!this.add(body, at, next)) return false;
      at = next;
    }
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.state();
      this.empty(at, loop);
      this.empty(loop, to);
      return this.add(body, loop, loop);
    }
    for (let count = min; count < max; count++) {
      const next = this.state();
      this.empty(at, to);
      if (!this.add(body, at, next)) return false;
      at = next;
    }
    return this.empty(at, to);
  }
}

/** Null: broken, too large, or no regular language. */
export function automatonOf({ language, text }: PatternSource): Automaton | null {
  const tree =
    language === "osmatch"
      ? { ok: true as const, value: parseOsMatch(text) }
      : language === "osregex"
        ? parseOsRegex(text)
        : parsePcre2(text);
  if (!tree.ok) return null;
  const builder = new Builder();
  const start = builder.state();
  const accept = builder.state();
  return builder.add(tree.value.root, start, accept) ? { edges: builder.edges, start, accept } : null;
}

/** The states that are reached from these without a byte, in order. */
export function closure(
  { edges }: Automaton,
  states: Iterable<number>,
  at: { readonly start: boolean; readonly end: boolean },
): readonly number[] {
  const reached = new Set(states);
  for (const state of reached) {
    for (const edge of edges[state] ?? []) {
      if (edge.kind === "empty" && (edge.only === null || at[edge.only])) reached.add(edge.to);
    }
  }
  return [...reached].sort((one, other) => one - other);
}
