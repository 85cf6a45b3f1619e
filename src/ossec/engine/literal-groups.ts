/** Groups of four bytes, by which literals are looked for; and which of them a literal is best looked for by. */

/** Slots of the table; groups are spread over them. */
export const slotBits = 16;

export const slotOf = (group: number): number => Math.imul(group, 0x9e3779b1) >>> (32 - slotBits);

/** Slots share buckets: what is where a slot is taken. */
export const bucketBits = 12;

export const bucketOf = (slot: number): number => slot >>> (slotBits - bucketBits);

/** Set in every byte of a group: letters have no case there, and a few other bytes share a value. */
export const caseBit = 0x20;

/** Four bytes as one number, the first in the lowest place. */
export const groupAt = (text: string, at: number): number =>
  text.charCodeAt(at) |
  caseBit |
  ((text.charCodeAt(at + 1) | caseBit) << 8) |
  ((text.charCodeAt(at + 2) | caseBit) << 16) |
  ((text.charCodeAt(at + 3) | caseBit) << 24);

/** How often bytes stand in logs, roughly, in bits: the commonest letters of English, then digits and blanks. */
const commonness = new Float64Array(256);
for (const [place, letter] of [..."etaoinsrhldcumfpgwybvkxjqz"].entries()) {
  commonness[letter.charCodeAt(0)] = Math.log2(12 / (1 + place / 3));
}
for (const digit of "0123456789") commonness[digit.charCodeAt(0)] = 2;
commonness[32] = Math.log2(12);

/** Twice the logarithm of small counts. */
const rarity = Float64Array.from({ length: 64 }, (_, count) => 2 * Math.log2(Math.max(count, 1)));

/** What earlier calls found out, by text. */
const known = new Map<string, number>();

/** So many texts are remembered. */
const knownLimit = 1 << 16;

/** For {@link learnGroups} of a later run. */
export function knownGroups(): readonly (readonly [text: string, offset: number])[] {
  return [...known];
}

/** Spares {@link announcingGroups} its work where it knows every text. */
export function learnGroups(groups: readonly (readonly [text: string, offset: number])[]): void {
  for (const [text, offset] of groups) known.set(text, offset);
}

/**
 * For each text where those two neighbouring groups of it begin that are rarest in lines, roughly: by the likelihood
 * of their bytes and by their number in the texts themselves, which tell the words that logs are made of.
 * Zero for texts of less than five bytes.
 */
export function announcingGroups(texts: readonly string[]): readonly number[] {
  if (!texts.every((text) => known.has(text))) choose(texts);
  return texts.map((text) => known.get(text) ?? 0);
}

function choose(texts: readonly string[]): void {
  const counts = new Uint8Array(1 << bucketBits);
  for (const text of texts) {
    let group = groupAt(text, 0) << 8;
    for (let at = 3; at < text.length; at += 1) {
      group = (group >>> 8) | ((text.charCodeAt(at) | caseBit) << 24);
      const bucket = bucketOf(slotOf(group));
      const count = counts[bucket] ?? 0;
      if (count < 63) counts[bucket] = count + 1;
    }
  }
  if (known.size + texts.length > knownLimit) known.clear();
  for (const text of texts) known.set(text, rarestGroups(text, counts));
}

function rarestGroups(text: string, counts: Uint8Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  let bytes = 0;
  let group = 0;
  for (let end = 0; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    bytes += (commonness[code] ?? 0) - (end < 4 ? 0 : (commonness[text.charCodeAt(end - 4)] ?? 0));
    group = (group >>> 8) | ((code | caseBit) << 24);
    if (end < 3) continue;
    const common = bytes + (rarity[counts[bucketOf(slotOf(group))] ?? 0] ?? 0);
    if (Math.max(before, common) < least && end > 3) {
      least = Math.max(before, common);
      best = end - 4;
    }
    before = common;
  }
  return best;
}
