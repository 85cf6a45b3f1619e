import type { FirewallModel } from "../../model/model.js";

export type Iptables = Extract<FirewallModel, { readonly kind: "iptables" }>;

/** Where a packet of the blocked goes: to the chain that logs and drops, or straight to DROP. */
export function iptablesGoal(firewall: Iptables): string {
  return firewall.log ? firewall.table : "DROP";
}
