/** OpenBSD's pf (FreeBSD's accepts the same emitted subset). */
export interface PfFirewall {
  readonly kind: "pf";
  /** Table name, at most 31 characters of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly table: string;
  /** Log blocked packets to pflog (default true). */
  readonly log?: boolean;
}

/** FreeBSD's ipfw. */
export interface IpfwFirewall {
  readonly kind: "ipfw";
  /** Table number (1-127 work everywhere) or name (FreeBSD 11 and later). */
  readonly table: number | string;
  /** Number of the first of the two deny rules (default 1, as in the fourth seed). */
  readonly rule?: number;
  /** Log blocked packets (default false). */
  readonly log?: boolean;
}

/** Linux' nftables. */
export interface NftablesFirewall {
  readonly kind: "nftables";
  /** Name of the table that is made, at most 31 characters of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly table: string;
  /** `inet` holds IPv4 and IPv6; there is no other choice. */
  readonly family?: "inet";
  /** Log blocked packets to the kernel's log, at most 10 a second (default false). */
  readonly log?: boolean;
}

/** Linux' iptables and ip6tables, with ipset. */
export interface IptablesFirewall {
  readonly kind: "iptables";
  /** Name of the two ipsets without their last character, 4 or 6: at most 27 of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly set: string;
  /** Log blocked packets to the kernel's log, at most 10 a second (default false). */
  readonly log?: boolean;
}

/**
 * Linux' blackhole routes, the last resort where no packet filter is at hand: packets to the blocked go
 * nowhere, packets from them still arrive.
 */
export interface RouteNullFirewall {
  readonly kind: "routeNull";
}

/** Logs what would be blocked, and blocks nothing. */
export interface DryRunFirewall {
  readonly kind: "dryRun";
}

export type Firewall =
  | PfFirewall
  | IpfwFirewall
  | NftablesFirewall
  | IptablesFirewall
  | RouteNullFirewall
  | DryRunFirewall;

/** OpenBSD's packet filter: `pf({ table: "ossec_fwtable" })`. */
export function pf(options: Omit<PfFirewall, "kind">): PfFirewall {
  return { kind: "pf", ...options };
}

/** FreeBSD's ipfw: `ipfw({ table: 2 })`. */
export function ipfw(options: Omit<IpfwFirewall, "kind">): IpfwFirewall {
  return { kind: "ipfw", ...options };
}

/** Linux' nftables: `nftables({ table: "ossec_blocked" })`. */
export function nftables(options: Omit<NftablesFirewall, "kind">): NftablesFirewall {
  return { kind: "nftables", ...options };
}

/** Linux' iptables with ipset: `iptables({ set: "ossec_blocked" })`. */
export function iptables(options: Omit<IptablesFirewall, "kind">): IptablesFirewall {
  return { kind: "iptables", ...options };
}

/** Linux' blackhole routes: `routeNull()`. */
export function routeNull(): RouteNullFirewall {
  return { kind: "routeNull" };
}

/** Nothing is blocked, everything is logged: `dryRun()`. */
export function dryRun(): DryRunFirewall {
  return { kind: "dryRun" };
}
