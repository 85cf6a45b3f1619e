import type { Firewall, PfRateLimit, PfRedirect } from "../../dsl/firewall.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  byType,
  type Decoder,
  flag,
  list,
  type Output,
  object,
  oneOf,
  optional,
  refined,
  text,
  variants,
} from "./decoder.js";
import { ipfwTable, ipsetName, type NameRule, nftTable, pfTable } from "./firewall-names.js";
import { network } from "./network.js";
import { integer, named, wholeSeconds } from "./scalars.js";

function table(rule: NameRule): Decoder<string> {
  return refined(text, (name, field) => {
    const taken = rule.taken(name);
    if (rule.pattern.test(name) && !taken) return name;
    const shown = JSON.stringify(name.slice(0, 60));
    return field.report(
      codes.table(
        field.span(),
        taken
          ? `${shown} means something else there, or belongs to another program: it cannot be the name of ${rule.what}`
          : `${shown} cannot be the name of ${rule.what}`,
        rule.help,
      ),
    );
  });
}

const port = integer(1, 65_535);
const ports = list(port, { least: 1, most: 64, expected: "1 to 64 TCP ports" });

/** Interfaces end in a digit; OpenBSD's group of those with a default route is the one without that people name. */
const onInterface = named(
  (name) => /^[a-z]{1,10}[0-9]{1,5}(?:\.[0-9]{1,4})?$/.test(name) || name === "egress",
  (name) => ({
    message: `${JSON.stringify(name.slice(0, 40))} cannot be an interface of pf's`,
    help: 'write it as ifconfig does: "em0"; on OpenBSD also "egress"',
  }),
);

const longest = 10 * 365 * 86_400;
const seconds = (most: number): ReturnType<typeof wholeSeconds> =>
  wholeSeconds(`pf counts whole seconds, here 1 to ${most}`, most);

const rateLimit = object({
  ports,
  to: list(network, { least: 1, most: 1_000_000, expected: "the addresses of the services, one at least" }),
  connections: integer(1, 1_000_000),
  within: seconds(86_400),
  atOnce: optional(integer(1, 1_000_000)),
  for: seconds(longest),
  interface: optional(onInterface),
}) satisfies Accepts<PfRateLimit>;

const redirect = object({ ports, to: port, interface: optional(onInterface) }) satisfies Accepts<PfRedirect>;

const log = optional(flag);
const counters = optional(flag);
const systemd = optional(flag);

/** One packet filter. */
const firewall = variants(
  "kind",
  object({
    kind: oneOf("pf"),
    table: table(pfTable),
    log,
    flavour: optional(oneOf("openbsd", "freebsd")),
    counters,
    rateLimit: optional(rateLimit),
    redirect: optional(redirect),
  }),
  object({
    kind: oneOf("ipfw"),
    table: byType("a table number or name", { number: integer(1, 127), string: table(ipfwTable) }),
    rule: optional(integer(1, 65_533)),
    log,
  }),
  object({
    kind: oneOf("nftables"),
    table: table(nftTable),
    family: optional(oneOf("inet")),
    log,
    counters,
    systemd,
  }),
  object({ kind: oneOf("iptables"), set: table(ipsetName), log, counters, systemd }),
  object({ kind: oneOf("routeNull"), systemd }),
  object({ kind: oneOf("dryRun") }),
) satisfies Accepts<Firewall>;

/** One packet filter, or two. */
export const firewalls = byType("one packet filter, or a list of two", {
  object: firewall,
  list: list(firewall, { least: 1, most: 2, expected: "one packet filter, or a list of two" }),
}) satisfies Accepts<Firewall | readonly [Firewall, Firewall]>;

export type FirewallDeclaration = Output<typeof firewall>;
export type FirewallsDeclaration = Output<typeof firewalls>;
export type PfDeclaration = Extract<FirewallDeclaration, { readonly kind: "pf" }>;
