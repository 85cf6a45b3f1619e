import { blockPrefix } from "../../firewall/prefix.js";
import type { Model } from "../../model/model.js";
import type { PacketFilter } from "../packet-filter.js";

/** A number of /etc/iproute2/rt_protos that nobody has: it marks the routes that are ours. */
const routeProtocol = 177;

/** Routes to nowhere: the script makes each, nothing has to be loaded. */
export function routeNull(model: Model): PacketFilter {
  return {
    tables: [],
    settings: { proto: routeProtocol, prefix: blockPrefix(model) !== null },
    files: () => [],
  };
}
