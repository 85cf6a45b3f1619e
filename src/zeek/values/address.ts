/**
 * Addresses as Zeek holds them: 128 bits, IPv4 as its v4-mapped form, so that `1.2.3.4` and
 * `::ffff:1.2.3.4` are one address and print as `1.2.3.4` (docs/reference/zeek.md#values).
 *
 * Hand-written and not ipaddr.js because Zeek reads `010.0.0.1` as decimal 10.0.0.1 and prints as
 * inet_ntop does; ipaddr.js reads a leading zero as octal.
 */
export interface Address {
  /** Canonical text: two equal addresses have the same. */
  readonly text: string;
  /** Four 32-bit words, most significant first. */
  readonly words: readonly [number, number, number, number];
  readonly isV4: boolean;
}

const V4_PREFIX = 0xffff;

function parseV4(text: string): number | undefined {
  let value = 0;
  let parts = 0;
  let digits = 0;
  let part = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 46;
    if (c === 46) {
      if (digits === 0 || part > 255 || parts === 4) return undefined;
      value = value * 256 + part;
      parts++;
      digits = 0;
      part = 0;
    } else if (c >= 48 && c <= 57 && digits < 3) {
      part = part * 10 + (c - 48);
      digits++;
    } else return undefined;
  }
  return parts === 4 ? value : undefined;
}

const GROUP = /^[0-9A-Fa-f]{1,4}$/;

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const v4 = i === parts.length - 1 ? parseV4(part) : undefined;
      if (v4 === undefined) return undefined;
      groups.push(Math.floor(v4 / 65536), v4 % 65536);
    }
  }
  return groups;
}

function parseV6(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  const gap = text.indexOf("::");
  if (gap < 0) {
    const groups = parseGroups(text);
    return groups?.length === 8 ? groups : undefined;
  }
  if (text.indexOf("::", gap + 1) >= 0 || text.slice(0, gap).includes(".")) return undefined;
  const head = parseGroups(text.slice(0, gap));
  const tail = parseGroups(text.slice(gap + 2));
  if (head === undefined || tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function v4Text(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The longest run of at least two zero groups, the first of equals: what `::` stands for. */
function longestZeroRun(groups: readonly number[]): { at: number; length: number } {
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > best.length) best = { at: i, length: n };
    i += n;
  }
  return best;
}

function v6Text(words: readonly [number, number, number, number]): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const run = longestZeroRun(groups);
  if (run.at < 0) return groups.map((g) => g.toString(16)).join(":");
  // inet_ntop writes ::a.b.c.d for the (obsolete) v4-compatible addresses.
  if (run.at === 0 && run.length === 6) return `::${v4Text(words[3])}`;
  const part = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((g) => g.toString(16))
      .join(":");
  return `${part(0, run.at)}::${part(run.at + run.length, 8)}`;
}

/** Text of an address of four 32-bit words, as Zeek prints it. */
export function formatAddress(words: readonly [number, number, number, number]): string {
  if (words[0] === 0 && words[1] === 0 && words[2] === V4_PREFIX) return v4Text(words[3]);
  return v6Text(words);
}

/** An address from its text (IPv4, IPv6 with or without brackets); undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) {
    return { text: v4Text(v4), words: [0, 0, V4_PREFIX, v4 >>> 0], isV4: true };
  }
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const groups = parseV6(bare);
  if (groups === undefined) return undefined;
  const word = (i: number) => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0;
  const words = [word(0), word(2), word(4), word(6)] as const;
  return {
    text: formatAddress(words),
    words,
    isV4: words[0] === 0 && words[1] === 0 && words[2] === V4_PREFIX,
  };
}

/** The canonical text of an address, undefined when the text is none. */
export function canonicalAddress(text: string): string | undefined {
  return parseAddress(text)?.text;
}

/** Order of addresses: by their 128 bits. */
export function compareAddresses(a: Address, b: Address): number {
  for (const i of [0, 1, 2, 3] as const) {
    const difference = a.words[i] - b.words[i];
    if (difference !== 0) return difference;
  }
  return 0;
}
