/** What is known of many patterns, a column a property: serialized, it is read in a ninth of the time that objects take (0.6 ms, not 5, for the stock rules). */
import type { KnownPattern, PatternLanguage } from "../../ossec/patterns/index.js";

const languages: readonly PatternLanguage[] = ["osregex", "osmatch", "pcre2"];

/** By pattern. */
export interface PatternColumns {
  /** Places in the list of languages. */
  readonly languages: Uint8Array;
  readonly texts: readonly string[];
  readonly groups: Uint32Array;
  /** 1: its literals decide. */
  readonly deciding: Uint8Array;
  /** Which of the {@link sets} it begins with; -1: none. */
  readonly beginnings: Int32Array;
  readonly sets: readonly Uint32Array[];
  readonly safeLengths: Float64Array;
  /** 1: its safe length is the longest. */
  readonly proven: Uint8Array;
  /** Its source in JavaScript; null: it never runs as a regular expression. */
  readonly sources: readonly (string | null)[];
  /** Its groups in it; null: as many as it has, in order. */
  readonly groupNumbers: readonly (readonly number[] | null)[];
}

const isCounting = (numbers: readonly number[], groups: number): boolean =>
  numbers.length === groups && numbers.every((number, at) => number === at + 1);

export function patternColumns(patterns: readonly KnownPattern[]): PatternColumns {
  const sets = new Map<string, { readonly place: number; readonly set: Uint32Array }>();
  const beginnings = patterns.map(({ firstBytes }) => {
    if (firstBytes === null) return -1;
    const key = firstBytes.join();
    const known = sets.get(key) ?? { place: sets.size, set: firstBytes };
    sets.set(key, known);
    return known.place;
  });
  return {
    languages: Uint8Array.from(patterns, ({ language }) => languages.indexOf(language)),
    texts: patterns.map(({ text }) => text),
    groups: Uint32Array.from(patterns, ({ groups }) => groups),
    deciding: Uint8Array.from(patterns, ({ literalsDecide }) => (literalsDecide ? 1 : 0)),
    beginnings: Int32Array.from(beginnings),
    sets: Array.from(sets.values(), ({ set }) => set),
    safeLengths: Float64Array.from(patterns, ({ safeLength }) => safeLength),
    proven: Uint8Array.from(patterns, ({ proven }) => (proven ? 1 : 0)),
    sources: patterns.map(({ script }) => script?.source ?? null),
    groupNumbers: patterns.map(({ script, groups }) =>
      script === null || isCounting(script.groupNumbers, groups) ? null : script.groupNumbers,
    ),
  };
}

const counting: (readonly number[])[] = [];

function countingTo(groups: number): readonly number[] {
  counting[groups] ??= Array.from({ length: groups }, (_, at) => at + 1);
  return counting[groups] ?? [];
}

export function patternsOf(packed: PatternColumns): readonly KnownPattern[] {
  return packed.texts.map((text, at) => {
    const groups = packed.groups[at] ?? 0;
    const source = packed.sources[at] ?? null;
    return {
      language: languages[packed.languages[at] ?? 0] ?? "osregex",
      text,
      groups,
      literalsDecide: packed.deciding[at] === 1,
      firstBytes: packed.sets[packed.beginnings[at] ?? -1] ?? null,
      safeLength: packed.safeLengths[at] ?? -1,
      proven: packed.proven[at] === 1,
      script:
        source === null ? null : { source, groupNumbers: packed.groupNumbers[at] ?? countingTo(groups) },
    };
  });
}
