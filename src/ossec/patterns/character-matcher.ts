import { childrenOf, type PatternNode, type PatternTree } from "./ast.js";
import { Backtracker } from "./backtracker.js";
import { type ByteSet, overlaps, rangeSet, union } from "./byte-set.js";
import { needsBacktracker } from "./emit.js";
import { createMatcher } from "./matcher.js";
import type { Utf8Check } from "./os-fast-path.js";
import { asksForNoJit } from "./pcre2/start-options.js";
import type { Backtracking, Matcher, PatternMatch } from "./types.js";
import type { CharacterClasses } from "./unicode/character-classes.js";
import { UncheckedSearch } from "./unicode/unchecked.js";
import { decodeUnchecked, encodingOf, offsetsOf } from "./unicode/utf8.js";

const notAscii = rangeSet([[0x80, 0xff]]);

const looksBehind = (node: PatternNode): boolean =>
  (node.kind === "look" && node.behind) || childrenOf(node).some(looksBehind);

/**
 * PCRE2 with `(*UTF)` in front: a unit of its tree is a class of characters, and so is a unit of what it runs on. A text of
 * ASCII is its own units. Of texts that are not UTF-8, 4.3 matches none; 3.7 and 3.8 run them as they are.
 */
export class CharacterMatcher implements Matcher {
  readonly language = "pcre2";
  readonly text: string;
  readonly groups: number;
  readonly withoutCaptures = false;
  readonly general = false;
  /** What is known of a text's bytes does not say that its characters match. */
  readonly literalsDecide = false;
  readonly #tree: PatternTree;
  readonly #classes: CharacterClasses;
  readonly #check: Utf8Check;
  readonly #ascii: Matcher;
  #backtracker: Backtracker | null = null;
  #search: UncheckedSearch | null | undefined = undefined;
  #unchecked: Matcher | null = null;

  constructor(text: string, tree: PatternTree, classes: CharacterClasses, check: Utf8Check = "checked") {
    this.text = text;
    this.groups = tree.groups;
    this.#tree = tree;
    this.#classes = classes;
    this.#check = check;
    this.#ascii = createMatcher("pcre2", text, tree);
  }

  get unchecked(): Matcher {
    if (asksForNoJit(this.text)) return this.#ascii.unchecked;
    if (this.#check === "unchecked") return this;
    this.#unchecked ??= new CharacterMatcher(this.text, this.#tree, this.#classes, "unchecked");
    return this.#unchecked;
  }

  get requiredLiterals(): readonly string[] | null {
    const literals = this.#ascii.requiredLiterals;
    return literals?.some((literal) => encodingOf(literal) !== "ascii") ? null : literals;
  }

  get firstBytes(): ByteSet | null {
    const first = this.#ascii.firstBytes;
    return first !== null && overlaps(first, notAscii) ? union(first, notAscii) : first;
  }

  get backtracking(): Backtracking {
    return this.#ascii.backtracking;
  }

  test(text: string): boolean {
    return encodingOf(text) === "ascii" ? this.#ascii.test(text) : this.#execCharacters(text) !== null;
  }

  exec(text: string, from = 0): PatternMatch | null {
    const rest = from === 0 ? text : text.slice(from);
    if (encodingOf(rest) === "ascii") return this.#ascii.exec(text, from);
    const match = this.#execCharacters(rest);
    return match === null || from === 0 ? match : { ...match, end: match.end + from };
  }

  endOf(text: string, from = 0): number {
    return this.exec(text, from)?.end ?? -1;
  }

  #execCharacters(text: string): PatternMatch | null {
    if (encodingOf(text) === "invalid") {
      if (this.#check === "checked") return null;
      if (this.#search === undefined) this.#search = this.#uncheckedSearch();
      if (this.#search !== null) return this.#search.exec(text);
    }
    const characters = decodeUnchecked(text);
    const units = characters.map((code) => String.fromCharCode(this.#classes.unitOf(code))).join("");
    this.#backtracker ??= new Backtracker(this.#tree);
    return this.#backtracker.execCharacters(units, characters, text, offsetsOf(text));
  }

  /** null: the pattern looks behind, or is none that runs as bytes. Then a lead byte takes its full length everywhere. */
  #uncheckedSearch(): UncheckedSearch | null {
    const { root, sharedNumbers = false, matchLimit } = this.#tree;
    if (sharedNumbers || matchLimit !== undefined || needsBacktracker(root) || looksBehind(root)) return null;
    return new UncheckedSearch({
      tree: this.#tree,
      characterOf: (unit) => unit,
      listed: (set) => this.#classes.listed(set),
    });
  }
}
