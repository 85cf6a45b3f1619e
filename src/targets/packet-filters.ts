import type { FirewallModel, Model } from "../model/model.js";
import type { EmittedFile } from "./file.js";
import { ipfw } from "./ipfw/emit.js";
import { iptables } from "./iptables/emit.js";
import { nftables } from "./nftables/emit.js";
import type { PacketFilter } from "./packet-filter.js";
import { pf } from "./pf/emit.js";
import { routeNull } from "./route-null/emit.js";

/** Every packet filter that files are emitted for. */
export function packetFilter(model: Model, firewall: FirewallModel): PacketFilter {
  switch (firewall.kind) {
    case "pf":
      return pf(model, firewall);
    case "ipfw":
      return ipfw(model, firewall);
    case "nftables":
      return nftables(model, firewall);
    case "iptables":
      return iptables(model, firewall);
    case "routeNull":
      return routeNull(model);
    case "dryRun":
      return { tables: [], settings: {}, files: () => [] };
  }
}

/** What the packet filters of a host load, in the order of the bundle. */
export function emitFirewalls(model: Model): readonly EmittedFile[] {
  return model.firewalls.flatMap((firewall) => packetFilter(model, firewall).files());
}
