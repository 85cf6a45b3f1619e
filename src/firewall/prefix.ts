import type { Model, PrefixModel } from "../model/model.js";
import { type Address, formatAddress, formatPrefix, holds, type Prefix, parsePrefix } from "./address.js";

/** How many bits the blocks of a bundle have; null: they block single addresses. */
export function blockPrefix({ responses }: Pick<Model, "responses">): PrefixModel | null {
  const found = responses.find((response) => response.kind === "block");
  return found?.kind === "block" ? found.prefix : null;
}

/**
 * Networks in which the neighbours of an address are everybody: blocked singly, whatever the bundle's prefix.
 * The script has the same list (templates/script/prefix.sh.hbs).
 */
const neverWidened: readonly Prefix[] = [
  // Link-local: the router and its advertisements, and all neighbours.
  "fe80::/10",
  // IPv4 behind a translator (RFC 6052, RFC 8215), and Teredo (RFC 4380): all clients of one server.
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "2001::/32",
].flatMap((network) => parsePrefix(network) ?? []);

/**
 * What the script blocks for an address: its network, or the address alone where that network meets a
 * protected one or its neighbours are everybody. Canonical; a single address has no length.
 */
export function blockedEntry(
  address: Address,
  prefix: PrefixModel | null,
  protectedNetworks: readonly Prefix[],
): string {
  if (prefix === null) return formatAddress(address);
  const wide = network(address, address.family === 4 ? prefix.v4 : prefix.v6);
  const whole = address.family === 4 ? 32 : 128;
  if (wide.length === whole || [...neverWidened, ...protectedNetworks].some((other) => meet(wide, other)))
    return formatAddress(address);
  return formatPrefix(wide);
}

/** The network of that length that holds the address; its other bits are 0. */
function network(address: Address, length: number): Prefix {
  const bits = address.family === 4 ? 8 : 16;
  const numbers = address.numbers.map((number, index) => {
    const left = length - index * bits;
    if (left <= 0) return 0;
    return left >= bits ? number : (number >> (bits - left)) << (bits - left);
  });
  return { family: address.family, numbers, length };
}

/** Have the two networks an address in common? Then the shorter one holds the other. */
function meet(one: Prefix, other: Prefix): boolean {
  return one.length <= other.length ? holds(one, other) : holds(other, one);
}
