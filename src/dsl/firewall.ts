import type { Duration } from "./duration.js";
import type { Network } from "./network.js";

/** Too many connections of one source: pf itself blocks it, within the second, without Zeek and OSSEC. */
export interface PfRateLimit {
  /** TCP ports of services; the rule **passes** them, from everybody, up to the limit. */
  readonly ports: readonly number[];
  /** Addresses of the services. */
  readonly to: readonly Network[];
  /** More than so many new connections … */
  readonly connections: number;
  /** … within so many whole seconds are too many. */
  readonly within: Duration;
  /** So many at the same time are too many as well. */
  readonly atOnce?: number;
  /** How long the source then stays blocked: cron looks every ten minutes. */
  readonly for: Duration;
  /** Only what comes in there: `em0`; on OpenBSD also `egress`. */
  readonly interface?: string;
}

/** Blocked sources get another answer than silence on these TCP ports: a tarpit, a page that says why. IPv4 only. */
export interface PfRedirect {
  /** TCP ports that are redirected. */
  readonly ports: readonly number[];
  /** The port of 127.0.0.1 that they get instead. */
  readonly to: number;
  /** Only what comes in there: `em0`; on OpenBSD also `egress`. */
  readonly interface?: string;
}

/** OpenBSD's pf, and FreeBSD's. */
export interface PfFirewall {
  /** pf, of OpenBSD or FreeBSD. */
  readonly kind: "pf";
  /** Table name, at most 31 characters of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly table: string;
  /** Log blocked packets to pflog (default true). */
  readonly log?: boolean;
  /** Whose pf.conf it is (default `"openbsd"`): they differ in `redirect` only. */
  readonly flavour?: "openbsd" | "freebsd";
  /** Packets and bytes of each blocked address: `pfctl -t TABLE -T show -v` (default false). */
  readonly counters?: boolean;
  /** Too many connections of one source: pf blocks it by itself. */
  readonly rateLimit?: PfRateLimit;
  /** Blocked sources get another service instead of silence. */
  readonly redirect?: PfRedirect;
}

/** FreeBSD's ipfw. */
export interface IpfwFirewall {
  /** FreeBSD's ipfw. */
  readonly kind: "ipfw";
  /** Table number (1-127 work everywhere) or name (FreeBSD 11 and later). */
  readonly table: number | string;
  /** Number of the first of the two deny rules (default 1, as in the example ossec-iplog-ipfw). */
  readonly rule?: number;
  /** Log blocked packets (default false). */
  readonly log?: boolean;
}

/** Linux' nftables. */
export interface NftablesFirewall {
  /** Linux' nftables. */
  readonly kind: "nftables";
  /** Name of the table that is made, at most 31 characters of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly table: string;
  /** `inet` holds IPv4 and IPv6; there is no other choice. */
  readonly family?: "inet";
  /** Log blocked packets to the kernel's log, at most 10 a second (default false). */
  readonly log?: boolean;
  /** Packets and bytes of each blocked address (default false; the rules count in any case). */
  readonly counters?: boolean;
  /** A systemd service that loads it all at boot, and keeps the blocked over a reboot (default false). */
  readonly systemd?: boolean;
}

/** Linux' iptables and ip6tables, with ipset. */
export interface IptablesFirewall {
  /** Linux' iptables and ip6tables, with ipset. */
  readonly kind: "iptables";
  /** Name of the two ipsets without their last character, 4 or 6: at most 27 of `[A-Za-z0-9_-]`, starting with a letter. */
  readonly set: string;
  /** Log blocked packets to the kernel's log, at most 10 a second (default false). */
  readonly log?: boolean;
  /** Packets and bytes of each blocked address (default false; the rules count in any case). */
  readonly counters?: boolean;
  /** A systemd service that loads it all at boot, and keeps the blocked over a reboot (default false). */
  readonly systemd?: boolean;
}

/**
 * Linux' blackhole routes, the last resort where no packet filter is at hand: packets to the blocked go
 * nowhere, packets from them still arrive.
 */
export interface RouteNullFirewall {
  /** Linux' blackhole routes. */
  readonly kind: "routeNull";
  /** A systemd timer that ends what OSSEC has forgotten, in the place of a line in crontab (default false). */
  readonly systemd?: boolean;
}

/** Logs what would be blocked, and blocks nothing. */
export interface DryRunFirewall {
  /** Nothing is blocked, everything is logged. */
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
export function routeNull(options: Omit<RouteNullFirewall, "kind"> = {}): RouteNullFirewall {
  return { kind: "routeNull", ...options };
}

/** Nothing is blocked, everything is logged: `dryRun()`. */
export function dryRun(): DryRunFirewall {
  return { kind: "dryRun" };
}
