/** Ranges of numbers as PCRE2 over their digits. */
import ipaddr from "ipaddr.js";
import type { Span } from "../../diagnostics/diagnostic.js";
import { Broken, type Comparison, Refusal } from "./rule.js";

const digit = (from: number, to: number): string => (from === to ? String(from) : `[${from}-${to}]`);
const digits = (count: number): string => (count === 0 ? "" : count === 1 ? "[0-9]" : `[0-9]{${count}}`);

/** Numbers of as many digits as both, from one to the other. */
function sameLength(from: string, to: string): readonly string[] {
  if (from === "") return [""];
  const [first, rest] = [Number(from[0]), from.slice(1)];
  const [last, end] = [Number(to[0]), to.slice(1)];
  if (first === last) return sameLength(rest, end).map((tail) => `${first}${tail}`);
  const isAll = (tail: string, filler: string): boolean => [...tail].every((one) => one === filler);
  const found: string[] = [];
  const low = isAll(rest, "0") ? first : first + 1;
  const high = isAll(end, "9") ? last : last - 1;
  if (low > first) found.push(...sameLength(rest, "9".repeat(rest.length)).map((tail) => `${first}${tail}`));
  if (low <= high) found.push(`${digit(low, high)}${digits(rest.length)}`);
  if (high < last) found.push(...sameLength("0".repeat(end.length), end).map((tail) => `${last}${tail}`));
  return found;
}

/** Whole numbers without leading zeros, both ends in it; no end: null. */
export function numbersBetween(from: number, to: number | null): string {
  const found: string[] = [];
  const longest = String(to ?? from).length;
  for (let length = String(from).length; length <= longest; length++) {
    const least = length === 1 ? 0 : 10 ** (length - 1);
    const low = Math.max(from, least);
    const high = to === null ? 10 ** length - 1 : Math.min(to, 10 ** length - 1);
    if (low <= high) found.push(...sameLength(String(low), String(high)));
  }
  if (to === null) found.push(`[1-9][0-9]{${longest},}`);
  return found.length === 0 ? "(?!)" : `(?:${found.join("|")})`;
}

export function comparedNumbers(by: Comparison, value: number): string {
  if (by === "gt" || by === "gte") return numbersBetween(Math.max(0, by === "gt" ? value + 1 : value), null);
  return numbersBetween(0, by === "lt" ? value - 1 : value);
}

/**
 * Addresses of an IPv4 network, as they are written.
 *
 * @throws Refusal - of IPv6, which has many spellings
 */
export function networkText(network: string, place: Span): string {
  if (!ipaddr.IPv4.isValidCIDR(network))
    throw ipaddr.isValidCIDR(network)
      ? new Refusal(place, "cidr of IPv6 has no form on lines: an address can be spelt in many ways")
      : new Broken(place, `"${network}" is no network`);
  const [base, bits] = ipaddr.IPv4.parseCIDR(network);
  return base.octets
    .map((octet, at) => {
      const free = Math.min(8, Math.max(0, 8 * (at + 1) - bits));
      const low = (octet >> free) << free;
      return numbersBetween(low, low + 2 ** free - 1);
    })
    .join("\\.");
}
