import type { Model, PrefixModel } from "../model/model.js";
import { type Address, formatAddress, formatPrefix, holds, type Prefix } from "./address.js";

/** How many bits the blocks of a bundle have; null: they block single addresses. */
export function blockPrefix({ responses }: Pick<Model, "responses">): PrefixModel | null {
  const found = responses.find((response) => response.kind === "block");
  return found?.kind === "block" ? found.prefix : null;
}

/**
 * What the script blocks for an address: its network, or the address alone where that network meets a
 * protected one. Canonical; a single address has no length.
 */
export function blockedEntry(
  address: Address,
  prefix: PrefixModel | null,
  protectedNetworks: readonly Prefix[],
): string {
  if (prefix === null) return formatAddress(address);
  const wide = network(address, address.family === 4 ? prefix.v4 : prefix.v6);
  const whole = address.family === 4 ? 32 : 128;
  if (wide.length === whole || protectedNetworks.some((other) => meet(wide, other)))
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
