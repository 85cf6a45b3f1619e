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

export type Firewall = PfFirewall | IpfwFirewall;

/** OpenBSD's packet filter: `pf({ table: "ossec_fwtable" })`. */
export function pf(options: Omit<PfFirewall, "kind">): PfFirewall {
  return { kind: "pf", ...options };
}

/** FreeBSD's ipfw: `ipfw({ table: 2 })`. */
export function ipfw(options: Omit<IpfwFirewall, "kind">): IpfwFirewall {
  return { kind: "ipfw", ...options };
}
