/** Packet filters as the replay sees them: addresses, the never-block guard, tables. */

export {
  type Address,
  formatAddress,
  formatPrefix,
  holds,
  type Prefix,
  parseAddress,
  parsePrefix,
} from "./address.js";
export { alwaysRefused, guard, type Protected, protectedNetworks, type Verdict } from "./guard.js";
export { addressesPerSet, forgottenAfter, ipsetSeconds, longestBlock } from "./limits.js";
export {
  type FilterEvent,
  PacketFilter,
  type PacketFilterSettings,
  type ResponseCall,
  type TableListing,
} from "./packet-filter.js";
export { blockedEntry, blockPrefix } from "./prefix.js";
