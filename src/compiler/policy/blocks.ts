import { codes } from "../codes.js";
import { blocks, type Policy } from "./policy.js";

/** A bundle for one host that blocks needs a packet filter, and a list of what it must never block. */
export const checkBlocks: Policy = (bundle) => {
  const { declared, places } = bundle;
  if (!blocks(bundle) || declared.targets !== undefined) return [];
  const responses = places.at(declared, "responses");
  const found = [];
  if ((declared.neverBlock ?? []).length === 0)
    found.push(
      codes.neverBlock(
        (declared.neverBlock === undefined ? responses : places.at(declared, "neverBlock")).span(),
        `the bundle blocks, and its neverBlock list is ${declared.neverBlock === undefined ? "missing" : "empty"}`,
        'name at least the host\'s own addresses and the network you administer it from: neverBlock: ["192.0.2.1", "10.0.0.0/8"]',
      ),
    );
  if (declared.firewall === undefined)
    found.push(
      codes.missing(
        responses.span(),
        "the bundle blocks, but names no packet filter",
        'add firewall: pf({ table: "ossec_fwtable" }), ipfw({ table: 2 }), nftables({ table: "ossec_blocked" }) or iptables({ set: "ossec_blocked" })',
      ),
    );
  return found;
};
