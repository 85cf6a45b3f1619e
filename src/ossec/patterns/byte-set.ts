import { otherCase } from "./bytes.js";

/** A set of byte values: 256 bits in eight words. Never changed after it was built. */
export type ByteSet = Uint32Array;

export const emptySet: ByteSet = new Uint32Array(8);
export const allBytes: ByteSet = new Uint32Array(8).fill(0xffffffff);

export function hasByte(set: ByteSet, code: number): boolean {
  return (((set[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
}

function put(set: ByteSet, code: number): void {
  set[code >> 5] = (set[code >> 5] ?? 0) | (1 << (code & 31));
}

/** A set of ranges, both ends included: `[[48, 57]]` are the digits. */
export function rangeSet(ranges: readonly (readonly [number, number])[]): ByteSet {
  const set = new Uint32Array(8);
  for (const [first, last] of ranges) for (let code = first; code <= last; code++) put(set, code);
  return set;
}

/** The set of the characters of a text. */
export function setOf(characters: string): ByteSet {
  const set = new Uint32Array(8);
  for (let i = 0; i < characters.length; i++) put(set, characters.charCodeAt(i));
  return set;
}

export function singleByte(code: number, caseless: boolean): ByteSet {
  const set = new Uint32Array(8);
  put(set, code);
  if (caseless) put(set, otherCase(code));
  return set;
}

export function complement(set: ByteSet): ByteSet {
  return set.map((word) => ~word);
}

export function union(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word | (b[i] ?? 0));
}

export function intersection(a: ByteSet, b: ByteSet): ByteSet {
  return a.map((word, i) => word & (b[i] ?? 0));
}

export function overlaps(a: ByteSet, b: ByteSet): boolean {
  for (let i = 0; i < 8; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return true;
  return false;
}

/** Is every byte of the first set in the other? */
export function isSubset(set: ByteSet, other: ByteSet): boolean {
  return set.every((word, i) => (word & ~(other[i] ?? 0)) === 0);
}

export function isEmptySet(set: ByteSet): boolean {
  return set.every((word) => word === 0);
}

/** The set together with the other letter case of its ASCII letters. */
export function caseClosure(set: ByteSet): ByteSet {
  const closed = set.slice();
  for (let code = 65; code <= 90; code++) {
    if (hasByte(set, code)) put(closed, code | 0x20);
    if (hasByte(set, code | 0x20)) put(closed, code);
  }
  return closed;
}

/** The bytes of a set in ascending order. */
export function bytesOf(set: ByteSet): number[] {
  const bytes: number[] = [];
  for (let code = 0; code < 256; code++) if (hasByte(set, code)) bytes.push(code);
  return bytes;
}

/** The ranges of a set, both ends included, in ascending order. */
export function rangesOf(set: ByteSet): [number, number][] {
  const ranges: [number, number][] = [];
  for (let code = 0; code < 256; code++) {
    if (!hasByte(set, code)) continue;
    const first = code;
    while (code < 255 && hasByte(set, code + 1)) code++;
    ranges.push([first, code]);
  }
  return ranges;
}
