import type { FirewallModel, PrefixModel } from "../model/model.js";
import { type Address, formatAddress, type Prefix, parseAddress } from "./address.js";
import { guard, type Protected, protectedNetworks, type Verdict } from "./guard.js";
import { capacityOf } from "./limits.js";
import { blockedEntry } from "./prefix.js";

/** One call of the script, as execd makes it. */
export interface ResponseCall {
  /** The arguments behind the script's path: `add|delete USER ADDRESS ALERT RULE LOCATION FILE`. */
  readonly argv: readonly string[];
  /** Seconds since 1970. */
  readonly time: number;
}

/** What a call did. Addresses and entries are canonical. */
export type FilterEvent =
  /** The address is blocked from now on; `fresh` is false where it was blocked already. */
  | {
      readonly kind: "block";
      readonly address: string;
      /** What stands in the table: the address, or its network. */
      readonly entry: string;
      readonly fresh: boolean;
    }
  /** The address is not wanted in the table any more; `fresh` is false where it was not there. */
  | {
      readonly kind: "unblock";
      readonly address: string;
      readonly entry: string;
      readonly fresh: boolean;
      /** Other addresses of the entry that are still blocked, and this one with them. */
      readonly heldBy: number;
    }
  /** The script ends with status 1; the reason is that of its log, with blanks. */
  | { readonly kind: "refused"; readonly reason: string };

/** An entry that the kernel has ended, and the addresses for which it was blocked. */
export interface ExpiredEntry {
  readonly entry: string;
  readonly addresses: readonly string[];
}

/** A table or set of a packet filter. */
export interface TableListing {
  readonly name: string;
  /** null: it holds addresses of both families. */
  readonly family: Address["family"] | null;
  /** Canonical addresses and networks, those first whose last add is the oldest. */
  readonly entries: readonly string[];
}

interface Table {
  readonly name: string;
  readonly family: Address["family"] | null;
  /** Most addresses that fit. */
  readonly capacity: number;
  /** The kernel ends an entry this many seconds after its last add; null: it does not. */
  readonly timeout: number | null;
  /** Whether a delete of an absent address fails where the table is full. */
  readonly deletesByAdding: boolean;
  /** Entry to the second of its last add, in that order. */
  readonly entries: Map<string, number>;
}

export interface PacketFilterSettings {
  readonly firewalls: readonly FirewallModel[];
  readonly neverBlock: readonly Protected[];
  /** Bits of what is blocked; null: addresses alone. */
  readonly prefix: PrefixModel | null;
  /** Seconds after which a block ends that execd has forgotten. */
  readonly forgottenAfter: number;
  /** How many entries a table of that kind takes. */
  readonly capacity?: (kind: FirewallModel["kind"]) => number;
}

/**
 * The packet filters of one host as far as blocking goes: what the generated firewall-drop.sh makes of a call,
 * and what the tables hold after it. The order of the checks and the words of a refusal are the script's;
 * test/firewall/script-sequences.test.ts holds both against the script, call by call.
 */
export class PacketFilter {
  readonly #tables: readonly Table[];
  readonly #prefix: PrefixModel | null;
  readonly #protected: readonly Prefix[];
  readonly #check: (text: string) => Verdict;
  /** With networks: the addresses for which an entry is blocked, as the script's folder has them. */
  readonly #held = new Map<string, Set<string>>();

  constructor({
    firewalls,
    neverBlock,
    prefix,
    forgottenAfter,
    capacity = capacityOf,
  }: PacketFilterSettings) {
    this.#prefix = prefix;
    this.#protected = protectedNetworks(neverBlock);
    this.#check = guard(neverBlock);
    this.#tables = firewalls.flatMap(({ kind, table: name }) => {
      const inKernel = kind === "nftables" || kind === "iptables";
      const families = inKernel ? ([4, 6] as const) : [null];
      return families.map((family) => ({
        name,
        family,
        capacity: capacity(kind),
        timeout: inKernel ? forgottenAfter : null,
        deletesByAdding: kind === "nftables",
        entries: new Map<string, number>(),
      }));
    });
  }

  /** Does what the generated script would do. */
  apply({ argv, time }: ResponseCall): FilterEvent {
    const [action = "", , text = "-", alert = "-", rule = "-"] = argv;
    if (action !== "add" && action !== "delete") return refused("action is neither add nor delete");
    if ([alert, rule].some((value) => parseAddress(value) !== null)) return refused("arguments are shifted");
    const verdict = this.#check(text);
    const parsed = parseAddress(text);
    if (parsed === null) return refused("no address");
    if (action === "add" && verdict.kind === "protected") return refused(`protected by ${verdict.network}`);
    return action === "add" ? this.#add(parsed, time) : this.#delete(parsed);
  }

  /** The second at which the kernel next ends an entry by itself; null: there is none. */
  nextExpiry(): number | null {
    let next: number | null = null;
    for (const { timeout, entries } of this.#tables) {
      const [oldest] = entries.values();
      if (timeout !== null && oldest !== undefined && (next === null || oldest + timeout < next))
        next = oldest + timeout;
    }
    return next;
  }

  /** Ends what the kernel ends by itself up to and including `time`: what no table holds any more. */
  expire(time: number): readonly ExpiredEntry[] {
    const ended = new Set<string>();
    for (const { timeout, entries } of this.#tables)
      for (const [entry, since] of entries) {
        if (timeout === null || since + timeout > time) break;
        entries.delete(entry);
        ended.add(entry);
      }
    const gone = [...ended].filter((entry) => !this.#tables.some(({ entries }) => entries.has(entry)));
    return gone.map((entry) => {
      const addresses = [...(this.#held.get(entry) ?? [entry])];
      this.#held.delete(entry);
      return { entry, addresses };
    });
  }

  /** What the tables hold. */
  list(): readonly TableListing[] {
    return this.#tables.map(({ name, family, entries }) => ({ name, family, entries: [...entries.keys()] }));
  }

  #add(parsed: Address, time: number): FilterEvent {
    const address = formatAddress(parsed);
    const entry = blockedEntry(parsed, this.#prefix, this.#protected);
    const holders = this.#held.get(entry);
    let fresh = this.#prefix !== null && holders?.has(address) !== true;
    if (this.#prefix !== null) {
      if (holders === undefined) this.#held.set(entry, new Set([address]));
      else holders.add(address);
    }
    const full: string[] = [];
    for (const table of this.#tablesOf(parsed)) {
      if (isFull(table, entry)) {
        full.push(table.name);
        continue;
      }
      // Behind the others: the order is that of the last adds.
      const known = table.entries.delete(entry);
      if (!known && this.#prefix === null) fresh = true;
      table.entries.set(entry, time);
    }
    if (full.length > 0) return refused(`table ${full.join(", ")} is full`);
    return { kind: "block", address, entry, fresh };
  }

  #delete(parsed: Address): FilterEvent {
    const address = formatAddress(parsed);
    const entry = blockedEntry(parsed, this.#prefix, this.#protected);
    const holders = this.#held.get(entry);
    let fresh = holders?.delete(address) === true;
    const heldBy = holders?.size ?? 0;
    if (heldBy > 0) return { kind: "unblock", address, entry, fresh, heldBy };
    this.#held.delete(entry);
    const full: string[] = [];
    for (const table of this.#tablesOf(parsed)) {
      if (table.deletesByAdding && isFull(table, entry)) full.push(table.name);
      const known = table.entries.delete(entry);
      if (known && this.#prefix === null) fresh = true;
    }
    if (full.length > 0) return refused(`table ${full.join(", ")} is full`);
    return { kind: "unblock", address, entry, fresh, heldBy };
  }

  #tablesOf({ family }: Address): readonly Table[] {
    return this.#tables.filter((table) => table.family === null || table.family === family);
  }
}

function refused(reason: string): FilterEvent {
  return { kind: "refused", reason };
}

/** No room for a new entry. */
function isFull({ entries, capacity }: Table, entry: string): boolean {
  return entries.size >= capacity && !entries.has(entry);
}
