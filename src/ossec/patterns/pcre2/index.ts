import { createMatcher } from "../matcher.js";
import type { CompileResult, Pcre2Pattern } from "../types.js";
import { parsePcre2 } from "./parse.js";

/** Compiles PCRE2 as the engine does: without letter case, bytes, unanchored (spec/ossec.md 3.3). */
export function compilePcre2(text: string): CompileResult<Pcre2Pattern> {
  const tree = parsePcre2(text);
  return tree.ok ? { ok: true, value: createMatcher("pcre2", text, tree.value) } : tree;
}
