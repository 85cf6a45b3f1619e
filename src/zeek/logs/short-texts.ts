import { asName } from "./intern.js";
import type { TsvStyle } from "./write.js";

/** Reads a short text; undefined where it is longer, or may hold an escape or a marker. */
export type ShortTexts = (buffer: Buffer, start: number, end: number) => string | undefined;

/** Texts of up to so many bytes (states, protocols, services) are told apart by two numbers. */
const MOST_BYTES = 8;
const FIRST_BYTES = 4;
const SLOTS = 1 << 10;
/** A column with more values is not one of states and protocols. */
const FEW = 1000;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789^";

/** The texts read last, each made once. */
export function createShortTexts(style: TsvStyle): ShortTexts {
  const isOrdinary = new Uint8Array(256);
  for (const letter of LETTERS) isOrdinary[letter.charCodeAt(0)] = 1;
  // A marker made of letters alone is not to be taken for a text.
  for (const marker of [style.emptyField, style.unsetField])
    if ([...marker].every((letter) => LETTERS.includes(letter)))
      for (const letter of marker) isOrdinary[letter.charCodeAt(0)] = 0;
  const keys = new Int32Array(2 * SLOTS);
  const texts: string[] = new Array<string>(SLOTS).fill("");
  let misses = 0;
  return (buffer, start, end) => {
    const length = end - start;
    if (length > MOST_BYTES || length === 0) return undefined;
    let first = 0;
    let second = 0;
    for (let i = 0; i < length; i++) {
      const c = buffer[start + i] ?? 0;
      if (isOrdinary[c] !== 1) return undefined;
      if (i < FIRST_BYTES) first = (first << 8) | c;
      else second = (second << 8) | c;
    }
    const slot = ((Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 22) & (SLOTS - 1);
    if (keys[2 * slot] === first && keys[2 * slot + 1] === second) return texts[slot];
    const text = buffer.toString("latin1", start, end);
    const kept = misses++ < FEW ? asName(text) : text;
    keys[2 * slot] = first;
    keys[2 * slot + 1] = second;
    texts[slot] = kept;
    return kept;
  };
}
