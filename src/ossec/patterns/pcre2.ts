import type { CompileResult, Pcre2Pattern } from "./types.js";

/** Compiles PCRE2 as the engine does: without letter case, bytes, unanchored (spec/ossec.md 3.3). */
export function compilePcre2(text: string): CompileResult<Pcre2Pattern> {
  return { ok: false, reason: `not implemented yet: ${text}` };
}
