import type { FirewallModel, ResponseModel } from "../model/model.js";

/** What a set of nftables or ipset that we emit may hold: a flood of invented sources must not eat the memory. */
export const addressesPerSet = 262_144;

/** All pf tables together hold this many addresses unless configured (docs/reference/firewall.md#pf). */
const pfEntries = 200_000;

/** Addresses that fit into a table; the sets of nftables and ipset hold as many of each family. */
export function capacityOf(kind: FirewallModel["kind"]): number {
  switch (kind) {
    case "pf":
      return pfEntries;
    case "nftables":
    case "iptables":
      return addressesPerSet;
    case "ipfw":
    case "routeNull":
    case "dryRun":
      return Number.POSITIVE_INFINITY;
  }
}

/** Seconds that ipset's timeouts hold: 24 days and 20 hours. */
export const ipsetSeconds = 2_147_483;

const day = 86_400;

/**
 * Seconds after which a block ends that execd has forgotten. execd prolongs a block without calling the
 * script (docs/reference/firewall.md), so a limit near the block's own length would free a source that execd still
 * counts as blocked; it is the longest block, repeated ones too, and a day.
 */
export function forgottenAfter(responses: readonly ResponseModel[]): number {
  return Math.max(0, ...responses.map(longestBlock)) + day;
}

/** Seconds of the longest block that a response leads to; 0 where it blocks nothing. */
export function longestBlock(response: ResponseModel): number {
  if (response.kind !== "block") return 0;
  return Math.max(response.seconds, ...response.escalate.map((minutes) => minutes * 60));
}
