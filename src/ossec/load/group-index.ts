/**
 * Finds the group texts in which a word occurs, without looking at each text for each rule: texts are
 * indexed by their three-byte pieces.
 */
import { foldAscii } from "../patterns/bytes.js";

export interface GroupIndex {
  add(text: string): void;
  /** Indices (in order of adding) of texts that may hold one of the words; a superset. */
  candidates(words: readonly string[]): readonly number[];
  readonly texts: readonly string[];
}

export function createGroupIndex(): GroupIndex {
  const texts: string[] = [];
  const known = new Set<string>();
  const pieces = new Map<string, number[]>();
  return {
    texts,
    add(text) {
      if (known.has(text)) return;
      known.add(text);
      const index = texts.length;
      texts.push(text);
      const folded = foldAscii(text);
      for (let at = 0; at + 3 <= folded.length; at++) {
        const piece = folded.slice(at, at + 3);
        const holders = pieces.get(piece);
        if (holders === undefined) pieces.set(piece, [index]);
        else if (holders.at(-1) !== index) holders.push(index);
      }
    },
    candidates(words) {
      const found = new Set<number>();
      for (const word of words) {
        const folded = foldAscii(word);
        if (folded.length < 3) return texts.map((_, index) => index);
        let rarest: readonly number[] | undefined;
        for (let at = 0; at + 3 <= folded.length; at++) {
          const holders = pieces.get(folded.slice(at, at + 3)) ?? [];
          if (rarest === undefined || holders.length < rarest.length) rarest = holders;
        }
        for (const index of rarest ?? []) found.add(index);
      }
      return [...found].sort((one, other) => one - other);
    },
  };
}
