import type { CompileResult, OsRegex } from "./types.js";

/** Compiles OS_Regex (spec/ossec.md 3.1). */
export function compileOsRegex(text: string): CompileResult<OsRegex> {
  return { ok: false, reason: `not implemented yet: ${text}` };
}
