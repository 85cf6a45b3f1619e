/**
 * Where a loaded configuration was written: for lint, explanations and diagnostics. What runs ({@link Ruleset}) knows
 * nothing of it; rules, decoders and active responses have a number, by which they are found here.
 */
import type { DecoderDefinition, RuleDefinition } from "./definitions.js";
import type { PatternSource } from "./patterns/index.js";
import type { SourceRange, SourceText } from "./xml/source.js";

/** An element as written, for lint: also those that the engine ignores. */
export interface ElementRange {
  /** As written, case kept. */
  readonly name: string;
  /** From `<` to the end of the closing tag. */
  readonly place: SourceRange;
  /** From `<` to the `>` of the opening tag. */
  readonly opening: SourceRange;
  /** The content; where that is empty the opening tag (docs/reference/cli.md: the span of a diagnostic). */
  readonly content: SourceRange;
  /** The value after variables, as the engine reads it. Empty in an element that was not closed. */
  readonly value: string;
  readonly attributes: readonly AttributeRange[];
}

export interface AttributeRange {
  readonly name: string;
  /** After variables. */
  readonly value: string;
  readonly namePlace: SourceRange;
  /** Between the quotes; where nothing stands there the name. */
  readonly valuePlace: SourceRange;
}

/** A `<rule>` or `<decoder>` as written. */
export interface WrittenDefinition {
  /** The opening tag. */
  readonly place: SourceRange;
  readonly attributes: readonly AttributeRange[];
  readonly elements: readonly ElementRange[];
}

export interface RuleSource extends WrittenDefinition {
  /** The id's value. */
  readonly idPlace: SourceRange;
  /** The later definitions with `overwrite="yes"`, in load order. */
  readonly overwrites: readonly WrittenDefinition[];
}

export interface DecoderSource extends WrittenDefinition {
  readonly namePlace: SourceRange;
}

/** The contents of the elements that a pattern was joined from, in order. */
export type PatternRanges = readonly [SourceRange, ...SourceRange[]];

export interface SourceMapParts {
  /** Files that were read, in order. */
  readonly files: readonly SourceText[];
  /** By {@link RuleDefinition.index}. */
  readonly rules: readonly RuleSource[];
  /** By {@link DecoderDefinition.index}. */
  readonly decoders: readonly DecoderSource[];
  /** Sections, in the order of the definitions of `conf`. */
  readonly commands: readonly SourceRange[];
  readonly responses: readonly SourceRange[];
  readonly whiteList: readonly SourceRange[];
  readonly patterns: ReadonlyMap<PatternSource, PatternRanges>;
}

/** Of a definition that is none of the ruleset's: a bug of the caller. */
function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`a ${what} of another ruleset was looked up`);
  return found;
}

export class SourceMap {
  readonly files: readonly SourceText[];
  /** Of the conf's commands, active responses and white list entries, in their order. */
  readonly commands: readonly SourceRange[];
  readonly responses: readonly SourceRange[];
  readonly whiteList: readonly SourceRange[];
  readonly #parts: SourceMapParts;

  constructor(parts: SourceMapParts) {
    this.#parts = parts;
    this.files = parts.files;
    this.commands = parts.commands;
    this.responses = parts.responses;
    this.whiteList = parts.whiteList;
  }

  rule({ index }: Pick<RuleDefinition, "index">): RuleSource {
    return known(this.#parts.rules[index], "rule");
  }

  decoder({ index }: Pick<DecoderDefinition, "index">): DecoderSource {
    return known(this.#parts.decoders[index], "decoder");
  }

  pattern(pattern: PatternSource): PatternRanges {
    return known(this.#parts.patterns.get(pattern), "pattern");
  }

  /** The same with further patterns. */
  withPatterns(patterns: ReadonlyMap<PatternSource, PatternRanges>): SourceMap {
    return new SourceMap({ ...this.#parts, patterns: new Map([...this.#parts.patterns, ...patterns]) });
  }
}
