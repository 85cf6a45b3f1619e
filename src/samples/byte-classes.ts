/** Bytes that nothing tells apart, as one. */
import { type ByteSet, hasByte } from "../ossec/patterns/byte-set.js";

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

const everyCode: readonly number[] = Array.from({ length: 256 }, (_, code) => code);

/** The bytes of a set of one or two; null: there are more. */
function fewBytes(set: ByteSet): readonly number[] | null {
  const found: number[] = [];
  for (let word = 0; word < 8; word += 1) {
    for (let bits = set[word] ?? 0; bits !== 0; bits &= bits - 1) {
      if (found.length === 2) return null;
      found.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
  }
  return found;
}

/** The classes of bytes that the sets tell apart, and how many there are. */
export function classesOf(sets: readonly ByteSet[]): {
  readonly classOf: Uint8Array;
  readonly count: number;
} {
  // Nearly all are single letters, in one or both cases: these are taken out first, the rest is one class.
  const parts = new Array<number>(256).fill(0);
  let part = 0;
  const large: ByteSet[] = [];
  for (const set of sets) {
    const bytes = fewBytes(set);
    if (bytes === null) {
      large.push(set);
      continue;
    }
    const [one = 0, other = one] = bytes;
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
  for (const code of everyCode) {
    const own = parts[code] ?? 0;
    const known = classes[own] ?? count;
    classes[own] = known;
    if (known === count) count += 1;
    classOf[code] = known;
  }
  const isIn = new Uint8Array(256);
  for (const set of large) {
    if (set.every((word) => word === 0xffffffff)) continue;
    for (const code of everyCode) isIn[code] = hasByte(set, code) ? 1 : 0;
    count = refine(classOf, isIn, everyCode);
  }
  return { classOf, count };
}
