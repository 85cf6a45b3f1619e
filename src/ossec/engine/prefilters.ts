/** Which prefilter each pattern stands behind. */
import type { Matcher } from "../patterns/index.js";
import { LiteralIndex } from "./literal-index.js";
import { alwaysOpen, type LiteralTables, literalTables, shortestLiteral } from "./literal-tables.js";
import { NamedFieldIndex, type NamedFieldTable } from "./named-field-index.js";
import type { RuntimeField } from "./rule-tree.js";

/** Numbers prefilters, then becomes a {@link LiteralIndex}. */
export interface Prefilters {
  /** false: no prefilters at all, every pattern is run. */
  readonly enabled: boolean;
  /** Number of the prefilter of a pattern on the line; {@link alwaysOpen}: it has none, run the pattern. */
  prefilter(matcher: Matcher): number;
  /** The same for a pattern on a field, which decoders cut out of the line. */
  fieldPrefilter(matcher: Matcher): number;
  /** The same for what a rule asks of dynamic fields, all of which must be there: one of them. */
  namedPrefilter(fields: readonly RuntimeField[]): number;
  /** To be called when every pattern has its prefilter. */
  build(): BuiltPrefilters;
}

/** The prefilters of a configuration, for a later run with the same one. */
export interface KnownPrefilters {
  /** Of the patterns in the order in which they were asked for. */
  readonly numbers: Int32Array;
  readonly tables: LiteralTables;
  readonly named: NamedFieldTable;
}

export interface BuiltPrefilters {
  readonly scan: LiteralIndex;
  readonly named: NamedFieldIndex;
  /** What {@link rememberedPrefilters} takes. */
  readonly known: KnownPrefilters;
}

/** Longer literals are more than one common word. */
const wordLength = 9;

/** Words that logs are full of. */
const commonWords: ReadonlySet<string> = new Set(
  "access client daemon denied error failed from host login port root user with".split(" "),
);

/** Would to look for it cost more than the patterns that it spares? */
function isEverywhere(literal: string): boolean {
  if (literal.length < shortestLiteral) return true;
  return literal.length <= wordLength && commonWords.has(literal.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ""));
}

/** Finds out prefilters. */
export class PrefilterBuilder implements Prefilters {
  readonly enabled: boolean;
  readonly #prefilters = new Map<Matcher, number>();
  readonly #fieldPrefilters = new Map<Matcher, number>();
  /** By field and, where the field has to be one of them, texts. */
  readonly #namedPrefilters = new Map<string, number>();
  readonly #named: NamedFieldTable = { names: [], texts: [], prefilters: [] };
  /** Places in {@link #texts}. */
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #opening: number[] = [];
  readonly #opened: number[] = [];
  readonly #folding: number[] = [];
  readonly #numbers: number[] = [];

  /** @param enabled - false: no prefilters at all, every pattern is run */
  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  prefilter(matcher: Matcher): number {
    return this.#noted(this.#prefilterIn(this.#prefilters, matcher));
  }

  fieldPrefilter(matcher: Matcher): number {
    return this.#noted(this.#prefilterIn(this.#fieldPrefilters, matcher));
  }

  namedPrefilter(fields: readonly RuntimeField[]): number {
    return this.#noted(this.#namedPrefilter(fields));
  }

  #namedPrefilter(fields: readonly RuntimeField[]): number {
    if (!this.enabled) return alwaysOpen;
    const asked = fields.find(({ matcher }) => (matcher.wholeTexts ?? null) !== null) ?? fields[0];
    if (asked === undefined) return alwaysOpen;
    const { name, matcher } = asked;
    const texts = matcher.wholeTexts ?? null;
    const key = JSON.stringify([name, texts]);
    const known = this.#namedPrefilters.get(key);
    if (known !== undefined) return known;
    const prefilter = this.#count;
    this.#namedPrefilters.set(key, prefilter);
    for (const text of texts ?? [null]) {
      this.#named.names.push(name);
      this.#named.texts.push(text);
      this.#named.prefilters.push(prefilter);
    }
    return prefilter;
  }

  #noted(prefilter: number): number {
    this.#numbers.push(prefilter);
    return prefilter;
  }

  #prefilterIn(prefilters: Map<Matcher, number>, matcher: Matcher): number {
    if (!this.enabled) return alwaysOpen;
    const known = prefilters.get(matcher);
    if (known !== undefined) return known;
    const required = matcher.requiredLiterals;
    if (required === null) return alwaysOpen;
    if (required.some(isEverywhere)) return alwaysOpen;
    const prefilter = this.#count;
    prefilters.set(matcher, prefilter);
    if (matcher.general && required.some((text) => /[ks]/.test(text))) this.#folding.push(prefilter);
    for (const text of required) {
      let place = this.#places.get(text);
      if (place === undefined) {
        place = this.#texts.push(text) - 1;
        this.#places.set(text, place);
      }
      this.#opening.push(place);
      this.#opened.push(prefilter);
    }
    return prefilter;
  }

  get #count(): number {
    return alwaysOpen + 1 + this.#prefilters.size + this.#fieldPrefilters.size + this.#namedPrefilters.size;
  }

  build(): BuiltPrefilters {
    const tables = literalTables({
      texts: this.#texts,
      count: this.#count,
      ofFields: [...this.#fieldPrefilters.values()],
      folding: this.#folding,
      opening: this.#opening,
      opened: this.#opened,
    });
    const scan = new LiteralIndex(tables);
    const known = { numbers: Int32Array.from(this.#numbers), tables, named: this.#named };
    return { scan, named: new NamedFieldIndex(this.#named, scan), known };
  }
}

/** Prefilters that an earlier run found out are not those of this configuration. */
export class OtherPrefilters extends Error {}

/** The prefilters of the same configuration in an earlier run: everything is asked for in the same order. */
export function rememberedPrefilters(known: KnownPrefilters): Prefilters {
  const { numbers, tables, named } = known;
  let asked = 0;
  const next = (): number => {
    const number = numbers[asked];
    if (number === undefined) throw new OtherPrefilters();
    asked += 1;
    return number;
  };
  return {
    enabled: true,
    prefilter: next,
    fieldPrefilter: next,
    namedPrefilter: next,
    build: () => {
      if (asked !== numbers.length) throw new OtherPrefilters();
      const scan = new LiteralIndex(tables);
      return { scan, named: new NamedFieldIndex(named, scan), known };
    },
  };
}
