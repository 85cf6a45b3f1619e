import type { FirewallModel, PfRateLimitModel, PfRedirectModel } from "../../model/model.js";
import type { FirewallDeclaration, FirewallsDeclaration, PfDeclaration } from "../decode/firewall.js";

/** The packet filters that are named: none, one or two. */
export function firewallsOf(declared: FirewallsDeclaration | undefined): readonly FirewallDeclaration[] {
  if (declared === undefined) return [];
  return "kind" in declared ? [declared] : declared;
}

export function linkFirewalls(declared: FirewallsDeclaration | undefined): readonly FirewallModel[] {
  return firewallsOf(declared).map(linkFirewall);
}

function linkFirewall(declared: FirewallDeclaration): FirewallModel {
  const { kind } = declared;
  switch (kind) {
    case "pf":
      return linkPf(declared);
    case "ipfw": {
      const { table, rule = 1, log = false } = declared;
      return { kind, table: String(table), numbered: typeof table === "number", rule, log };
    }
    case "nftables": {
      const { table, family = "inet", log = false } = declared;
      return { kind, table, family, log, ...option("counters", declared), ...option("systemd", declared) };
    }
    case "iptables": {
      const { set, log = false } = declared;
      return { kind, table: set, log, ...option("counters", declared), ...option("systemd", declared) };
    }
    case "routeNull":
      return { kind, table: "blackhole routes", ...option("systemd", declared) };
    case "dryRun":
      return { kind, table: "dry run" };
  }
}

/** A switch that is off unless it is given: present in the model only where it is on. */
function option<Key extends "counters" | "systemd">(
  key: Key,
  declared: { readonly [name in Key]?: boolean },
): { readonly [name in Key]?: true } {
  const found: { [name in Key]?: true } = {};
  if (declared[key] === true) found[key] = true;
  return found;
}

function linkPf(declared: PfDeclaration): FirewallModel {
  const { kind, table, log = true, flavour, rateLimit, redirect } = declared;
  return {
    kind,
    table,
    log,
    ...(flavour === "freebsd" ? { flavour } : {}),
    ...option("counters", declared),
    ...(rateLimit === undefined ? {} : { rateLimit: linkRateLimit(rateLimit, table) }),
    ...(redirect === undefined ? {} : { redirect: linkRedirect(redirect) }),
  };
}

function linkRateLimit(declared: NonNullable<PfDeclaration["rateLimit"]>, table: string): PfRateLimitModel {
  return {
    table: `${table}_rate`,
    never: `${table}_never`,
    ports: [...new Set(declared.ports)],
    to: [...new Set(declared.to)],
    connections: declared.connections,
    within: declared.within,
    atOnce: declared.atOnce ?? null,
    seconds: declared.for,
    interface: declared.interface ?? null,
  };
}

function linkRedirect(declared: NonNullable<PfDeclaration["redirect"]>): PfRedirectModel {
  return { ports: [...new Set(declared.ports)], to: declared.to, interface: declared.interface ?? null };
}
