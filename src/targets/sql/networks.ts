import { parseAddress } from "../../zeek/values/address.js";
import { parseSubnet, subnetContains } from "../../zeek/values/subnet.js";
import type { SqlDialect } from "./dialect.js";

/** Conditions over an address's text, as Zeek writes it. */
export interface InNetworks {
  /** True of every address in one of the networks, perhaps of others. */
  readonly maybe: string;
  /** True only of addresses in one of them; null: of none that can be told. */
  readonly surely: string | null;
}

/** The octets that a network of IPv4 begins with: `10.`, `172.(16|17|…)\.`. */
function v4Pattern(words: readonly [number, number, number, number], bits: number): string {
  const octets = [24, 16, 8, 0].map((shift) => (words[3] >>> shift) & 255);
  const whole = bits >> 3;
  const rest = bits & 7;
  const fixed = octets.slice(0, whole).join("\\.");
  if (whole === 4) return `^${fixed}$`;
  const start = whole === 0 ? "^" : `^${fixed}\\.`;
  if (rest === 0) return start;
  const first = octets[whole] ?? 0;
  const choices = Array.from({ length: 2 ** (8 - rest) }, (_, i) => first + i);
  return `${start}(?:${choices.join("|")})${whole === 3 ? "$" : "\\."}`;
}

/**
 * IPv4 networks are told exactly by the text. Of an IPv6 address the text is compressed, so that all of them may
 * be in a network of IPv6.
 *
 * @param networks canonical prefixes
 */
export function inNetworks(address: string, networks: readonly string[], dialect: SqlDialect): InNetworks {
  const subnets = networks.flatMap((text) => parseSubnet(text) ?? []);
  const v4 = parseAddress("0.0.0.0");
  const isV4 = `NOT ${dialect.contains(address, dialect.text(":"))}`;
  const patterns = new Set<string>();
  const maybe = new Set<string>();
  const surely: string[] = [];
  for (const subnet of subnets) {
    if (subnet.width >= 96 && !subnet.text.includes(":"))
      patterns.add(v4Pattern(subnet.words, subnet.width - 96));
    else {
      maybe.add(dialect.contains(address, dialect.text(":")));
      // `::/0` and the like hold all of IPv4.
      if (v4 !== undefined && subnet.width <= 96 && subnetContains(subnet, v4)) {
        maybe.add(isV4);
        surely.push(isV4);
      }
    }
  }
  if (patterns.size > 0) {
    const inside = `(${isV4} AND ${dialect.matches(address, [...patterns].join("|"))})`;
    maybe.add(inside);
    surely.push(inside);
  }
  return {
    maybe: maybe.size === 0 ? "1 = 0" : `(${[...maybe].join(" OR ")})`,
    surely: surely.length === 0 ? null : `(${surely.join(" OR ")})`,
  };
}
