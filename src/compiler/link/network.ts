import ipaddr from "ipaddr.js";
import type { NeverBlock } from "../../model/model.js";
import { codes } from "./codes.js";
import { child, type Field, isObject, type LinkContext, readList, readString, wrongShape } from "./field.js";

export interface ParsedNetwork {
  /** Canonical: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`. */
  readonly network: string;
  readonly hostBits: boolean;
}

const strictV4 = /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/;
/** At least one colon: bare digits are a number to the library. */
const v6Letters = /^[0-9A-Fa-f]*:[0-9A-Fa-f:]*$/;
const prefixLength = /^(?:0|[1-9]\d{0,2})$/;

/**
 * One address or prefix in the strict form that every system reads alike: four decimal octets without
 * leading zeros, or IPv6 without a zone and without an embedded IPv4 part (spec/firewall.md, "What a good
 * script does"). IPv4-mapped IPv6 is refused: write the IPv4 address.
 */
export function parseNetwork(text: string): ParsedNetwork | null {
  const slash = text.indexOf("/");
  const address = slash === -1 ? text : text.slice(0, slash);
  const length = slash === -1 ? null : text.slice(slash + 1);
  if (!(strictV4.test(address) || v6Letters.test(address)) || !ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return null;
  const bits = parsed.kind() === "ipv4" ? 32 : 128;
  if (length !== null && (!prefixLength.test(length) || Number(length) > bits)) return null;
  const width = length === null ? bits : Number(length);
  const bytes = parsed.toByteArray();
  let hostBits = false;
  const masked = bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, width - index * 8));
    const value = byte & ((0xff00 >> kept) & 0xff);
    if (value !== byte) hostBits = true;
    return value;
  });
  const base = ipaddr.fromByteArray(masked);
  const name = base instanceof ipaddr.IPv6 ? base.toRFC5952String() : base.toString();
  return { network: width === bits ? name : `${name}/${width}`, hostBits };
}

/** A list that is missing, or holds nothing at all. */
export function hasNoEntry({ value }: Field): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

export function readNetwork(context: LinkContext, field: Field): string | null {
  const text = readString(context, field);
  if (text === null) return null;
  const parsed = parseNetwork(text);
  if (parsed === null) {
    context.diagnostics.push(
      codes.network(
        field.span(),
        `${field.label} is ${JSON.stringify(text.slice(0, 60))}, which is neither an address nor a prefix`,
        'write "192.0.2.1", "10.0.0.0/8", "2001:db8::1" or "2001:db8::/32": no names, no masks, no leading zeros, no IPv4 inside IPv6',
      ),
    );
    return null;
  }
  if (parsed.hostBits)
    context.diagnostics.push(
      codes.hostBits(
        field.span(),
        `${text} has host bits set; it means ${parsed.network}`,
        `write ${parsed.network}`,
      ),
    );
  return parsed.network;
}

/** The never-block list: addresses, prefixes, named ones; doubles removed, the first name kept. */
export function readNeverBlock(context: LinkContext, field: Field): readonly NeverBlock[] {
  if (field.value === undefined) return [];
  const found = new Map<string, NeverBlock>();
  for (const entry of readList(context, field) ?? []) {
    const named = isObject(entry.value);
    const network = readNetwork(context, named ? child(context, entry, "network") : entry);
    const name = named ? readName(context, child(context, entry, "name")) : null;
    if (network === null) continue;
    const known = found.get(network);
    if (known === undefined || known.name === null) found.set(network, { network, name });
  }
  return [...found.values()];
}

function readName(context: LinkContext, field: Field): string | null {
  const name = readString(context, field);
  if (name === null) return null;
  // It lands in comments of four languages; a plain label is all that is needed.
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._,'()/-]{0,79}$/u.test(name) && !name.includes("--")) return name;
  return wrongShape(context, field, "a short plain name (letters, digits, blanks and ._,'()/-; at most 80)");
}
