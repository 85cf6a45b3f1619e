import type { Model } from "../../model/model.js";

/** Where the bundle's file for nft is on the host. */
export function nftFile({ name }: Model): string {
  return `/etc/nftables.d/${name}.nft`;
}
