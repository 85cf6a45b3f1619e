/** `<srcip>` and `<dstip>`: an OR list of addresses and prefixes (spec/ossec.md 9). */
import { type AddressEntry, entryContains, parseAddress } from "../addresses/address.js";

export interface AddressList {
  readonly entries: readonly AddressEntry[];
}

export function addressList(entries: readonly AddressEntry[]): AddressList {
  return { entries };
}

/**
 * Does the list hold the address? From the first negated entry on, a hit means no, and when nothing is
 * hit the answer is yes. A text that is no address is in no list, negated or not.
 */
export function matchesAddressList({ entries }: AddressList, text: string): boolean {
  const address = parseAddress(text);
  if (address === null) return false;
  let found = true;
  for (const entry of entries) {
    if (entry.negated) found = false;
    if (entryContains(entry, address)) return found;
  }
  return !found;
}
