/** OSSEC's three pattern languages, the word match, literal prefilters and the backtracking check. */

export { capturedBytes } from "./captured-bytes.js";
export { compilePattern, knownPatterns, learnPatterns } from "./compile.js";
export { type DecoderPatterns, forgeableCapture, isLastOfLine, restsOnLineEnd } from "./forgeable-capture.js";
export { analyseBacktracking } from "./growth.js";
export type { KnownPattern } from "./matcher.js";
export type { Utf8Check } from "./os-fast-path.js";
export { compileOsMatch } from "./os-match.js";
export { compileOsRegex } from "./os-regex.js";
export { compilePcre2 } from "./pcre2/index.js";
export {
  type Backtracking,
  beforeText,
  type CompileFailure,
  type CompileResult,
  type Matcher,
  type OsMatch,
  type OsRegex,
  type PatternLanguage,
  type PatternMatch,
  type PatternSource,
  type Pcre2Pattern,
} from "./types.js";
export { wordMatch, wordTest } from "./word-match.js";
