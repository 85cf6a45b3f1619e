/**
 * Finds the group texts in which a word occurs. A few questions are answered by a look at each text; where many
 * are asked of many texts, the words between the commas are indexed by their three-byte pieces: there are far fewer
 * of them than texts that hold them.
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

/** A word between commas, and the numbers of the texts that hold it. */
interface GroupWord {
  readonly word: string;
  readonly texts: number[];
}

/** Three bytes of a text, as a number. */
const pieceAt = (text: string, at: number): number =>
  (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2);

/** The longest part between commas: it lies within one word of every text that holds the whole. */
function longestPart(text: string): string {
  if (!text.includes(",")) return text;
  let longest = "";
  for (const part of text.split(",")) if (part.length > longest.length) longest = part;
  return longest;
}

export function createGroupIndex(): GroupIndex {
  const texts: string[] = [];
  const folded: string[] = [];
  const numbers = new Map<string, number>();
  const words = new Map<string, GroupWord>();
  const pieces = new Map<number, GroupWord[]>();
  /** Texts that may hold the word in other characters that are the same without letter case. */
  const notAscii: number[] = [];
  let indexed = 0;
  let looks = 0;

  function newWord(word: string): GroupWord {
    const made: GroupWord = { word, texts: [] };
    words.set(word, made);
    for (let at = 0; at + 3 <= word.length; at++) {
      const piece = pieceAt(word, at);
      const holders = pieces.get(piece);
      if (holders === undefined) pieces.set(piece, [made]);
      else if (holders.at(-1) !== made) holders.push(made);
    }
    return made;
  }

  function indexAll(): void {
    for (; indexed < folded.length; indexed++) {
      for (const word of (folded[indexed] ?? "").split(",")) {
        if (word.length < 3) continue;
        const { texts: holders } = words.get(word) ?? newWord(word);
        if (holders.at(-1) !== indexed) holders.push(indexed);
      }
    }
  }

  /** Words that hold the rarest piece of it; what has none of its pieces is nowhere. */
  function holdersOf(part: string): readonly GroupWord[] {
    let rarest: readonly GroupWord[] | undefined;
    for (let at = 0; at + 3 <= part.length; at++) {
      const holders = pieces.get(pieceAt(part, at)) ?? [];
      if (rarest === undefined || holders.length < rarest.length) rarest = holders;
    }
    return rarest ?? [];
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
    candidates(wanted) {
      looks += texts.length;
      if (looks < looksLimit) return texts.keys();
      indexAll();
      const found = new Set(notAscii);
      for (const one of wanted) {
        const part = longestPart(foldAscii(one));
        if (part.length < 3) return texts.keys();
        for (const { word, texts: holders } of holdersOf(part))
          if (word.includes(part)) for (const number of holders) found.add(number);
      }
      return [...found].sort((one, other) => one - other);
    },
  };
}
