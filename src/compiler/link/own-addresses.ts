import { holds, type Prefix, parsePrefix } from "../../firewall/address.js";
import type { NeverBlock, ResponseModel } from "../../model/model.js";
import type { Field, LinkContext } from "./field.js";
import { child, isObject, readList } from "./field.js";
import { readNetwork } from "./network.js";
import { responseCodes } from "./response-codes.js";

/**
 * The host's own addresses must all be on the never-block list: a rule that sees them as a source (a proxy, a
 * NAT gateway, a forged line) would cut the host off. They are known only where the bundle names them.
 */
export function checkOwnAddresses(
  context: LinkContext,
  fields: { readonly own: Field; readonly neverBlock: Field },
  neverBlock: readonly NeverBlock[],
  responses: readonly ResponseModel[],
): void {
  const blocks = responses.some(({ kind }) => kind === "block");
  const { own } = fields;
  if (own.value === undefined) {
    if (blocks && neverBlock.length > 0)
      context.diagnostics.push(
        responseCodes.ownUnknown(
          fields.neverBlock.span(),
          "nobody can tell whether neverBlock holds the host's own addresses: the bundle does not name them",
          'name them, and zopf compares: ownAddresses: ["192.0.2.10", "2001:db8::10"]',
        ),
      );
    return;
  }
  const protecting = neverBlock.flatMap(({ network }) => parsePrefix(network) ?? []);
  for (const entry of readList(context, own) ?? []) {
    const at = isObject(entry.value) ? child(context, entry, "network") : entry;
    const network = readNetwork(context, at);
    const parsed = network === null ? null : parsePrefix(network);
    if (network === null || parsed === null || !blocks || protecting.some((wide) => covers(wide, parsed)))
      continue;
    context.diagnostics.push(
      responseCodes.ownAddress(
        at.span(),
        `${network} is the host's own, and nothing in neverBlock holds it: the host could be made to block itself`,
        `add it: neverBlock: ["${network}", …]`,
      ),
    );
  }
}

function covers(wide: Prefix, narrow: Prefix): boolean {
  return wide.length <= narrow.length && holds(wide, narrow);
}
