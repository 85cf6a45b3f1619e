import { type Address, formatPrefix, holds, type Prefix, parseAddress, parsePrefix } from "./address.js";

/** A network that is never blocked, and what it is called. */
export interface Protected {
  /** `ADDRESS` or `ADDRESS/LENGTH`. */
  readonly network: string;
  readonly name: string | null;
}

/** Refused by every generated script, whatever the bundle's list says: a block there only harms its own host. */
export const alwaysRefused: readonly Protected[] = [
  { network: "0.0.0.0/8", name: "this network, unspecified" },
  { network: "127.0.0.0/8", name: "loopback" },
  { network: "224.0.0.0/4", name: "multicast" },
  { network: "255.255.255.255", name: "broadcast" },
  { network: "::/96", name: "unspecified, loopback, IPv4-compatible" },
  { network: "::ffff:0:0/96", name: "IPv4-mapped: would pass by the IPv4 entries" },
  { network: "ff00::/8", name: "multicast" },
];

/** What a firewall script says about an address before it asks the firewall for anything. */
export type Verdict =
  | { readonly kind: "valid"; readonly address: Address }
  | { readonly kind: "invalid" }
  /** The first entry that holds it, `ADDRESS/LENGTH`. */
  | { readonly kind: "protected"; readonly network: string };

/** What is never blocked: the bundle's list, and what every script refuses. */
export function protectedNetworks(neverBlock: readonly Protected[]): readonly Prefix[] {
  return [...alwaysRefused, ...neverBlock].flatMap(({ network }) => parsePrefix(network) ?? []);
}

/** Checks an address as firewall-drop.sh does, with the bundle's never-block list. */
export function guard(neverBlock: readonly Protected[]): (text: string) => Verdict {
  const networks = protectedNetworks(neverBlock);
  return (text) => {
    const address = parseAddress(text);
    if (address === null) return { kind: "invalid" };
    const protecting = networks.find((network) => holds(network, address));
    return protecting === undefined
      ? { kind: "valid", address }
      : { kind: "protected", network: formatPrefix(protecting) };
  };
}
