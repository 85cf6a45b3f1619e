/**
 * Values by the bytes they were written with: a column whose few values come again and again (states,
 * addresses) is decoded once a value, not once a row. Bounded: a full table starts anew.
 */
import type { LogValue } from "./types.js";

/** What a decoder gives for bytes that are no value of its type. */
export const INVALID: unique symbol = Symbol("invalid");
export type Decoded = LogValue | typeof INVALID;

/** Decodes the bytes `start` to `end` (exclusive) of a buffer. */
export type Decoder = (buffer: Buffer, start: number, end: number) => Decoded;

/**
 * The text as a name of the program's own: the engine compares two of those by place, not letter by letter.
 * Worth it only for few texts that are compared often.
 */
export function asName(text: string): string {
  const [name = text] = Object.keys({ [text]: true });
  return name;
}

const LONGEST_NAME = 12;
/** A column with more values is not one of states and protocols. */
const FEW = 1000;

const FIRST_SLOTS = 256;
const MOST_SLOTS = 1 << 18;
const LONGEST = 64;
const PROBATION = 1 << 16;

/** Bytes up to this many are their own hash, so that equal hashes need no look at the bytes. */
const PACKED = 4;

/** A slot: hash, length, entry number + 1 (0: free). Side by side, for one fetch from memory. */
const FIELDS = 3;

interface Store {
  readonly slots: Int32Array;
  readonly mask: number;
  /** LONGEST bytes an entry. */
  readonly arena: Buffer;
  readonly values: Decoded[];
}

function emptyStore(size: number): Store {
  return {
    slots: new Int32Array(size * FIELDS),
    mask: size - 1,
    arena: Buffer.allocUnsafe((size / 2) * LONGEST),
    values: [],
  };
}

const spread = (hash: number): number => (hash ^ (hash >>> 15) ^ (hash >>> 7)) | 0;

function grown(old: Store): Store {
  const fresh = emptyStore((old.mask + 1) * 2);
  old.arena.copy(fresh.arena);
  for (let at = 0; at < old.slots.length; at += FIELDS) {
    if (old.slots[at + 2] === 0) continue;
    const hash = old.slots[at] ?? 0;
    let slot = spread(hash) & fresh.mask;
    while (fresh.slots[slot * FIELDS + 2] !== 0) slot = (slot + 1) & fresh.mask;
    fresh.slots.set(old.slots.subarray(at, at + FIELDS), slot * FIELDS);
  }
  return { ...fresh, values: old.values };
}

/**
 * Wraps a decoder so that bytes seen before give the value of that time. Gives up on a column whose
 * values hardly ever come again.
 */
export function interned(decode: Decoder): Decoder {
  let store = emptyStore(FIRST_SLOTS);
  let lookups = 0;
  let misses = 0;
  let enabled = true;

  const remember = (at: number, hash: number, buffer: Buffer, start: number, end: number): Decoded => {
    const decoded = decode(buffer, start, end);
    const value =
      typeof decoded === "string" && misses < FEW && end - start <= LONGEST_NAME ? asName(decoded) : decoded;
    misses++;
    if (misses % PROBATION === 0 && misses * 2 > lookups) {
      enabled = false;
      store = emptyStore(2);
      return value;
    }
    if (value === INVALID) return value;
    const { slots, arena, values, mask } = store;
    buffer.copy(arena, values.length * LONGEST, start, end);
    values.push(value);
    slots[at] = hash;
    slots[at + 1] = end - start;
    slots[at + 2] = values.length;
    if (values.length * 2 > mask) store = mask + 1 < MOST_SLOTS ? grown(store) : emptyStore(FIRST_SLOTS);
    return value;
  };

  return (buffer, start, end) => {
    const length = end - start;
    if (!enabled || length > LONGEST) return decode(buffer, start, end);
    let hash = 0;
    if (length <= PACKED) for (let i = start; i < end; i++) hash = (hash << 8) | (buffer[i] ?? 0);
    else for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] ?? 0)) | 0;
    lookups++;
    const { slots, mask, arena, values } = store;
    let slot = spread(hash) & mask;
    for (;;) {
      const at = slot * FIELDS;
      const entry = slots[at + 2] ?? 0;
      if (entry === 0) return remember(at, hash, buffer, start, end);
      if (slots[at] === hash && slots[at + 1] === length) {
        if (length <= PACKED) return values[entry - 1];
        const offset = (entry - 1) * LONGEST;
        let i = 0;
        while (i < length && arena[offset + i] === buffer[start + i]) i++;
        if (i === length) return values[entry - 1];
      }
      slot = (slot + 1) & mask;
    }
  };
}
