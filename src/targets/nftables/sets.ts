/** Names of the two sets; sets of networks are other sets, for nft changes the kind of none that is there. */
export function nftSets(prefix: boolean): { readonly set4: string; readonly set6: string } {
  return prefix ? { set4: "nets4", set6: "nets6" } : { set4: "blocked4", set6: "blocked6" };
}
