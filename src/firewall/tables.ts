import type { FirewallModel, PrefixModel } from "../model/model.js";
import { type Address, formatAddress, parseAddress } from "./address.js";
import { guard, type Protected, protectedNetworks, type Verdict } from "./guard.js";
import { addressesPerSet, pfEntries } from "./limits.js";
import { blockedEntry } from "./prefix.js";

/** One call of the script, as ossec-execd makes it. */
export interface ResponseCall {
  /** The arguments behind the script's path: `add|delete USER ADDRESS ALERT RULE LOCATION FILE`. */
  readonly argv: readonly string[];
  /** Seconds since 1970. */
  readonly time: number;
}

/** What a call did. */
export type FirewallEvent =
  /** The address is blocked from now on; `fresh` is false where it was already. */
  | {
      readonly kind: "block";
      readonly time: number;
      readonly address: string;
      readonly tables: readonly string[];
      readonly fresh: boolean;
    }
  /** The address is free from now on; `fresh` is false where it was already. */
  | {
      readonly kind: "unblock";
      readonly time: number;
      readonly address: string;
      readonly tables: readonly string[];
      readonly fresh: boolean;
    }
  /** The script ended with status 1; the reason is that of its log, with blanks. */
  | {
      readonly kind: "refused";
      readonly time: number;
      readonly address: string | null;
      readonly reason: string;
    };

interface Table {
  readonly name: string;
  /** Most addresses that fit. */
  readonly capacity: number;
  /** Canonical address or network → when it was added or renewed. */
  readonly entries: Map<string, number>;
}

/** The packet filters of a host, as far as blocking goes. Changed by `applyResponse`. */
export interface Firewalls {
  readonly tables: readonly Table[];
  /** What is blocked for an address. */
  readonly entryOf: (address: Address) => string;
  /** Entries with the addresses for which they are blocked. */
  readonly held: Map<string, Set<string>>;
  readonly check: (text: string) => Verdict;
}

/** Addresses that fit; the sets of nftables and ipset hold as many of each family. */
function capacityOf({ kind }: FirewallModel): number {
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

/** Empty tables, and the guard that the generated script has. */
export function createFirewalls(
  firewalls: readonly FirewallModel[],
  neverBlock: readonly Protected[],
  prefix: PrefixModel | null = null,
): Firewalls {
  const networks = protectedNetworks(neverBlock);
  return {
    entryOf: (address) => blockedEntry(address, prefix, networks),
    held: new Map(),
    tables: firewalls.map((firewall) => ({
      name: firewall.table,
      capacity: capacityOf(firewall),
      entries: new Map(),
    })),
    check: guard(neverBlock),
  };
}

/** Does what the generated firewall-drop.sh would do; the order of its checks and its words are the script's. */
export function applyResponse(state: Firewalls, { argv, time }: ResponseCall): FirewallEvent {
  const [action = "", , text = "-", alert = "-", rule = "-"] = argv;
  const refuse = (reason: string): FirewallEvent => ({
    kind: "refused",
    time,
    address: text === "-" || text === "" ? null : text,
    reason,
  });
  if (action !== "add" && action !== "delete") return refuse("action is neither add nor delete");
  if ([alert, rule].some((value) => parseAddress(value) !== null)) return refuse("arguments are shifted");
  const verdict = state.check(text);
  if (verdict.kind === "invalid") return refuse("no address");
  if (action === "add" && verdict.kind === "protected") return refuse(`protected by ${verdict.network}`);
  const parsed = parseAddress(text);
  if (parsed === null) return refuse("no address");
  const address = formatAddress(parsed);
  const entry = state.entryOf(parsed);
  const tables = state.tables.map(({ name }) => name);
  const holders = state.held.get(entry);
  if (action === "delete") {
    holders?.delete(address);
    // Others of the network are still blocked, and with them this one.
    if (holders !== undefined && holders.size > 0)
      return { kind: "unblock", time, address, tables, fresh: false };
    state.held.delete(entry);
    const freed = state.tables.filter(({ entries }) => entries.delete(entry));
    return { kind: "unblock", time, address, tables, fresh: freed.length > 0 };
  }
  if (holders === undefined) state.held.set(entry, new Set([address]));
  else holders.add(address);
  let fresh = false;
  const full: string[] = [];
  for (const { name, capacity, entries } of state.tables) {
    if (!entries.has(entry) && entries.size >= capacity) {
      full.push(name);
      continue;
    }
    if (!entries.has(entry)) fresh = true;
    entries.set(entry, time);
  }
  if (full.length > 0) return refuse(`table ${full.join(", ")} is full`);
  return { kind: "block", time, address, tables, fresh };
}

/** Ends what `--expire` would: entries that are older than `limit` seconds. Canonical addresses, in table order. */
export function expireTables(state: Firewalls, time: number, limit: number): readonly string[] {
  const ended = new Set<string>();
  for (const { entries } of state.tables)
    for (const [address, since] of entries)
      if (time - since > limit) {
        entries.delete(address);
        state.held.delete(address);
        ended.add(address);
      }
  return [...ended];
}

/** Is the address in every table? Any spelling of it. */
export function isBlocked(state: Firewalls, text: string): boolean {
  const parsed = parseAddress(text);
  if (parsed === null || state.tables.length === 0) return false;
  const entry = state.entryOf(parsed);
  return state.tables.every(({ entries }) => entries.has(entry));
}
