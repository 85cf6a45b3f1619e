/** Bytes that nothing tells apart, as one. */
import { type ByteSet, hasByte, singleByte } from "../ossec/patterns/byte-set.js";

/** A set of bytes, and what is asked of it again and again. */
export interface Bytes {
  readonly set: ByteSet;
  readonly isAll: boolean;
  /** The bytes of a set of one or two; null: there are more. */
  readonly few: readonly number[] | null;
  /** By byte: 1 if it is in the set. */
  readonly isIn: Uint8Array;
}

const sets = new WeakMap<ByteSet, Bytes>();

/** By byte and letter case. */
const singles: (Bytes | undefined)[] = [];

const everyCode: readonly number[] = Array.from({ length: 256 }, (_, code) => code);

export function bytesOf(set: ByteSet): Bytes {
  const known = sets.get(set);
  if (known !== undefined) return known;
  const isIn = new Uint8Array(256);
  const few: number[] = [];
  for (const code of everyCode) {
    if (!hasByte(set, code)) continue;
    isIn[code] = 1;
    if (few.length < 3) few.push(code);
  }
  const made = { set, isAll: !isIn.includes(0), few: few.length < 3 ? few : null, isIn };
  sets.set(set, made);
  return made;
}

export function singleOf(code: number, caseless: boolean): Bytes {
  const key = code * 2 + (caseless ? 1 : 0);
  const known = singles[key] ?? bytesOf(singleByte(code, caseless));
  singles[key] = known;
  return known;
}

/** Which number a pair of a class and another one has got, and in which refinement. */
const numbers = new Uint8Array(65_536);
const given = new Uint32Array(65_536);
let refinement = 0;

/**
 * Divides the classes of the bytes further by other classes of theirs.
 *
 * @param order - the bytes it is about; the classes are numbered in the order in which they come
 * @returns how many there are
 */
export function refine(classOf: Uint8Array, other: Uint8Array, order: readonly number[]): number {
  refinement += 1;
  let count = 0;
  for (const code of order) {
    const pair = ((classOf[code] ?? 0) << 8) | (other[code] ?? 0);
    if (given[pair] !== refinement) {
      given[pair] = refinement;
      numbers[pair] = count;
      count += 1;
    }
    classOf[code] = numbers[pair] ?? 0;
  }
  return count;
}

const parts = new Int32Array(256);

/** The classes of bytes that the sets tell apart, and how many there are. */
export function classesOf(all: readonly Bytes[]): { readonly classOf: Uint8Array; readonly count: number } {
  // Nearly all are single letters, in one or both cases: these are taken out first, the rest is one class.
  parts.fill(0);
  let part = 0;
  for (const { few } of all) {
    if (few === null) continue;
    const [one, other = one] = few;
    if (one === undefined || other === undefined) continue;
    part += 1;
    // Two that were told apart stay so.
    const areOne = parts[one] === parts[other];
    parts[one] = part;
    if (!areOne) part += 1;
    parts[other] = part;
  }
  const classOf = new Uint8Array(256);
  const classes: number[] = [];
  let count = 0;
  for (let code = 0; code < 256; code += 1) {
    const own = parts[code] ?? 0;
    let known = classes[own];
    if (known === undefined) {
      known = count;
      classes[own] = known;
      count += 1;
    }
    classOf[code] = known;
  }
  for (const { few, isAll, isIn } of all)
    if (few === null && !isAll) count = refine(classOf, isIn, everyCode);
  return { classOf, count };
}
