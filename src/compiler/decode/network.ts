import ipaddr from "ipaddr.js";
import type { NamedNetwork, Network } from "../../dsl/network.js";
import { codes } from "../codes.js";
import { type Accepts, byType, type Decoder, list, type Output, object, refined, text } from "./decoder.js";
import { matching } from "./scalars.js";

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
 * leading zeros, or IPv6 without a zone and without an embedded IPv4 part (docs/reference/firewall.md#good-scripts).
 * IPv4-mapped IPv6 is refused: write the IPv4 address.
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

/** An address or a prefix; canonical, with a warning where that is not what was written. */
export const network: Decoder<string, Network> = refined(text, (written, field) => {
  const parsed = parseNetwork(written);
  if (parsed === null)
    return field.report(
      codes.network(
        field.span(),
        `${field.label} is ${JSON.stringify(written.slice(0, 60))}, which is neither an address nor a prefix`,
        'write "192.0.2.1", "10.0.0.0/8", "2001:db8::1" or "2001:db8::/32": no names, no masks, no leading zeros, no IPv4 inside IPv6',
      ),
    );
  if (parsed.hostBits)
    field.report(
      codes.hostBits(
        field.span(),
        `${written} has host bits set; it means ${parsed.network}`,
        `write ${parsed.network}`,
      ),
    );
  return parsed.network;
});

/** It lands in comments of four languages; a plain label is all that is needed. */
const label = matching(
  /^(?!.*--)[\p{L}\p{N}][\p{L}\p{N} ._,'()/-]{0,79}$/u,
  "a short plain name (letters, digits, blanks and ._,'()/-; at most 80)",
);

/** Addresses and prefixes, with a name or without. */
export const networks = list(
  byType("an address or a prefix", { string: network, object: object({ network, name: label }) }),
) satisfies Accepts<readonly (Network | NamedNetwork)[]>;

export type NetworksDeclaration = Output<typeof networks>;
