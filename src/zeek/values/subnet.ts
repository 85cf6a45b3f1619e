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

/** A subnet from `address/width`; host bits are cleared as Zeek does (spec/zeek.md 6.2). */
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

/** Builds a set for many look-ups; answers are remembered for the addresses asked last. */
export function createSubnetSet(subnets: Iterable<Subnet>, remembered = 65_536): SubnetSet {
  const byWidth = new Map<number, Map<string, Subnet>>();
  for (const subnet of subnets) {
    const level = byWidth.get(subnet.width) ?? new Map<string, Subnet>();
    level.set(subnet.words.join(), subnet);
    byWidth.set(subnet.width, level);
  }
  const widths = [...byWidth.keys()].sort((a, b) => b - a);
  const answers = new Map<string, Subnet | undefined>();
  const search = (text: string): Subnet | undefined => {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    for (const width of widths) {
      const found = byWidth.get(width)?.get(mask(address.words, width).join());
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const find = (text: string): Subnet | undefined => {
    const known = answers.get(text);
    if (known !== undefined || answers.has(text)) return known;
    if (answers.size >= remembered) answers.clear();
    const found = search(text);
    answers.set(text, found);
    return found;
  };
  return { has: (address) => find(address) !== undefined, find };
}
