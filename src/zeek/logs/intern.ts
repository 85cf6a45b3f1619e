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

const FIRST_SLOTS = 256;
const MOST_SLOTS = 1 << 18;
const LONGEST = 64;
const PROBATION = 4096;

interface Store {
  /** Entry number + 1 by hash; 0 is free. A power of two, at most half full. */
  slots: Int32Array;
  hashes: Int32Array;
  lengths: Uint8Array;
  /** LONGEST bytes an entry. */
  arena: Buffer;
  values: Decoded[];
}

function emptyStore(size: number): Store {
  return {
    slots: new Int32Array(size),
    hashes: new Int32Array(size / 2),
    lengths: new Uint8Array(size / 2),
    arena: Buffer.allocUnsafe((size / 2) * LONGEST),
    values: [],
  };
}

function grown(old: Store): Store {
  const store = emptyStore(old.slots.length * 2);
  store.hashes.set(old.hashes);
  store.lengths.set(old.lengths);
  old.arena.copy(store.arena);
  store.values = old.values;
  const mask = store.slots.length - 1;
  for (let entry = 0; entry < store.values.length; entry++) {
    let slot = (store.hashes[entry] ?? 0) & mask;
    while (store.slots[slot] !== 0) slot = (slot + 1) & mask;
    store.slots[slot] = entry + 1;
  }
  return store;
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

  const remember = (slot: number, hash: number, buffer: Buffer, start: number, end: number): Decoded => {
    const value = decode(buffer, start, end);
    misses++;
    if (misses % PROBATION === 0 && misses * 2 > lookups) {
      enabled = false;
      store = emptyStore(FIRST_SLOTS);
      return value;
    }
    if (value === INVALID) return value;
    const entry = store.values.length;
    buffer.copy(store.arena, entry * LONGEST, start, end);
    store.hashes[entry] = hash;
    store.lengths[entry] = end - start;
    store.values.push(value);
    store.slots[slot] = entry + 1;
    if (store.values.length * 2 >= store.slots.length) {
      store = store.slots.length < MOST_SLOTS ? grown(store) : emptyStore(FIRST_SLOTS);
    }
    return value;
  };

  return (buffer, start, end) => {
    const length = end - start;
    if (!enabled || length > LONGEST) return decode(buffer, start, end);
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] ?? 0)) | 0;
    hash ^= hash >>> 15;
    lookups++;
    const { slots, hashes, lengths, arena, values } = store;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = (slots[slot] ?? 0) - 1;
      if (entry < 0) return remember(slot, hash, buffer, start, end);
      if (hashes[entry] === hash && lengths[entry] === length) {
        const offset = entry * LONGEST;
        let i = 0;
        while (i < length && arena[offset + i] === buffer[start + i]) i++;
        if (i === length) return values[entry];
      }
      slot = (slot + 1) & mask;
    }
  };
}
