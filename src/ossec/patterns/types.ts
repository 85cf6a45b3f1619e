/**
 * The common face of OSSEC's pattern languages. Texts and patterns are latin1 strings: one UTF-16 unit
 * (0..255) a byte; all offsets are byte offsets.
 */

/** The language of a pattern; the element name decides it, never an attribute (docs/reference/ossec.md#pattern-languages). */
export type PatternLanguage = "osregex" | "osmatch" | "pcre2";

/** A pattern as it stands in a file: its language and its text. */
export interface PatternSource {
  readonly language: PatternLanguage;
  readonly text: string;
}

/** Why a pattern cannot be used. */
export interface CompileFailure {
  readonly ok: false;
  /**
   * The engine's message number when the engine itself refuses the pattern: 1450 (syntax). Absent when
   * the engine accepts the pattern but zopf cannot run it exactly (`unsupported`).
   */
  readonly engineMessage?: number;
  /** The engine dies of it. */
  readonly crash?: true;
  /** The reason in plain words, without the pattern text. */
  readonly reason: string;
  /** Offset in the pattern (0-based byte) where the trouble stands. */
  readonly at?: number;
  /** Name of the PCRE2 construct that the engine knows and zopf does not run. */
  readonly unsupported?: string;
}

export type CompileResult<T> = { readonly ok: true; readonly value: T } | CompileFailure;

/**
 * In place of the byte offset behind a match: Wazuh's matchers may stop one byte before the text
 * (docs/reference/wazuh.md#os_regex-of-wazuh). Whether the text of a following search is whole or empty then depends on
 * the byte that stands there.
 */
export const beforeText = -2;

/** A match. `end` counts from the beginning of the text that was given, also when `from` was given. */
export interface PatternMatch {
  /**
   * Byte offset behind the match: what `offset="after_*"` continues from (docs/reference/ossec.md#decoder-fields); or
   * {@link beforeText}.
   */
  readonly end: number;
  /**
   * Texts of the groups that took part, in order. Groups that took no part are left out: the following
   * captures move to the left (docs/reference/ossec.md#decoder-fields). Of Wazuh's PCRE2 they are empty texts instead.
   */
  readonly captures: readonly string[];
  /** The engine dies while it copies the captures (docs/reference/wazuh.md#crashes). */
  readonly crash?: true;
}

/** A compiled pattern. Stateless: it may be shared and used re-entrantly. */
export interface Matcher {
  readonly language: PatternLanguage;
  /** The pattern as written. */
  readonly text: string;
  /** Number of capturing groups. */
  readonly groups: number;
  /**
   * The engine runs it as UTF-8, without letter case by Unicode: what is said below of literals and letter case holds for
   * texts without the Kelvin sign and the long s, which are k and s without letter case (docs/reference/ossec.md#utf-8).
   */
  readonly general: boolean;
  /** The same as OSSEC 3.7 and 3.8 run it, which do not look whether a text is UTF-8. */
  readonly unchecked: Matcher;
  /**
   * The engine keeps no captures for this pattern: as a decoder's `<regex>` or `<pcre2>` it is refused
   * with message 1451 (docs/reference/ossec.md#os_regex).
   */
  readonly withoutCaptures: boolean;
  /** Does the pattern occur in the text? */
  test(text: string): boolean;
  /**
   * Matches against the text from byte `from` on, as a subject of its own (`^` matches at `from`; nothing
   * before it is seen). Null when there is no match.
   */
  exec(text: string, from?: number): PatternMatch | null;
  /**
   * `end` of {@link Matcher.exec}'s answer, -1 when there is no match. Cheaper: it collects no captures. Wazuh compiles a
   * decoder's regex with captures and everything else without, which os_regex may tell apart.
   */
  endOf(text: string, from?: number): number;
  /**
   * Literal strings (ASCII lower case) of which at least one occurs, without regard to ASCII letter case, in
   * every text that matches. Null when nothing of the kind can be reported.
   */
  readonly requiredLiterals: readonly string[] | null;
  /**
   * The occurrence of one of `requiredLiterals` anywhere in a text (ASCII letter case ignored) already means
   * that the pattern matches it: no regular expression needs to run. Of a {@link Matcher.general} pattern: in a text of
   * ASCII only.
   */
  readonly literalsDecide: boolean;
  /** Texts (ASCII lower case) one of which every text that matches is, ASCII letter case ignored; absent or null: not known. */
  readonly wholeTexts?: readonly string[] | null;
  /** The bytes that a matching text may begin with, 256 bits in eight words; null when not told. */
  readonly firstBytes: Uint32Array | null;
  /** How the number of steps may grow with the length of the text. */
  readonly backtracking: Backtracking;
}

/** Growth of the matching time with the length of the text, and the place that causes it. */
export type Backtracking =
  | { readonly kind: "linear" }
  /** The pattern is larger than what is looked at. */
  | { readonly kind: "unknown" }
  | { readonly kind: "polynomial"; readonly degree: number; readonly at?: number; readonly place: string }
  | { readonly kind: "exponential"; readonly at?: number; readonly place: string };

export interface OsRegex extends Matcher {
  readonly language: "osregex";
}

export interface OsMatch extends Matcher {
  readonly language: "osmatch";
}

export interface Pcre2Pattern extends Matcher {
  readonly language: "pcre2";
}
