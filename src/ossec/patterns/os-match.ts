import type { CompileResult, OsMatch } from "./types.js";

/** Compiles OS_Match (spec/ossec.md 3.2). */
export function compileOsMatch(text: string): CompileResult<OsMatch> {
  return { ok: false, reason: `not implemented yet: ${text}` };
}
