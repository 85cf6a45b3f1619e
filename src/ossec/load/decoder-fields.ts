/** `<order>` and `<fts>` of decoders (docs/reference/ossec.md#decoder-fields). */
import type { FieldSlot, FtsField, OrderField } from "../definitions.js";
import { breakText } from "./text.js";

const ossecSlots: ReadonlyMap<string, FieldSlot> = new Map<string, FieldSlot>([
  ["dstuser", "dstuser"],
  ["srcuser", "srcuser"],
  ["user", "dstuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["id", "id"],
  ["url", "url"],
  ["data", "extradata"],
  ["extra_data", "extradata"],
  ["status", "status"],
  ["system_name", "systemname"],
]);

/** The fixed field that a name of an OSSEC order fills; undefined: it is a dynamic one. */
export function ossecFields(word: string): FieldSlot | undefined {
  return word.includes("filename") ? "filename" : ossecSlots.get(word);
}

export type FieldsRead<T> =
  | { readonly ok: true; readonly fields: readonly T[] }
  | { readonly ok: false; readonly reason: string };

/** The word of an entry: blanks before it go, a blank behind it ends it. */
export function wordOf(entry: string): string {
  let start = 0;
  while (entry[start] === " ") start++;
  const end = entry.indexOf(" ", start);
  return end < 0 ? entry.slice(start) : entry.slice(start, end);
}

/**
 * @param limit - the internal option `decoder_order_size`
 * @param slots - the fixed field of that name; undefined: it is a dynamic one
 */
export function parseOrder(
  text: string,
  limit: number,
  slots: (word: string) => FieldSlot | undefined,
): FieldsRead<OrderField> {
  const entries = text.split(",");
  if (entries.length > limit) {
    return { ok: false, reason: `${entries.length} names stand in the order, ${limit} are the most` };
  }
  const fields: OrderField[] = [];
  for (const entry of entries) {
    const word = wordOf(entry);
    if (word === "") return { ok: false, reason: "a name in the order is empty" };
    const slot = slots(word);
    fields.push(slot === undefined ? { kind: "dynamic", name: word } : { kind: "slot", slot });
  }
  return { ok: true, fields };
}

/** Looked for as substrings, in this order. */
const ftsWords: readonly (readonly [string, FtsField])[] = [
  ["user", "dstuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["id", "id"],
  ["location", "location"],
  ["data", "extradata"],
  ["system_name", "systemname"],
  ["name", "name"],
];

export function parseFts(text: string): FieldsRead<FtsField> {
  const fields = new Set<FtsField>();
  for (const entry of breakText(text, ",", 8)) {
    const known = ftsWords.find(([word]) => entry.includes(word));
    if (known === undefined) return { ok: false, reason: `fts knows no field "${entry}"` };
    fields.add(known[1]);
  }
  return { ok: true, fields: [...fields] };
}
