/** Addresses and prefixes as Wazuh reads them (docs/reference/wazuh.md#addresses-in-wazuh). */
import {
  type AddressBytes,
  type AddressEntry,
  clearHostBits,
  dottedQuad,
  parseUnscoped,
} from "../ossec/addresses/address.js";

const ipv4Prefix = /^(?:3[0-2]|[12]?[0-9])$/;
const ipv6Prefix = /^(?:12[0-8]|1[01][0-9]|[0-9]?[0-9])$/;
const mapped = /^::ffff:/i;

function ipv4Bytes(text: string): AddressBytes | null {
  return dottedQuad.test(text) ? text.split(".").map(Number) : null;
}

/** Number of the mask's first bits that are set when no other one is; null: others are. */
function prefixOf(mask: AddressBytes): number | null {
  const bits = mask.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const zero = bits.indexOf("0");
  if (zero < 0) return bits.length;
  return bits.includes("1", zero) ? null : zero;
}

function ipv4Entry(text: string, address: AddressBytes, suffix: string | null): AddressEntry | null {
  const known = { text, negated: false, kind: "ipv4" } as const;
  const mask = suffix === null ? null : ipv4Bytes(suffix);
  if (mask === null) {
    if (suffix !== null && !ipv4Prefix.test(suffix)) return null;
    const prefix = suffix === null ? 32 : Number(suffix);
    return { ...known, network: clearHostBits(address, prefix), prefix };
  }
  const prefix = prefixOf(mask);
  if (prefix !== null) return { ...known, network: clearHostBits(address, prefix), prefix };
  return { ...known, network: address.map((byte, at) => byte & (mask[at] ?? 0)), prefix: 32, mask };
}

/** Reads an entry of `<srcip>` or `<dstip>`; null when the engine refuses it (1237). A leading `!` is dropped. */
export function parseWazuhAddressEntry(text: string): AddressEntry | null {
  const written = text.startsWith("!") ? text.slice(1) : text;
  if (written === "any") return { text, negated: false, kind: "any", network: [], prefix: 0 };
  const slash = written.indexOf("/");
  const suffix = slash < 0 ? null : written.slice(slash + 1);
  const address = slash < 0 ? written : written.slice(0, slash);
  const ipv4 = ipv4Bytes(address.replace(mapped, ""));
  if (ipv4 !== null) return ipv4Entry(text, ipv4, suffix);
  const ipv6 = address.includes(".") ? null : parseUnscoped(address);
  if (ipv6 === null || (suffix !== null && (address === "::" || !ipv6Prefix.test(suffix)))) return null;
  const prefix = suffix === null ? 128 : Number(suffix);
  return { text, negated: false, kind: "ipv6", network: clearHostBits(ipv6, prefix), prefix };
}

/** Reads the address of an event; null when it is none. A mapped one is IPv6. */
export function parseWazuhAddress(text: string): AddressBytes | null {
  return text.includes(":") ? parseUnscoped(text) : ipv4Bytes(text);
}

const under = (address: AddressBytes, mask: AddressBytes, network: AddressBytes): boolean =>
  network.every((byte, at) => ((address[at] ?? 0) & (mask[at] ?? 0)) === byte);

/**
 * Is the address inside the entry's network? Families are compared as they lie in the engine's memory: of an IPv6 entry
 * the first four bytes are an IPv4 address, and the next four its mask.
 */
export function wazuhEntryContains(entry: AddressEntry, address: AddressBytes): boolean {
  const { kind, network, prefix, mask } = entry;
  if (kind === "any") return true;
  if (kind === "ipv4") {
    if (address.length !== 4) return mask === undefined && prefix === 0;
    return under(mask === undefined ? clearHostBits(address, prefix) : address, mask ?? allBits, network);
  }
  if (address.length === 4) return under(address, network.slice(4, 8), network.slice(0, 4));
  return under(clearHostBits(address, prefix), allBits, network);
}

const allBits: AddressBytes = Array.from({ length: 16 }, () => 255);

/** Does the list hold the address? Where it is negated, all that is not in it, texts that are no address too. */
export function wazuhAddressesHold(entries: readonly AddressEntry[], text: string): boolean {
  const address = parseWazuhAddress(text);
  const found = address !== null && entries.some((entry) => wazuhEntryContains(entry, address));
  return found !== (entries[0]?.negated === true);
}
