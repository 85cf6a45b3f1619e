import { codes } from "../codes.js";
import { type Decoder, refined, text } from "./decoder.js";

/** One name of an order. */
export interface OrderEntry {
  /** As it is written in the file. */
  readonly name: string;
  /** The field it fills: `user` and `dstuser` are one. */
  readonly slot: string;
  /** The name under which ossec-logtest prints it. */
  readonly printed: string;
  readonly dynamic: boolean;
}

/** Name, field, and what ossec-logtest prints (docs/reference/ossec.md#decoder-fields; the oracle's README, "event"). */
const known: ReadonlyMap<string, readonly [slot: string, printed: string]> = new Map([
  ["srcip", ["srcip", "srcip"]],
  ["dstip", ["dstip", "dstip"]],
  ["srcport", ["srcport", "srcport"]],
  ["dstport", ["dstport", "dstport"]],
  ["user", ["dstuser", "dstuser"]],
  ["dstuser", ["dstuser", "dstuser"]],
  ["srcuser", ["srcuser", "srcuser"]],
  ["protocol", ["protocol", "proto"]],
  ["action", ["action", "action"]],
  ["id", ["id", "id"]],
  ["url", ["url", "url"]],
  ["data", ["extra_data", "extra_data"]],
  ["extra_data", ["extra_data", "extra_data"]],
  ["status", ["status", "status"]],
  ["system_name", ["system_name", "system_name"]],
  ["filename", ["filename", "filename"]],
]);

/** One name of an order. */
export const orderEntry: Decoder<OrderEntry, string> = refined(text, (name, field) => {
  const entry = entryOf(name);
  return typeof entry === "string"
    ? field.report(
        codes.order(field.span(), `${field.label} is ${JSON.stringify(name.slice(0, 60))}: ${entry}`),
      )
    : entry;
});

/** The entry, or what is wrong with the name. */
function entryOf(name: string): OrderEntry | string {
  const found = known.get(name);
  if (found !== undefined) return { name, slot: found[0], printed: found[1], dynamic: false };
  // The engine compares with case, and makes a dynamic field of every other word.
  const meant = [...known.keys()].find((word) => plain(word) === plain(name));
  if (meant !== undefined) return `OSSEC knows that field as "${meant}"`;
  if (name.includes("filename")) return 'OSSEC takes every word with "filename" in it for the field filename';
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(name))
    return "a field of your own is lower case letters, digits and _, starting with a letter, at most 32 characters";
  return { name, slot: name, printed: name, dynamic: true };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, "");
}
