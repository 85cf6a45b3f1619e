/** What the daemon does with events of type firewall before rules are tried (docs/reference/ossec.md#decoder-fields). */
import type { Event } from "./event.js";

/** Without all of these fields the daemon drops the event (docs/reference/ossec.md#daemon-and-logtest). */
export function isIncomplete({ action, srcip, dstip, srcport, dstport, protocol }: Event): boolean {
  return [action, srcip, dstip, srcport, dstport, protocol].includes(null);
}

/** The daemon's own word for an action: rules see it instead of the decoded one. */
export function normalAction(action: string): "DROP" | "CLOSED" | "ALLOW" | "UNKNOWN" {
  const lower = action.toLowerCase();
  if (/^[drb]/.test(lower)) return "DROP";
  if (/^[ct]/.test(lower)) return "CLOSED";
  if (/^[apo]/.test(lower)) return "ALLOW";
  if (lower.includes("drop")) return "DROP";
  return lower.includes("accept") ? "ALLOW" : "UNKNOWN";
}
