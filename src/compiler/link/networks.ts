import type { NeverBlock } from "../../model/model.js";
import type { NetworksDeclaration } from "../decode/network.js";

/** Addresses and prefixes with their names; doubles removed, the first name kept. */
export function linkNetworks(declared: NetworksDeclaration = []): readonly NeverBlock[] {
  return together(
    declared.map((entry) => (typeof entry === "string" ? { network: entry, name: null } : { ...entry })),
  );
}

/** Doubles removed, the first name kept. */
export function together(entries: readonly NeverBlock[]): readonly NeverBlock[] {
  const found = new Map<string, NeverBlock>();
  for (const entry of entries) {
    const known = found.get(entry.network);
    if (known === undefined || known.name === null) found.set(entry.network, entry);
  }
  return [...found.values()];
}
