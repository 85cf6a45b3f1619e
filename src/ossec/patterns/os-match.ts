import { createMatcher } from "./matcher.js";
import { isFastPath, type Utf8Check } from "./os-fast-path.js";
import { compileGeneral } from "./os-general.js";
import { parseFastMatch } from "./os-match-parse.js";
import type { CompileResult, OsMatch } from "./types.js";

/** Compiles OS_Match: every pattern that is UTF-8 compiles; the limits of length belong to the elements. */
export function compileOsMatch(text: string, check: Utf8Check = "checked"): CompileResult<OsMatch> {
  if (!isFastPath("osmatch", text, check)) return compileGeneral("osmatch", text, check);
  return { ok: true, value: createMatcher("osmatch", text, parseFastMatch(text)) };
}
