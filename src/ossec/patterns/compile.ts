import type { PatternTree } from "./ast.js";
import { type KnownPattern, knowledgeOf, knownMatcher } from "./matcher.js";
import { compileOsMatch, parseOsMatch } from "./os-match.js";
import { compileOsRegex } from "./os-regex.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { compilePcre2 } from "./pcre2/index.js";
import { parsePcre2 } from "./pcre2/parse.js";
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

const parsers: { readonly [L in PatternLanguage]: (text: string) => PatternTree } = {
  osregex: (text) => treeOf(parseOsRegex(text)),
  osmatch: parseOsMatch,
  pcre2: (text) => treeOf(parsePcre2(text)),
};

function treeOf(result: CompileResult<PatternTree>): PatternTree {
  if (result.ok) return result.value;
  throw new Error(`bug: a pattern that compiled before does not: ${result.reason}`);
}

/** Everything compiled so far, for {@link learnPatterns} of a later run. */
export function knownPatterns(): readonly KnownPattern[] {
  const known: KnownPattern[] = [];
  for (const cache of Object.values(compiled)) {
    for (const result of cache.values()) {
      const knowledge = result.ok ? knowledgeOf(result.value) : null;
      if (knowledge !== null) known.push(knowledge);
    }
  }
  return known;
}

/** Spares {@link compilePattern} the parsing of these patterns until they are run. */
export function learnPatterns(known: readonly KnownPattern[]): void {
  for (const pattern of known) {
    const { language, text } = pattern;
    const cache = compiled[language];
    if (cache.has(text)) continue;
    cache.set(text, { ok: true, value: knownMatcher(pattern, parsers[language]) });
  }
}

/** Compiles a pattern of any language; the same pattern is compiled once. */
export function compilePattern(source: PatternSource): CompileResult<Matcher> {
  const cache = compiled[source.language];
  const known = cache.get(source.text);
  if (known !== undefined) return known;
  const result = compilers[source.language](source.text);
  cache.set(source.text, result);
  return result;
}
