import { createMatcher } from "./matcher.js";
import { isFastPath, type Utf8Check } from "./os-fast-path.js";
import { compileGeneral } from "./os-general.js";
import { parseOsRegex } from "./os-regex-parse.js";
import type { CompileResult, OsRegex } from "./types.js";

/** Compiles OS_Regex (docs/reference/ossec.md#os_regex). */
export function compileOsRegex(text: string, check: Utf8Check = "checked"): CompileResult<OsRegex> {
  if (!isFastPath("osregex", text, check)) return compileGeneral("osregex", text, check);
  const tree = parseOsRegex(text);
  return tree.ok ? { ok: true, value: createMatcher("osregex", text, tree.value) } : tree;
}
