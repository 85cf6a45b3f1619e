import ipaddr from "ipaddr.js";
import type { ListModel, OssecModel, RuleConditionModel } from "../../model/model.js";
import { codes } from "../codes.js";
import type { SourceRange } from "../decode/field.js";
import type { HostListDeclaration, LookupDeclaration, ValueListDeclaration } from "../decode/list.js";
import { parseNetwork } from "../decode/network.js";
import type { LinkContext } from "./context.js";

/** What a list's keys stand for. */
type Use = "addresses" | "texts";

/** Why a list cannot hold an entry. */
interface Unwritable {
  readonly problem: string;
  readonly help?: string;
}

interface Known {
  readonly declared: ValueListDeclaration;
  readonly use: Use;
  readonly entries: ListModel["entries"];
}

/** Fields that OSSEC looks up (docs/reference/ossec.md#rule-elements). */
const ossecFields: ReadonlySet<string> = new Set([
  ...[
    "srcip",
    "srcport",
    "dstip",
    "dstport",
    "user",
    "url",
    "id",
    "hostname",
    "program_name",
    "status",
    "action",
  ],
]);

/** More lines than this no list should have. */
const mostLines = 65_536;

/** The lists of a bundle: each is known by its name from the first condition on that looks something up in it. */
export class Lists {
  readonly #known = new Map<string, Known>();
  readonly #refused = new Set<string>();

  readonly #bundle: string;
  /** Only the engine's own fields are looked up, and `:` ends a key. */
  readonly #plain: boolean;

  constructor(bundle: string, { dialect }: Pick<OssecModel, "dialect">) {
    this.#bundle = bundle;
    this.#plain = dialect === "ossec";
  }

  /** The condition that looks a field up; null, and reported, where the engine cannot. */
  condition(
    context: LinkContext,
    place: SourceRange,
    asked: LookupDeclaration,
    field: string,
  ): RuleConditionModel | null {
    const { report } = context;
    if (!ossecFields.has(field) && this.#plain)
      return report(
        codes.list(
          place.span(),
          `${place.label}: OSSEC looks up ${[...ossecFields].join(", ")} and nothing else`,
          "write the values into the condition",
        ),
      );
    const isAddress = field === "srcip" || field === "dstip";
    if (asked.whole === true && !isAddress)
      return report(
        codes.list(
          context.places.at(asked, "whole").span(),
          `${place.label}: what is no address is always looked up as a whole`,
          "leave it out",
        ),
      );
    const use: Use = isAddress && asked.whole !== true ? "addresses" : "texts";
    const { value: list } = asked;
    if (isNamed(list) && this.#take(context, list, use) === null) return null;
    const having = asked.having ?? null;
    if (having !== null && (use === "addresses" || asked.kind === "notIn"))
      return report(
        codes.list(
          context.places.at(asked, "having").span(),
          asked.kind === "notIn"
            ? `${place.label}: what is not in a list has no value there`
            : `${place.label}: of addresses the engine turns the look-up of a value round, and finds those that are not in the list`,
          "make a list of those that are meant",
        ),
      );
    if (having !== null && /[">]/.test(having.text))
      return report(
        codes.list(
          context.places.at(asked, "having").span(),
          `${place.label}: a look-up's pattern stands in an attribute, which can hold neither " nor >`,
        ),
      );
    const kind = having === null ? "match_key" : "match_key_value";
    const lookup = `${asked.kind === "notIn" ? "not_" : ""}${use === "addresses" ? "address_" : ""}${kind}`;
    return {
      element: "list",
      field: null,
      value: isNamed(list) ? this.#pathOf(list.name) : list.path,
      list: { field, lookup, checkValue: having?.text ?? null },
    };
  }

  models(): readonly ListModel[] {
    return [...this.#known.values()]
      .map(({ declared: { name }, entries }) => ({ name, path: this.#pathOf(name), entries }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Where a list lies below the home; rules name it so. */
  #pathOf(name: string): string {
    return `etc/lists/zopf-${this.#bundle}-${name}`;
  }

  #take(context: LinkContext, declared: ValueListDeclaration, use: Use): Known | null {
    const { name } = declared;
    // It was reported once.
    if (this.#refused.has(name)) return null;
    const known = this.#known.get(name);
    const at = context.places.of(declared);
    const refuse = (message: string, help?: string): null => {
      this.#refused.add(name);
      return context.report(codes.list(at.span(), message, help));
    };
    if (known !== undefined && JSON.stringify(known.declared.entries) !== JSON.stringify(declared.entries))
      return refuse(
        `two lists are called "${name}" and hold different things`,
        "give each a name of its own",
      );
    if (known?.use === use) return known;
    const entries = this.#entries(declared, use);
    if ("problem" in entries) return refuse(`the list "${name}"${entries.problem}`, entries.help);
    const made = { declared, use, entries };
    if (known === undefined) this.#known.set(name, made);
    // Whole addresses are the same to both.
    else if (JSON.stringify(known.entries) !== JSON.stringify(entries))
      return refuse(`the list "${name}" holds addresses to one condition and texts to another`);
    return made;
  }

  /** The lines of a list, or why it cannot have them. */
  #entries({ entries }: ValueListDeclaration, use: Use): ListModel["entries"] | Unwritable {
    const lines: (readonly [string, string])[] = [];
    for (const { key, value } of entries) {
      const keys = use === "addresses" ? addressKeys(key) : key;
      if (typeof keys === "string") {
        if (this.#plain && keys.includes(":"))
          return { problem: `: ${JSON.stringify(key)} holds ":", which ends a key of OSSEC's` };
        lines.push([keys, value]);
      } else if ("problem" in keys) return { ...keys, problem: `: ${JSON.stringify(key)} ${keys.problem}` };
      else lines.push(...keys.map((one) => [one, value] as const));
      if (lines.length > mostLines)
        return { problem: ` would have more than ${mostLines} lines`, help: "take shorter prefixes" };
    }
    return lines;
  }
}

/** A list of the bundle's, and not one that the host has. */
function isNamed(list: ValueListDeclaration | HostListDeclaration): list is ValueListDeclaration {
  return "entries" in list;
}

/**
 * An address as a list can hold it: the engine looks for the address, then for it cut back to each of its dots
 * (`10.1.`, `10.`). Any other prefix is written as those that it consists of; IPv6 has none.
 */
function addressKeys(text: string): readonly string[] | Unwritable {
  const parsed = parseNetwork(text);
  if (parsed === null) return { problem: "is neither an address nor a prefix" };
  const [address = "", length = ""] = parsed.network.split("/");
  if (address.includes(":"))
    return {
      problem: "is IPv6, and the engine looks an address up as it is spelt, and cuts it back at dots",
      help: 'write IPv6 into the condition itself: srcip: ["2001:db8::/32"]',
    };
  const width = length === "" ? 32 : Number(length);
  if (width < 8) return { problem: "is more than a 256th of all addresses" };
  const boundary = Math.ceil(width / 8) * 8;
  const octets = ipaddr
    .parse(address)
    .toByteArray()
    .slice(0, boundary / 8);
  const last = octets.at(-1) ?? 0;
  return Array.from({ length: 2 ** (boundary - width) }, (_, step) =>
    [...octets.slice(0, -1), last + step].join(".").concat(boundary === 32 ? "" : "."),
  );
}
