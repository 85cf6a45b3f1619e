/** `<srcip>` and `<dstip>`: an OR list of addresses and prefixes (docs/reference/ossec.md#addresses). */
import { type AddressEntry, entryContains, parseAddress } from "../addresses/address.js";

/** A list that is asked for the addresses of events. */
export type AddressList = (text: string) => boolean;

/**
 * Does the list hold the address? A hit means yes, that of a negated entry no; when nothing is hit the last entry
 * decides: yes where it is negated. A text that is no address is in no list, negated or not.
 */
export function matchesAddressList(entries: readonly AddressEntry[], text: string): boolean {
  const address = parseAddress(text);
  if (address === null) return false;
  let found = true;
  for (const entry of entries) {
    found = !entry.negated;
    if (entryContains(entry, address)) return found;
  }
  return !found;
}
