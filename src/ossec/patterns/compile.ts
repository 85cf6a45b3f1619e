import type { PatternTree } from "./ast.js";
import { GeneralMatcher } from "./general-matcher.js";
import { type KnownPattern, knowledgeOf, knownMatcher } from "./matcher.js";
import { isFastPath, type Utf8Check } from "./os-fast-path.js";
import { asciiTree, charactersOf } from "./os-general.js";
import { compileOsMatch } from "./os-match.js";
import { parseFastMatch } from "./os-match-parse.js";
import { compileOsRegex } from "./os-regex.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { compilePcre2 } from "./pcre2/index.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { CompileResult, Matcher, PatternLanguage, PatternSource } from "./types.js";
import { encodingOf } from "./unicode/utf8.js";

const compilers: {
  readonly [L in PatternLanguage]: (text: string, check: Utf8Check) => CompileResult<Matcher>;
} = {
  osregex: compileOsRegex,
  osmatch: compileOsMatch,
  pcre2: compilePcre2,
};

const compiled: { readonly [L in PatternLanguage]: Map<string, CompileResult<Matcher>> } = {
  osregex: new Map(),
  osmatch: new Map(),
  pcre2: new Map(),
};

function treeOf(result: CompileResult<PatternTree>): PatternTree {
  if (result.ok) return result.value;
  throw new Error(`bug: a pattern that compiled before does not: ${result.reason}`);
}

function learned(known: KnownPattern): Matcher {
  const { language } = known;
  if (language === "pcre2") return knownMatcher(known, (text) => treeOf(parsePcre2(text)));
  if (!isFastPath(language, known.text, "checked")) {
    const ascii = knownMatcher(known, (text) => asciiTree(language, text));
    return new GeneralMatcher(language, ascii, () => charactersOf(language, known.text), "checked");
  }
  return knownMatcher(known, (text) =>
    language === "osmatch" ? parseFastMatch(text) : treeOf(parseOsRegex(text)),
  );
}

/** Everything compiled so far, for {@link learnPatterns} of a later run. */
export function knownPatterns(): readonly KnownPattern[] {
  const known: KnownPattern[] = [];
  for (const cache of Object.values(compiled)) {
    for (const result of cache.values()) {
      if (!result.ok) continue;
      const { value } = result;
      const knowledge = value instanceof GeneralMatcher ? value.knowledge : knowledgeOf(value);
      if (knowledge !== null) known.push(knowledge);
    }
  }
  return known;
}

/** Spares {@link compilePattern} the parsing of these patterns until they are run. */
export function learnPatterns(known: readonly KnownPattern[]): void {
  for (const pattern of known) {
    const cache = compiled[pattern.language];
    if (!cache.has(pattern.text)) cache.set(pattern.text, { ok: true, value: learned(pattern) });
  }
}

/** Compiles a pattern of any language; the same pattern is compiled once. */
export function compilePattern(source: PatternSource, check: Utf8Check = "checked"): CompileResult<Matcher> {
  const { language, text } = source;
  // Such patterns are so rare that they need no cache.
  if (check === "unchecked" && language !== "pcre2" && encodingOf(text) === "invalid")
    return compilers[language](text, check);
  const cache = compiled[language];
  let result = cache.get(text);
  if (result === undefined) {
    result = compilers[language](text, "checked");
    cache.set(text, result);
  }
  return check === "checked" || !result.ok ? result : { ok: true, value: result.value.unchecked };
}
