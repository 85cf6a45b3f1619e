/** Lists of numbers that grow, and places in tables of hashes. */

/** The same numbers, with room for as many again, and for so many at least. */
export function longer(numbers: Int32Array, least: number): Int32Array {
  const made = new Int32Array(Math.max(least, 2 * numbers.length));
  made.set(numbers);
  return made;
}

/** Where a key belongs among slots, whose number is a power of two. */
export function slotOf(key: number, slots: number): number {
  return (key ^ (key >>> 15)) & (slots - 1);
}
