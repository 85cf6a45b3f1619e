/** Addresses and prefixes as the engine reads them (docs/reference/ossec.md#addresses). Everything is in bytes. */

/** One entry of `<srcip>`, `<dstip>` or a white list. */
export interface AddressEntry {
  /** As written, `!` included. */
  readonly text: string;
  readonly negated: boolean;
  readonly kind: "any" | "ipv4" | "ipv6";
  /** Network part (host bits already cleared), 4 or 16 bytes. Empty for `any`. */
  readonly network: readonly number[];
  /** Prefix length within its family: 0..32 or 0..128. */
  readonly prefix: number;
  /** Wazuh, IPv4: a mask whose bits are not one behind the other; it stands for the prefix. */
  readonly mask?: AddressBytes;
}

/** 4 bytes for IPv4 and IPv4-mapped addresses, else 16. */
export type AddressBytes = readonly number[];

/** One part of a dotted address: decimal, octal (`0…`) or hexadecimal (`0x…`). */
function partValue(part: string): number | null {
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(part)) return Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]{0,11}$/.test(part)) return Number.parseInt(part, 8);
  if (/^[1-9][0-9]{0,9}$/.test(part)) return Number.parseInt(part, 10);
  return null;
}

/** `1.2.3.4`, but also `1.2.3`, `1.2` and `1`: the last part fills what is left. */
function parseIpv4(text: string): AddressBytes | null {
  const parts = text.split(".");
  if (parts.length > 4) return null;
  const values: number[] = [];
  for (const part of parts) {
    const value = partValue(part);
    if (value === null) return null;
    values.push(value);
  }
  const last = values.pop() ?? 0;
  const bytes: number[] = [];
  for (const value of values) {
    if (value > 255) return null;
    bytes.push(value);
  }
  const rest = 4 - bytes.length;
  if (last >= 256 ** rest) return null;
  for (let index = rest - 1; index >= 0; index--) bytes.push(Math.floor(last / 256 ** index) % 256);
  return bytes;
}

/** Four decimal numbers up to 255 without leading zeros. */
export const dottedQuad = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

/** Groups of one side of `::`; the last may be a dotted IPv4 address. */
function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else if (index === groups.length - 1 && dottedQuad.test(group)) {
      bytes.push(...group.split(".").map(Number));
    } else {
      return null;
    }
  }
  return bytes;
}

/** Link-local addresses, and multicast ones of a node or a link: only their scope may name an interface. */
function isLinkLocal([first = 0, second = 0]: AddressBytes): boolean {
  if (first === 0xfe) return (second & 0xc0) === 0x80;
  return first === 0xff && ((second & 15) === 1 || (second & 15) === 2);
}

/**
 * Is this a scope that may stand behind the `%` of the address? A number, or an interface of the engine's host, of which
 * no more is known than that it has a loopback interface.
 */
function isScope(text: string, address: AddressBytes): boolean {
  if (/^[0-9]+$/.test(text)) return Number(text) <= 0xffffffff;
  return text === "lo" && isLinkLocal(address);
}

function parseIpv6(text: string): AddressBytes | null {
  if (text.length > 64) return null;
  const percent = text.indexOf("%");
  if (percent < 0) return parseUnscoped(text);
  const address = parseUnscoped(text.slice(0, percent));
  return address !== null && isScope(text.slice(percent + 1), address) ? address : null;
}

/** An IPv6 address without a scope; null: it is none. */
export function parseUnscoped(text: string): AddressBytes | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "");
  if (head === null) return null;
  if (halves.length === 1) return head.length === 16 ? head : null;
  if ((halves[0] ?? "").includes(".")) return null;
  const tail = parseGroups(halves[1] ?? "");
  if (tail === null || head.length + tail.length > 14) return null;
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

function isMapped(bytes: AddressBytes): boolean {
  return (
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255
  );
}

function parseHost(text: string): AddressBytes | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** C's atoi on the (at most three) bytes behind the slash. */
function prefixNumber(text: string): number {
  const digits = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text);
  return digits === null ? 0 : Number(digits[1]);
}

export function clearHostBits(bytes: AddressBytes, prefix: number): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(Math.max(prefix - index * 8, 0), 8);
    return byte & (0xff00 >> kept) & 0xff;
  });
}

/** Reads an entry; null when the engine refuses it (1237). */
export function parseAddressEntry(text: string): AddressEntry | null {
  const negated = text.startsWith("!");
  const written = negated ? text.slice(1) : text;
  if (written === "any") return { text, negated, kind: "any", network: [], prefix: 0 };
  const slash = written.indexOf("/");
  const suffix = slash < 0 ? null : written.slice(slash + 1);
  if (suffix !== null && suffix.length > 3) return null;
  const bytes = parseHost(slash < 0 ? written : written.slice(0, slash));
  if (bytes === null) return null;
  const bits = bytes.length * 8;
  const given = suffix === null ? -1 : prefixNumber(suffix);
  if (given > bits) return null;
  const prefix = given < 0 ? bits : given;
  if (isMapped(bytes)) {
    // The prefix counts on the four bytes, be it written for sixteen.
    const counted = Math.min(prefix, 32);
    return { text, negated, kind: "ipv4", network: clearHostBits(bytes.slice(12), counted), prefix: counted };
  }
  const kind = bytes.length === 4 ? "ipv4" : "ipv6";
  return { text, negated, kind, network: clearHostBits(bytes, prefix), prefix };
}

/** Reads the address of an event; null when it is none. The engine takes here whatever an entry may be. */
export function parseAddress(text: string): AddressBytes | null {
  const written = text.startsWith("!") ? text.slice(1) : text;
  if (written === "any") return Array.from({ length: 16 }, () => 0);
  const slash = written.indexOf("/");
  if (slash >= 0 && parseAddressEntry(text) === null) return null;
  const bytes = parseHost(slash < 0 ? written : written.slice(0, slash));
  if (bytes === null) return null;
  return isMapped(bytes) ? bytes.slice(12) : bytes;
}

/** Is the address inside the entry's network? Negation is not applied. `/0` holds both families. */
export function entryContains(entry: AddressEntry, address: AddressBytes): boolean {
  if (entry.kind === "any" || entry.prefix === 0) return true;
  if (entry.network.length !== address.length) return false;
  const network = clearHostBits(address, entry.prefix);
  return network.every((byte, index) => byte === entry.network[index]);
}
