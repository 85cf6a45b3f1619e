import { alternativesOf, byteOf, type PatternNode, type PatternTree, sequenceOf } from "./ast.js";
import { anchorsOf, createMatcher } from "./matcher.js";
import type { CompileResult, OsMatch } from "./types.js";

/**
 * Parses OS_Match (spec/ossec.md 3.2). `$` also matches before a final newline, except where the engine
 * compares strings.
 */
export function parseOsMatch(text: string): PatternTree {
  const end: PatternNode = {
    kind: "assertion",
    assertion: anchorsOf(text) === null ? "endOrNewline" : "end",
  };
  const options: PatternNode[] = [];
  for (const word of text.split("|")) {
    const items: PatternNode[] = [];
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i);
      if (code === 0x5e) items.push({ kind: "assertion", assertion: "start" });
      else if (code === 0x24) items.push(end);
      else items.push(byteOf(code, true));
    }
    options.push(sequenceOf(items));
  }
  return { root: alternativesOf(options), groups: 0 };
}

/** Compiles OS_Match: every pattern compiles; the limits of length belong to the elements. */
export function compileOsMatch(text: string): CompileResult<OsMatch> {
  return { ok: true, value: createMatcher("osmatch", text, parseOsMatch(text)) };
}
