/**
 * Addresses as the firewalls get them. Stricter than OSSEC (docs/reference/ossec.md#addresses): what is written is what is
 * meant, so no octal, no short forms, no zones, no prefixes, no names (docs/reference/firewall.md#stock-script-defects, 1). The
 * generated firewall-drop.sh has the same rules; test/firewall compares the two.
 */
export interface Address {
  readonly family: 4 | 6;
  /** Four numbers of 8 bits, or eight of 16. */
  readonly numbers: readonly number[];
}

/** A network: an address and how many of its leading bits count. */
export interface Prefix extends Address {
  readonly length: number;
}

const octet = /^(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])$/;
const group = /^[0-9A-Fa-f]{1,4}$/;

/** One address; null for anything else, also for IPv6 with dotted parts. */
export function parseAddress(text: string): Address | null {
  if (text.length > 39) return null;
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** `ADDRESS` or `ADDRESS/LENGTH`; host bits are kept. */
export function parsePrefix(text: string): Prefix | null {
  const [address = "", length, ...more] = text.split("/");
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0) return null;
  const widest = parsed.family === 4 ? 32 : 128;
  if (length === undefined) return { ...parsed, length: widest };
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > widest) return null;
  return { ...parsed, length: Number(length) };
}

/** `ADDRESS/LENGTH`, also for a single address: as the generated scripts write a network. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

/** Does the network hold the address? Never across families. */
export function holds(network: Prefix, address: Address): boolean {
  if (network.family !== address.family) return false;
  const bits = address.family === 4 ? 8 : 16;
  let left = network.length;
  for (const [index, number] of network.numbers.entries()) {
    if (left <= 0) break;
    const shift = left >= bits ? 0 : bits - left;
    if (number >> shift !== (address.numbers[index] ?? 0) >> shift) return false;
    left -= bits;
  }
  return true;
}

/** The canonical spelling (RFC 5952): tables print it, and two spellings of one address become equal. */
export function formatAddress(address: Address): string {
  if (address.family === 4) return address.numbers.join(".");
  const zeros = longestZeros(address.numbers);
  const hexadecimal = (numbers: readonly number[]): string =>
    numbers.map((number) => number.toString(16)).join(":");
  if (zeros.length < 2) return hexadecimal(address.numbers);
  const head = hexadecimal(address.numbers.slice(0, zeros.start));
  return `${head}::${hexadecimal(address.numbers.slice(zeros.start + zeros.length))}`;
}

function parseIpv4(text: string): Address | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => octet.test(part))) return null;
  return { family: 4, numbers: parts.map(Number) };
}

function parseIpv6(text: string): Address | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const groups = [...head, ...(tail ?? [])];
  if (!groups.every((part) => group.test(part))) return null;
  if (tail === undefined ? groups.length !== 8 : groups.length > 7) return null;
  const zeros = Array.from({ length: 8 - groups.length }, () => "0");
  const all = [...head, ...zeros, ...(tail ?? [])];
  return { family: 6, numbers: all.map((part) => Number.parseInt(part, 16)) };
}

function longestZeros(numbers: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, number] of numbers.entries()) {
    if (number !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
