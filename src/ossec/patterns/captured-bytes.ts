import { childrenOf, type PatternNode } from "./ast.js";
import { type ByteSet, bytesOf, rangeSet, singleByte, union } from "./byte-set.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { PatternSource } from "./types.js";

/**
 * The bytes that a capture can hold, or more; null where that cannot be told.
 *
 * @param group - number of the group, from 1
 */
export function capturedBytes({ language, text }: PatternSource, group: number): readonly number[] | null {
  if (language === "osmatch") return null;
  const tree = language === "osregex" ? parseOsRegex(text) : parsePcre2(text);
  const body = tree.ok ? bodyOf(tree.value.root, group) : null;
  const bytes = body === null ? null : bytesIn(body);
  return bytes === null ? null : bytesOf(bytes);
}

function bodyOf(node: PatternNode, group: number): PatternNode | null {
  if (node.kind === "group" && node.index === group) return node.body;
  for (const child of childrenOf(node)) {
    const found = bodyOf(child, group);
    if (found !== null) return found;
  }
  return null;
}

function bytesIn(node: PatternNode): ByteSet | null {
  switch (node.kind) {
    case "byte":
      return singleByte(node.code, node.caseless);
    case "set":
      return node.set;
    case "empty":
    case "assertion":
    case "look":
    case "fail":
      return rangeSet([]);
    case "backreference":
    case "call":
    case "conditional":
    case "verb":
      return null;
    default: {
      let all: ByteSet | null = rangeSet([]);
      for (const child of childrenOf(node)) {
        const bytes = bytesIn(child);
        all = all === null || bytes === null ? null : union(all, bytes);
      }
      return all;
    }
  }
}
