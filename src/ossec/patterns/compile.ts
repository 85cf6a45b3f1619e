import { compileOsMatch } from "./os-match.js";
import { compileOsRegex } from "./os-regex.js";
import { compilePcre2 } from "./pcre2/index.js";
import type { CompileResult, Matcher, PatternLanguage, PatternSource } from "./types.js";

const compilers: { readonly [L in PatternLanguage]: (text: string) => CompileResult<Matcher> } = {
  osregex: compileOsRegex,
  osmatch: compileOsMatch,
  pcre2: compilePcre2,
};

const compiled: { readonly [L in PatternLanguage]: Map<string, CompileResult<Matcher>> } = {
  osregex: new Map(),
  osmatch: new Map(),
  pcre2: new Map(),
};

/** Compiles a pattern of any language; the same pattern is compiled once. */
export function compilePattern(source: PatternSource): CompileResult<Matcher> {
  const cache = compiled[source.language];
  const known = cache.get(source.text);
  if (known !== undefined) return known;
  const result = compilers[source.language](source.text);
  cache.set(source.text, result);
  return result;
}
