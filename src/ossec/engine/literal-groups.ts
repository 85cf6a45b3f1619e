/** Groups of four bytes, by which literals are looked for; and which of them a literal is best looked for by. */

/** Slots of the table; groups are spread over them. */
export const slotBits = 16;

/** Spreads groups over the highest bits. */
const spread = 0x9e3779b1;

export const slotOf = (group: number): number => Math.imul(group, spread) >>> (32 - slotBits);

/** Slots share buckets: what is where a slot is taken. */
export const bucketBits = 12;

export const bucketOf = (slot: number): number => slot >>> (slotBits - bucketBits);

/** The bucket of a group's slot. */
const bucketOfGroup = (group: number): number => Math.imul(group, spread) >>> (32 - bucketBits);

/** Set in every byte of a group: letters have no case there, and a few other bytes share a value. */
const caseBit = 0x20;

/** Four bytes as one number, the first in the lowest place. */
export const groupAt = (text: string, at: number): number =>
  text.charCodeAt(at) |
  caseBit |
  ((text.charCodeAt(at + 1) | caseBit) << 8) |
  ((text.charCodeAt(at + 2) | caseBit) << 16) |
  ((text.charCodeAt(at + 3) | caseBit) << 24);

/** One bit of likelihood. Whole numbers: what is worked out cold is worked out faster with them. */
const bit = 4096;

const bits = (likelihood: number): number => Math.round(bit * Math.log2(likelihood));

/** How often bytes stand in logs, roughly, in bits: the commonest letters of English, then digits and blanks. */
const commonness = new Int32Array(256);
for (const [place, letter] of [..."etaoinsrhldcumfpgwybvkxjqz"].entries()) {
  commonness[letter.charCodeAt(0)] = bits(12 / (1 + place / 3));
}
for (const digit of "0123456789") commonness[digit.charCodeAt(0)] = bits(4);
commonness[32] = bits(12);

/** Larger counts count as this. */
const mostCounted = 63;

/** More than anything that is reckoned here. */
const maximum = 2 ** 30;

/** Four times the logarithm of counts. */
const rarity = Int32Array.from({ length: mostCounted + 1 }, (_, count) => 4 * bits(Math.max(count, 1)));

/**
 * For each text where those two neighbouring groups of it begin that are rarest in lines, roughly: by the likelihood
 * of their bytes and by their number in the texts themselves, which tell the words that logs are made of.
 * A text has five bytes at least.
 */
export function announcingGroups(texts: readonly string[]): Int32Array {
  const offsets = new Int32Array(texts.length);
  const counts = new Uint8Array(1 << bucketBits);
  /** Buckets of all groups of all texts, one behind the other. */
  const buckets = new Uint16Array(texts.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const text of texts) {
    let group = groupAt(text, 0) << 8;
    for (let at = 3; at < text.length; at += 1) {
      group = (group >>> 8) | ((text.charCodeAt(at) | caseBit) << 24);
      const bucket = bucketOfGroup(group);
      buckets[filled++] = bucket;
      const count = counts[bucket] ?? 0;
      if (count < mostCounted) counts[bucket] = count + 1;
    }
  }
  let begin = 0;
  for (const [index, text] of texts.entries()) {
    offsets[index] = rarestGroups(text, counts, buckets, begin);
    begin += text.length - 3;
  }
  return offsets;
}

/** @param begin - of the text's own among the buckets */
function rarestGroups(text: string, counts: Uint8Array, buckets: Uint16Array, begin: number): number {
  let best = 0;
  let least = maximum;
  let before = maximum;
  let bytes =
    (commonness[text.charCodeAt(0)] ?? 0) +
    (commonness[text.charCodeAt(1)] ?? 0) +
    (commonness[text.charCodeAt(2)] ?? 0);
  for (let at = 0; at + 3 < text.length; at += 1) {
    bytes += commonness[text.charCodeAt(at + 3)] ?? 0;
    const common = bytes + (rarity[counts[buckets[begin + at] ?? 0] ?? 0] ?? 0);
    const commoner = before > common ? before : common;
    if (at > 0 && commoner < least) {
      least = commoner;
      best = at - 1;
    }
    before = common;
    bytes -= commonness[text.charCodeAt(at)] ?? 0;
  }
  return best;
}
