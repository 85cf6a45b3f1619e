import type { PatternNode } from "../ast.js";
import type { CompileFailure } from "../types.js";
import { type Alphabet, byteAlphabet } from "./alphabet.js";

/** The options that a pattern can change with `(?imsx)`. */
export interface Flags {
  readonly caseless: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  /** `(?xx)`: blanks in classes are skipped too. */
  readonly extendedMore: boolean;
  readonly noAutoCapture: boolean;
  readonly duplicateNames: boolean;
  readonly ungreedy: boolean;
}

/** What ends a line: `(*CR)` and the like in front of the pattern. */
export type Newline = "LF" | "CR" | "CRLF" | "ANYCRLF" | "ANY" | "NUL";

/** How an engine calls PCRE2. */
export interface Pcre2Call {
  /** Letter case does not count unless the pattern says so. */
  readonly caseless: boolean;
  /** The empty pattern is one. */
  readonly emptyPattern: boolean;
  /** It never has PCRE2 compile to machine code. */
  readonly withoutJit: boolean;
  /** See `keepsUnset` of a PatternTree. */
  readonly keepsUnset: boolean;
}

/** OSSEC's call (docs/reference/ossec.md#pcre2). */
export const ossecCall: Pcre2Call = {
  caseless: true,
  emptyPattern: false,
  withoutJit: false,
  keepsUnset: false,
};

const unsetFlags: Flags = {
  caseless: false,
  multiline: false,
  dotAll: false,
  extended: false,
  extendedMore: false,
  noAutoCapture: false,
  duplicateNames: false,
  ungreedy: false,
};

/** A reference to groups by number or name, resolved when the whole pattern was read. */
export interface PendingReference {
  readonly to: number | string;
  /** Filled with the numbers of the groups. */
  readonly groups: number[];
  readonly at: number;
}

/** A lookbehind, checked for a fixed length when the whole pattern was read. */
export interface PendingLookbehind {
  readonly body: PatternNode;
  readonly at: number;
  /** Groups around it: a reference to one of them has no fixed length. */
  readonly open: readonly number[];
}

/** A pattern in characters. */
export interface WrittenCharacters {
  /** One unit a character: those beyond U+FFFF are written as surrogates, which no pattern has. */
  readonly text: string;
  /** Codes of the surrogates from D800 on. */
  readonly beyond: readonly number[];
  /** Offset of each character in bytes, and the length. */
  readonly offsets: readonly number[];
}

/** Where the parser stands. One object a pattern; the parts of the parser advance `at`. */
export interface ParserState {
  readonly text: string;
  /** What it was written as, when `text` is in characters; null: in bytes. */
  readonly written: WrittenCharacters | null;
  /** What characters and sets stand for. */
  alphabet: Alphabet;
  /** Reads the alternatives up to the `)` that ends them; with `single` up to a `|` too. */
  readonly alternatives: (state: ParserState, single?: boolean) => PatternNode | null;
  at: number;
  flags: Flags;
  /** Highest group number so far. */
  groups: number;
  readonly names: Map<string, number[]>;
  /** Bodies of the groups by number: the first of each. */
  readonly bodies: Map<number, PatternNode>;
  readonly references: PendingReference[];
  readonly lookbehinds: PendingLookbehind[];
  /** Groups around this place. */
  readonly open: number[];
  depth: number;
  /** Lookarounds around this place. */
  lookDepth: number;
  sharedNumbers: boolean;
  /** Inside `\Q...\E`. */
  quoting: boolean;
  newline: Newline;
  /** `(*UTF)`. */
  utf: boolean;
  /** `(*UCP)`. */
  ucp: boolean;
  /** `(*BSR_ANYCRLF)`: `\\R` takes CR, LF and CR LF only. */
  shortNewlines: boolean;
  /** `(*LIMIT_MATCH=n)`. */
  matchLimit: number | null;
  /** `(*NO_JIT)`. */
  withoutJit: boolean;
  /** `(*ACCEPT)` was met. */
  accepts: boolean;
  /** A group is called. */
  calls: boolean;
  failure: CompileFailure | null;
}

export function startState(
  source: string | WrittenCharacters,
  alternatives: ParserState["alternatives"],
  { caseless, withoutJit }: Pcre2Call = ossecCall,
): ParserState {
  return {
    text: typeof source === "string" ? source : source.text,
    written: typeof source === "string" ? null : source,
    alphabet: byteAlphabet,
    alternatives,
    at: 0,
    flags: { ...unsetFlags, caseless },
    groups: 0,
    names: new Map(),
    bodies: new Map(),
    references: [],
    lookbehinds: [],
    open: [],
    depth: 0,
    lookDepth: 0,
    sharedNumbers: false,
    quoting: false,
    newline: "LF",
    utf: false,
    ucp: false,
    shortNewlines: false,
    matchLimit: null,
    withoutJit,
    accepts: false,
    calls: false,
    failure: null,
  };
}

/** The code of a character of the text. */
export function codeAt({ text, written }: ParserState, at: number): number {
  const unit = text.charCodeAt(at);
  return written === null || unit < 0xd800 || unit > 0xdfff ? unit : (written.beyond[unit - 0xd800] ?? unit);
}

/** The offset of a character of the text in bytes. */
export function byteOffset({ written }: ParserState, at: number): number {
  return written === null ? at : (written.offsets[at] ?? at);
}

/** Records that PCRE2 refuses the pattern. The first failure counts. */
export function refuse(state: ParserState, reason: string, at: number = state.at): null {
  state.failure ??= { ok: false, engineMessage: 1450, reason, at: byteOffset(state, at) };
  return null;
}

/** Records that PCRE2 knows a construct which zopf does not run. */
export function unsupported(state: ParserState, construct: string, at: number = state.at): null {
  state.failure ??= {
    ok: false,
    reason: `PCRE2 knows ${construct}, zopf does not run it`,
    at: byteOffset(state, at),
    unsupported: construct,
  };
  return null;
}

/** Skips the text if it stands here. */
export function accept(state: ParserState, text: string): boolean {
  if (!state.text.startsWith(text, state.at)) return false;
  state.at += text.length;
  return true;
}

/** Reads a run of decimal digits; null when there is none. Large numbers saturate. */
export function readNumber(state: ParserState): number | null {
  let value = 0;
  const start = state.at;
  for (;;) {
    const code = state.text.charCodeAt(state.at);
    if (!(code >= 48 && code <= 57)) break;
    value = Math.min(value * 10 + code - 48, 1_000_000_000);
    state.at++;
  }
  return state.at === start ? null : value;
}

/** Reads a group name and the terminator behind it. */
export function readName(state: ParserState, terminator: string): string | null {
  const start = state.at;
  const { text } = state;
  const word = state.utf ? /[\p{L}\p{Nd}_]/u : /[A-Za-z0-9_]/;
  while (state.at < text.length && word.test(String.fromCodePoint(codeAt(state, state.at)))) state.at++;
  const name = text.slice(start, state.at);
  if (name === "") return refuse(state, "a group name is missing", start);
  if (/^\p{Nd}/u.test(name)) return refuse(state, "a group name begins with a digit", start);
  if (byteOffset(state, state.at) - byteOffset(state, start) > 32)
    return refuse(state, "a group name is longer than 32 characters", start);
  if (!accept(state, terminator)) return refuse(state, `a group name is not ended by ${terminator}`);
  return name;
}
