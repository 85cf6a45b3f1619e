import { type Address, formatAddress, parseAddress } from "./address.js";

/** A subnet as Zeek holds it: host bits cleared, the width counted in 128 bits. */
export interface Subnet {
  /** Canonical text, `10.0.0.0/8` or `2001:db8::/32`. */
  readonly text: string;
  readonly words: readonly [number, number, number, number];
  /** 0 to 128; an IPv4 /8 has 104. */
  readonly width: number;
}

function maskWord(word: number, bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? word : (word & (0xffffffff << (32 - bits))) >>> 0;
}

function mask(words: readonly [number, number, number, number], width: number) {
  return [
    maskWord(words[0], width),
    maskWord(words[1], width - 32),
    maskWord(words[2], width - 64),
    maskWord(words[3], width - 96),
  ] as const;
}

/** A subnet from `address/width`; host bits are cleared as Zeek does (docs/reference/zeek.md#values). */
export function parseSubnet(text: string): Subnet | undefined {
  const slash = text.lastIndexOf("/");
  if (slash < 0 || !/^[0-9]{1,3}$/.test(text.slice(slash + 1))) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const written = Number(text.slice(slash + 1));
  if (address === undefined) return undefined;
  // `::ffff:1.2.3.0/120` counts in 128 bits, `1.2.3.0/24` in 32.
  const inV4Form = address.isV4 && !text.includes(":");
  if (written > (inV4Form ? 32 : 128)) return undefined;
  const width = inV4Form ? 96 + written : written;
  const words = mask(address.words, width);
  const shown = width >= 96 && address.isV4 ? width - 96 : width;
  return { text: `${formatAddress(words)}/${shown}`, words, width };
}

/** Whether the address lies in the subnet; IPv4 addresses lie in `::/0` and `::ffff:0:0/96` too. */
export function subnetContains(subnet: Subnet, address: Address): boolean {
  const masked = mask(address.words, subnet.width);
  return masked.every((word, i) => word === subnet.words[i]);
}

/** A set of subnets, asked for addresses: the cost grows with the number of widths, not of subnets. */
export interface SubnetSet {
  /** Whether any subnet holds the address; text that is no address lies in none. */
  has(address: string): boolean;
  /** The most specific subnet that holds the address. */
  find(address: string): Subnet | undefined;
}

/** The 32 bits of a canonical IPv4 text; -1 for every other text. */
function plainV4(text: string): number {
  const { length } = text;
  if (length > 15) return -1;
  let value = 0;
  let part = 0;
  let digits = 0;
  let points = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) {
      part = part * 10 + digit;
      digits++;
    } else {
      if (digit !== -2 || digits === 0 || digits > 3 || part > 255) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      points++;
    }
  }
  return points === 3 && digits > 0 && digits <= 3 && part <= 255 ? value * 256 + part : -1;
}

/** The IPv4 addresses cut where the answer changes: `answers[i]` holds from `starts[i]` on. */
function cutV4(subnets: Iterable<Subnet>, search: (address: Address) => Subnet | undefined) {
  const starts = new Set([0]);
  for (const { width, words } of subnets) {
    if (width < 96 || words[0] !== 0 || words[1] !== 0 || words[2] !== 0xffff) continue;
    starts.add(words[3]);
    const next = words[3] + 2 ** (128 - width);
    if (next < 2 ** 32) starts.add(next);
  }
  const sorted = Float64Array.from([...starts]).sort();
  const answers = [...sorted].map((start) => search({ text: "", words: [0, 0, 0xffff, start], isV4: true }));
  return { starts: sorted, answers };
}

/** Builds a set for many look-ups; answers are remembered for the IPv6 addresses asked last. */
export function createSubnetSet(subnets: Iterable<Subnet>, remembered = 65_536): SubnetSet {
  const byWidth = new Map<number, Map<string, Subnet>>();
  const all = [...subnets];
  for (const subnet of all) {
    const level = byWidth.get(subnet.width) ?? new Map<string, Subnet>();
    level.set(subnet.words.join(), subnet);
    byWidth.set(subnet.width, level);
  }
  const widths = [...byWidth.keys()].sort((a, b) => b - a);
  const answers = new Map<string, Subnet | undefined>();
  const search = (address: Address): Subnet | undefined => {
    for (const width of widths) {
      const found = byWidth.get(width)?.get(mask(address.words, width).join());
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const v4 = cutV4(all, search);
  const find = (text: string): Subnet | undefined => {
    const value = plainV4(text);
    if (value >= 0) {
      let low = 0;
      let high = v4.starts.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((v4.starts[middle] ?? 0) <= value) low = middle;
        else high = middle;
      }
      return v4.answers[low];
    }
    const known = answers.get(text);
    if (known !== undefined || answers.has(text)) return known;
    if (answers.size >= remembered) answers.clear();
    const address = parseAddress(text);
    const found = address === undefined ? undefined : search(address);
    answers.set(text, found);
    return found;
  };
  return { has: (address) => find(address) !== undefined, find };
}
