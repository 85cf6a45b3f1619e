import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";
import type { Options } from "./preset.js";

/** What the presets for tunnels in DNS share. */

export const dnsProtection =
  "Only names that got an answer on port 53 count, so that replies without a question (backscatter of a flood) and lost packets do not. Turned connections (`^`) are left out. Reverse lookups do not count. A question that is repeated is the same name.";

export const tunnelLimits =
  "The sender of a datagram can be invented: somebody inside may ask in another's name. Resolvers ask for all their clients: use it between the clients and the resolver, or leave the resolver out with `where`. Encrypted DNS hides it.";

/** Domains of reverse lookups; two labels each. */
const reverse = ["in-addr.arpa", "ip6.arpa"];

export const dnsOptions = { allow: [], labels: 2 } as const;

export const domainOf = (c: Conditions, { labels }: Options): Expression =>
  c.row.domain(c.row.lower("query"), labels);

export const beforeDomain = (c: Conditions, { labels }: Options): Expression =>
  c.row.before(c.row.lower("query"), labels);

/** A question on port 53 that got an answer, about something below a domain that counts. */
export const answered = (c: Conditions, options: Options): Expression =>
  c.all(
    c.row.has("query"),
    c.row.has("rcode"),
    c.targetPortNumber(53),
    c.row.noneOf(c.row.domain(c.row.lower("query"), 2), reverse),
    ...(options.allow.length === 0 ? [] : [c.row.noneOf(domainOf(c, options), options.allow)]),
  );
