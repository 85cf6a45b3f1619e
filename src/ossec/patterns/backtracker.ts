import type { PatternTree } from "./ast.js";
import { type ByteSet, hasByte } from "./byte-set.js";
import { foldAscii } from "./bytes.js";
import { capturesOf } from "./captures.js";
import type { Program } from "./instruction.js";
import { type LeadingPart, leadingPart } from "./leading-part.js";
import { type Limits, limitsOf } from "./limits.js";
import { isAnchored, requiredLiterals, startBytes } from "./literals.js";
import { writeProgram } from "./program-writer.js";
import { Search } from "./search.js";
import type { PatternMatch } from "./types.js";

/** Where a match may begin. */
export interface Places {
  /** The first such place from one on; -1: there is none. */
  readonly from: (at: number) => number;
  /** Where to go on behind a place where none began. */
  readonly behind: (at: number) => number;
}

/** What a search found and took. */
export interface Measured {
  readonly match: PatternMatch | null;
  /** Most steps of an attempt. */
  readonly steps: number;
  /** Most words of the stack. */
  readonly words: number;
  /** It was given up, or would never have ended. */
  readonly exhausted: boolean;
}

/** The counting matcher of a tree: all of PCRE2's constructs that zopf knows, with its limits. */
export class Backtracker {
  private readonly program: Program;
  private readonly anchored: boolean;
  private readonly first: ByteSet | null;
  private readonly limits: Limits;
  private readonly captures: Pick<PatternTree, "keepsUnset">;
  /** One of these occurs in every text that matches; null: not known. */
  private readonly required: readonly string[] | null;
  private readonly tree: PatternTree;
  /** undefined: not worked out yet. */
  private leading: LeadingPart | null | undefined = undefined;

  constructor(tree: PatternTree, limits: Limits = limitsOf(tree)) {
    this.tree = tree;
    this.program = writeProgram(tree);
    this.captures = { keepsUnset: tree.keepsUnset };
    this.anchored = isAnchored(tree.root);
    this.first = startBytes(tree.root);
    this.limits = limits;
    this.required = requiredLiterals(tree.root);
  }

  /** @param places - where a match may begin; without it anywhere */
  exec(text: string, places?: Places): PatternMatch | null {
    return this.mayMatch(text) && this.mayBegin(text) ? this.measure(text, places).match : null;
  }

  private mayBegin(text: string): boolean {
    if (this.leading === undefined) this.leading = leadingPart(this.tree);
    const { leading } = this;
    return leading === null || text.length > leading.longestText || leading.expression.test(text);
  }

  private mayMatch(text: string): boolean {
    if (this.required === null) return true;
    const folded = foldAscii(text);
    return this.required.some((literal) => folded.includes(literal));
  }

  /**
   * The same of a text whose units stand for characters.
   *
   * @param offsets - where each character begins in `written`, and where the last one ends
   */
  execCharacters(
    text: string,
    characters: readonly number[],
    written: string,
    offsets: readonly number[],
  ): PatternMatch | null {
    if (!this.mayMatch(text)) return null;
    const { search, found } = this.search(text, characters);
    if (!found) return null;
    const slice = (from: number, to: number): string => written.slice(offsets[from], offsets[to]);
    return matchOf(search, this.program, this.captures, slice, offsets);
  }

  measure(text: string, places?: Places): Measured {
    const { search, found } = this.search(text, null, places);
    const { mostSteps: steps, mostWords: words, exhausted } = search;
    const slice = (from: number, to: number): string => text.slice(from, to);
    const match = found ? matchOf(search, this.program, this.captures, slice, null) : null;
    return { match, steps, words, exhausted };
  }

  /** The search as it ended, and whether it found a match. */
  private search(
    text: string,
    characters: readonly number[] | null,
    places: Places = this.anyPlace(text),
  ): { readonly search: Search; readonly found: boolean } {
    const search = new Search(this.program, text, this.limits, characters);
    for (let start = places.from(0); start >= 0 && !search.exhausted; ) {
      if (search.attempt(start)) return { search, found: true };
      const { stop } = search;
      if (stop?.verb === "commit") break;
      const skips = stop?.verb === "skip" && stop.at > start;
      start = places.from(skips ? stop.at : places.behind(start));
    }
    return { search, found: false };
  }

  /** Anywhere, or at the beginning, where the first byte may begin a match. */
  private anyPlace(text: string): Places {
    const { first } = this;
    const last = this.anchored ? 0 : text.length;
    return {
      from: (at) => {
        if (first === null) return at <= last ? at : -1;
        for (let place = at; place <= last && place < text.length; place++)
          if (hasByte(first, text.charCodeAt(place))) return place;
        return -1;
      },
      behind: (at) => at + 1,
    };
  }
}

function matchOf(
  { slots: { values }, end }: Search,
  program: Program,
  kept: Pick<PatternTree, "keepsUnset">,
  slice: (from: number, to: number) => string,
  offsets: readonly number[] | null,
): PatternMatch {
  const groups: (string | undefined)[] = [];
  for (let group = 1; group <= program.groups; group++) {
    const from = values[2 * group] ?? -1;
    groups.push(from < 0 ? undefined : slice(from, values[2 * group + 1] ?? from));
  }
  return { end: offsets?.[end] ?? end, captures: capturesOf(groups, kept) };
}
