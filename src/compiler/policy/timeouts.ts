import { forgottenAfter, ipsetSeconds, longestBlock } from "../../firewall/limits.js";
import { showDuration } from "../../model/duration.js";
import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Blocks that ipset's own timeouts cannot hold. */
export const checkTimeouts: Policy = ({ model, hosts }) => {
  const firewalls = [...model.firewalls, ...hosts.flatMap((host) => host.model.firewalls)];
  if (!firewalls.some(({ kind }) => kind === "iptables")) return [];
  return model.responses
    .filter((response) => forgottenAfter([response]) > ipsetSeconds)
    .map((response) =>
      codes.duration(
        response.span,
        `blocks for ${showDuration(longestBlock(response))}; ipset's timeouts end at ${ipsetSeconds} seconds, a day of which is for blocks that OSSEC prolongs`,
        'block for at most "23 days", or use nftables',
      ),
    );
};
