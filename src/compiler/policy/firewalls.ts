import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { Places } from "../decode/field.js";
import type { FirewallsDeclaration, PfDeclaration } from "../decode/firewall.js";
import { firewallsOf } from "../link/firewalls.js";
import type { Policy } from "./policy.js";

/** Packet filters that cannot do together, or at all, what they are asked for. */
export const checkFirewalls: Policy = ({ declared, places }) =>
  [declared.firewall, ...Object.values(declared.targets ?? {}).map(({ firewall }) => firewall)].flatMap(
    (named) => [
      ...twoTogether(named, places),
      ...firewallsOf(named).flatMap((one) => (one.kind === "pf" ? pfProblems(one, places) : [])),
    ],
  );

function twoTogether(named: FirewallsDeclaration | undefined, places: Places): readonly Diagnostic[] {
  const [one, other] = firewallsOf(named);
  if (one === undefined || other === undefined) return [];
  const span = places.of(other).span();
  if (one.kind === other.kind)
    return [
      codes.duplicate(
        span,
        `the bundle names two packet filters of the kind "${other.kind}"`,
        "one is enough: name two kinds, or one",
      ),
    ];
  if (one.kind !== "dryRun" && other.kind !== "dryRun") return [];
  return [
    codes.duplicate(
      span,
      "dryRun() blocks nothing, so a second packet filter beside it would make its log untrue",
      "name one of the two",
    ),
  ];
}

/** pf's 31 characters, less those of the names that are made of the table's: `_never`. */
const longestBase = 25;

function pfProblems(
  { table, flavour, rateLimit, redirect }: PfDeclaration,
  places: Places,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (rateLimit !== undefined && table.length > longestBase)
    found.push(
      codes.table(
        places.of(rateLimit).span(),
        `rateLimit takes two more tables, "${table}_rate" and "${table}_never", and pf's names have 31 characters at most`,
        `use a table name of at most ${longestBase} characters`,
      ),
    );
  if (flavour !== "freebsd") return found;
  for (const rule of [rateLimit, redirect])
    if (rule?.interface === "egress")
      found.push(
        codes.name(
          places.at(rule, "interface").span(),
          '"egress" cannot be an interface of pf\'s: FreeBSD has no such group',
          'write it as ifconfig does: "em0"',
        ),
      );
  return found;
}
