/** The matcher of a pattern that the engine runs as UTF-8, without letter case by Unicode (docs/reference/ossec.md#utf-8). */
import { type ByteSet, hasByte, rangeSet, union } from "./byte-set.js";
import { createMatcher, type KnownPattern, knowledgeOf } from "./matcher.js";
import type { Utf8Check } from "./os-fast-path.js";
import type { Backtracking, Matcher, PatternLanguage, PatternMatch } from "./types.js";
import { type CharacterTree, unitTree, utf8Form } from "./unicode/character-tree.js";
import { UncheckedSearch } from "./unicode/unchecked.js";
import { encodingOf } from "./unicode/utf8.js";

const notAscii = rangeSet([[0x80, 0xff]]);

/** Has the set a letter that a character beyond ASCII is without letter case: k (Kelvin sign) or s (long s)? */
function foldsBeyond(set: ByteSet): boolean {
  return [0x4b, 0x53, 0x6b, 0x73].some((code) => hasByte(set, code));
}

/**
 * Three forms of one pattern. Texts of ASCII only, nearly all there are, run on a tree of bytes as ever; the other forms
 * are made when the first text wants them.
 */
export class GeneralMatcher<L extends PatternLanguage> implements Matcher {
  readonly language: L;
  readonly text: string;
  readonly groups: number;
  readonly withoutCaptures = false;
  readonly general = true;
  readonly #ascii: Matcher;
  readonly #read: () => CharacterTree;
  readonly #check: Utf8Check;
  #utf8: Matcher | null = null;
  #search: UncheckedSearch | null = null;
  #unchecked: Matcher | null = null;

  /** @param ascii - for texts of ASCII only */
  constructor(language: L, ascii: Matcher, read: () => CharacterTree, check: Utf8Check) {
    this.language = language;
    this.text = ascii.text;
    this.groups = ascii.groups;
    this.#ascii = ascii;
    this.#read = read;
    this.#check = check;
  }

  get unchecked(): Matcher {
    if (this.#check === "unchecked") return this;
    this.#unchecked ??= new GeneralMatcher(this.language, this.#ascii, this.#read, "unchecked");
    return this.#unchecked;
  }

  /** What a later run takes over. */
  get knowledge(): KnownPattern | null {
    const known = knowledgeOf(this.#ascii);
    return known === null ? null : { ...known, firstBytes: this.firstBytes };
  }

  get requiredLiterals(): readonly string[] | null {
    return this.#ascii.requiredLiterals;
  }

  get literalsDecide(): boolean {
    return this.#ascii.literalsDecide;
  }

  get firstBytes(): ByteSet | null {
    const first = this.#ascii.firstBytes;
    if (first === null) return null;
    return foldsBeyond(first) || hasByte(first, 0xff) ? union(first, notAscii) : first;
  }

  get backtracking(): Backtracking {
    return this.#ascii.backtracking;
  }

  test(text: string): boolean {
    const encoding = encodingOf(text);
    if (encoding === "ascii") return this.#ascii.test(text);
    return encoding === "utf8" ? this.#ofUtf8.test(text) : this.#searchUnchecked(text) !== null;
  }

  exec(text: string, from = 0): PatternMatch | null {
    if (encodingOf(text) === "ascii") return this.#ascii.exec(text, from);
    const rest = from === 0 ? text : text.slice(from);
    const encoding = encodingOf(rest);
    let match: PatternMatch | null;
    if (encoding === "ascii") match = this.#ascii.exec(rest);
    else match = encoding === "utf8" ? this.#ofUtf8.exec(rest) : this.#searchUnchecked(rest);
    return match === null || from === 0 ? match : { ...match, end: match.end + from };
  }

  endOf(text: string, from = 0): number {
    if (encodingOf(text) === "ascii") return this.#ascii.endOf(text, from);
    return this.exec(text, from)?.end ?? -1;
  }

  get #ofUtf8(): Matcher {
    this.#utf8 ??= createMatcher(this.language, this.text, utf8Form(this.#read()));
    return this.#utf8;
  }

  /** Of a text that is not UTF-8. */
  #searchUnchecked(text: string): PatternMatch | null {
    if (this.#check === "checked") return null;
    this.#search ??= new UncheckedSearch(unitTree(this.#read()));
    return this.#search.exec(text);
  }
}
