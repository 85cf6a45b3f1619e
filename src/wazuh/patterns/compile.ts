/** Wazuh's three pattern languages (docs/reference/wazuh.md#patterns). */
import { type KnownPattern, knowledgeOf } from "../../ossec/patterns/matcher.js";
import type {
  Backtracking,
  CompileResult,
  Matcher,
  PatternLanguage,
  PatternMatch,
  PatternSource,
} from "../../ossec/patterns/types.js";
import { compileWazuhOsMatch } from "./os-match.js";
import { compileWazuhOsRegex, knownWazuhOsRegex } from "./os-regex.js";
import { compileWazuhPcre2, knownWazuhPcre2, Pcre2Matcher } from "./pcre2.js";

/** A pattern of Wazuh's: `negate="yes"` turns its answer around. */
export interface WazuhPatternSource extends PatternSource {
  readonly negated?: boolean;
}

/** Matches where the pattern does not, and captures nothing. */
class NegatedMatcher implements Matcher {
  readonly language: PatternLanguage;
  readonly text: string;
  readonly groups = 0;
  readonly general = false;
  readonly withoutCaptures = true;
  readonly requiredLiterals = null;
  readonly literalsDecide = false;
  readonly firstBytes = null;
  readonly #matcher: Matcher;

  constructor(matcher: Matcher) {
    this.language = matcher.language;
    this.text = matcher.text;
    this.#matcher = matcher;
  }

  get unchecked(): Matcher {
    return this;
  }

  get backtracking(): Backtracking {
    return this.#matcher.backtracking;
  }

  test(text: string): boolean {
    return !this.#matcher.test(text);
  }

  exec(text: string, from = 0): PatternMatch | null {
    return this.endOf(text, from) < 0 ? null : { end: from, captures: [] };
  }

  endOf(text: string, from = 0): number {
    return this.test(from === 0 ? text : text.slice(from)) ? from : -1;
  }
}

const compilers: { readonly [L in PatternLanguage]: (text: string) => CompileResult<Matcher> } = {
  osregex: compileWazuhOsRegex,
  osmatch: (text) => ({ ok: true, value: compileWazuhOsMatch(text) }),
  pcre2: compileWazuhPcre2,
};

const compiled: { readonly [L in PatternLanguage]: Map<string, CompileResult<Matcher>> } = {
  osregex: new Map(),
  osmatch: new Map(),
  pcre2: new Map(),
};

/** Compiles a pattern of any of Wazuh's languages; the same pattern is compiled once. */
export function compileWazuhPattern({ language, text, negated }: WazuhPatternSource): CompileResult<Matcher> {
  const cache = compiled[language];
  let result = cache.get(text);
  if (result === undefined) {
    result = compilers[language](text);
    cache.set(text, result);
  }
  return negated === true && result.ok ? { ok: true, value: new NegatedMatcher(result.value) } : result;
}

function knowledge(matcher: Matcher): KnownPattern | null {
  if (matcher instanceof Pcre2Matcher) return knowledgeOf(matcher.inner);
  const { language, text, groups, literalsDecide, firstBytes } = matcher;
  return { language, text, groups, literalsDecide, firstBytes, safeLength: -1, proven: true, script: null };
}

/** What is worth knowing in a later run of the patterns compiled so far. */
export function knownWazuhPatterns(): readonly KnownPattern[] {
  return [...compiled.osregex.values(), ...compiled.pcre2.values()].flatMap((result) => {
    const known = result.ok ? knowledge(result.value) : null;
    return known === null ? [] : [known];
  });
}

/** Spares {@link compileWazuhPattern} the parsing of these patterns until they are run. */
export function learnWazuhPatterns(known: readonly KnownPattern[]): void {
  for (const pattern of known) {
    const cache = compiled[pattern.language];
    if (cache.has(pattern.text)) continue;
    const value = pattern.language === "pcre2" ? knownWazuhPcre2(pattern) : knownWazuhOsRegex(pattern);
    cache.set(pattern.text, { ok: true, value });
  }
}
