/**
 * Finds the group texts in which a word occurs. A few questions are answered by a look at each text; where many
 * are asked of many texts, these are indexed by their three-byte pieces.
 */
import { foldAscii } from "../patterns/bytes.js";
import { isAscii } from "../patterns/unicode/utf8.js";

export interface GroupIndex {
  /** The text's number, from 0 in the order of adding. */
  add(text: string): number;
  /** Numbers, ascending, of texts that may hold one of the words; a superset. */
  candidates(words: readonly string[]): Iterable<number>;
  readonly texts: readonly string[];
  /** The texts in lower case. */
  readonly folded: readonly string[];
}

/** So many texts are looked at one by one before they are indexed. */
const looksLimit = 20_000;

export function createGroupIndex(): GroupIndex {
  const texts: string[] = [];
  const folded: string[] = [];
  const numbers = new Map<string, number>();
  const pieces = new Map<string, number[]>();
  /** Texts that may hold the word in other characters that are the same without letter case. */
  const notAscii: number[] = [];
  let indexed = 0;
  let looks = 0;

  function indexAll(): void {
    for (; indexed < folded.length; indexed++) {
      const text = folded[indexed] ?? "";
      for (let at = 0; at + 3 <= text.length; at++) {
        const piece = text.slice(at, at + 3);
        const holders = pieces.get(piece);
        if (holders === undefined) pieces.set(piece, [indexed]);
        else if (holders.at(-1) !== indexed) holders.push(indexed);
      }
    }
  }

  return {
    texts,
    folded,
    add(text) {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      folded.push(foldAscii(text));
      if (!isAscii(text)) notAscii.push(texts.length);
      return texts.push(text) - 1;
    },
    candidates(words) {
      looks += texts.length;
      if (looks < looksLimit) return texts.keys();
      indexAll();
      const found = new Set(notAscii);
      for (const word of words) {
        const wanted = foldAscii(word);
        if (wanted.length < 3) return texts.keys();
        let rarest: readonly number[] | undefined;
        for (let at = 0; at + 3 <= wanted.length; at++) {
          const holders = pieces.get(wanted.slice(at, at + 3)) ?? [];
          if (rarest === undefined || holders.length < rarest.length) rarest = holders;
        }
        for (const number of rarest ?? []) found.add(number);
      }
      return [...found].sort((one, other) => one - other);
    },
  };
}
