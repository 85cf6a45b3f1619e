/** Patterns of decoders and rules: joining their elements, and what the engine says when it compiles them. */

import type { PatternDefinition } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { PatternLanguage } from "../patterns/index.js";
import { isAscii } from "../patterns/unicode/utf8.js";
import type { PatternRanges } from "../source-map.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { ProblemLog } from "./problems.js";

/** A text that grows with every element of its name. `null` text: dropped because it grew too long. */
export interface JoinedText {
  text: string;
  places: [SourceRange, ...SourceRange[]];
}

/** Where each pattern that was read is written. */
export type WrittenPatterns = Map<PatternDefinition, PatternRanges>;

export function asPattern(
  language: PatternLanguage,
  { text, places }: Readonly<JoinedText>,
  written: WrittenPatterns,
  negated = false,
): PatternDefinition {
  const pattern: PatternDefinition = negated ? { language, text, negated } : { language, text };
  written.set(pattern, places);
  return pattern;
}

/** The place of a byte of the pattern, where it stands in the file as it is in the pattern. */
function patternPlace(
  pattern: PatternDefinition,
  places: PatternRanges,
  at: number | undefined,
): SourceRange {
  const [place, ...more] = places;
  const { source, start, end } = place;
  if (at === undefined || more.length > 0 || end - start !== pattern.text.length) return place;
  const from = start + Math.min(at, pattern.text.length);
  return from < end ? { source, start: from, end } : place;
}

export interface PatternCheck {
  /** The engine compiles it. */
  readonly ok: boolean;
  /** As a decoder's regex it is refused: the engine keeps no captures. */
  readonly withoutCaptures: boolean;
}

/** Who compiles patterns, and where it is said what is wrong with them. */
export interface PatternContext {
  readonly dialect: Dialect;
  readonly problems: ProblemLog;
}

/**
 * Tells whether the engine compiles the pattern and reports it when not; `crash` where the loader dies of
 * its own error message.
 */
export function checkPattern(
  pattern: PatternDefinition,
  places: PatternRanges,
  { dialect, problems }: PatternContext,
  what: string,
  crash = false,
): PatternCheck {
  const { patternLimit, emptyPcre2 } = dialect.loading;
  let reason: string | null = null;
  let at: number | undefined;
  let withoutCaptures = false;
  if (pattern.language !== "pcre2" && pattern.text.length > patternLimit) {
    reason = `the pattern is longer than ${patternLimit} bytes`;
  } else if (emptyPcre2 === "refused" && pattern.language === "pcre2" && pattern.text === "") {
    reason = "the pattern is empty";
  } else if (pattern.language !== "osmatch" || !isAscii(pattern.text)) {
    const compiled = dialect.compilePattern(pattern);
    if (compiled.ok) {
      withoutCaptures = compiled.value.withoutCaptures;
    } else if (compiled.engineMessage === undefined) {
      problems.report(
        codes.patternUnsupported,
        patternPlace(pattern, places, compiled.at),
        `zopf cannot run this pattern of ${what}: ${compiled.reason}`,
        { outcome: "warning" },
      );
    } else if (compiled.crash === true) {
      problems.report(
        codes.patternCrash,
        patternPlace(pattern, places, compiled.at),
        `the loader dies of the pattern of ${what}: ${compiled.reason}`,
        { outcome: "crash" },
      );
      return { ok: false, withoutCaptures: false };
    } else {
      reason = compiled.reason;
      at = compiled.at;
    }
  }
  if (reason === null) return { ok: true, withoutCaptures };
  if (crash) {
    problems.report(
      codes.patternCrash,
      patternPlace(pattern, places, at),
      `the pattern of ${what} cannot be compiled (${reason}), and the loader dies while saying so`,
      { outcome: "crash" },
    );
  } else {
    problems.report(
      codes.pattern,
      patternPlace(pattern, places, at),
      `the pattern of ${what} cannot be compiled: ${reason}`,
      { engineMessage: 1450 },
    );
  }
  return { ok: false, withoutCaptures: false };
}
