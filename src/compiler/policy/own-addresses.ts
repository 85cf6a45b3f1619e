import { holds, type Prefix, parsePrefix } from "../../firewall/address.js";
import { codes } from "../codes.js";
import { blocks, type Policy } from "./policy.js";

/**
 * The host's own addresses must all be on the never-block list: a rule that sees them as a source (a proxy, a
 * NAT gateway, a forged line) would cut the host off. They are known only where the bundle names them.
 */
export const checkOwnAddresses: Policy = (bundle) => {
  const { declared, model, places } = bundle;
  if (!blocks(bundle)) return [];
  const { ownAddresses: own, neverBlock = [] } = declared;
  if (own === undefined)
    return neverBlock.length === 0
      ? []
      : [
          codes.ownUnknown(
            places.of(neverBlock).span(),
            "nobody can tell whether neverBlock holds the host's own addresses: the bundle does not name them",
            'name them, and zopf compares: ownAddresses: ["192.0.2.10", "2001:db8::10"]',
          ),
        ];
  const protecting = model.neverBlock.flatMap(({ network }) => parsePrefix(network) ?? []);
  return own.flatMap((entry, index) => {
    const network = typeof entry === "string" ? entry : entry.network;
    const parsed = parsePrefix(network);
    if (parsed === null || protecting.some((wide) => covers(wide, parsed))) return [];
    const place = typeof entry === "string" ? places.at(own, index) : places.at(entry, "network");
    return [
      codes.ownAddress(
        place.span(),
        `${network} is the host's own, and nothing in neverBlock holds it: the host could be made to block itself`,
        `add it: neverBlock: ["${network}", …]`,
      ),
    ];
  });
};

function covers(wide: Prefix, narrow: Prefix): boolean {
  return wide.length <= narrow.length && holds(wide, narrow);
}
