import { createMatcher } from "./matcher.js";
import { parseOsRegex } from "./os-regex-parse.js";
import type { CompileResult, OsRegex } from "./types.js";

/** Compiles OS_Regex (spec/ossec.md 3.1). */
export function compileOsRegex(text: string): CompileResult<OsRegex> {
  const tree = parseOsRegex(text);
  return tree.ok ? { ok: true, value: createMatcher("osregex", text, tree.value) } : tree;
}
