import { addressesPerSet, blockPrefix } from "../../firewall/index.js";
import type { Model } from "../../model/model.js";
import { sharedEscapes, text, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import type { FirewallOf, PacketFilter } from "../packet-filter.js";
import { type EscapeHelper, renderer } from "../render.js";
import { expiryLimit } from "../script/places.js";
import { nftFile } from "./places.js";
import { nftSets } from "./sets.js";

/** A name in nft's language, without quotes. Which of them are nft's own words is decided in `link`. */
const nftName: EscapeHelper = (value) => {
  const name = text("nftName", value);
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(name)) throw unfit("nftName", value);
  return name;
};

/** Escapes of the nftables template. */
export const nftEscapes = { ...sharedEscapes, nftName };

const render = renderer("nftables", nftEscapes);

/** The base chains first: they go to `blocked`, which can only be deleted after them. */
const chains = ["input", "forward", "output", "blocked"] as const;

export function nftables(model: Model, firewall: FirewallOf<"nftables">): PacketFilter {
  const { table } = firewall;
  const prefix = blockPrefix(model) !== null;
  return {
    tables: [table],
    settings: { table, prefix, ...nftSets(prefix) },
    files: () => [tableFile(model, firewall)],
  };
}

/** <bundle>.nft: a table of its own with two sets and the chains that drop; loading it again keeps the sets. */
function tableFile(model: Model, { table, log, counters }: FirewallOf<"nftables">): EmittedFile {
  const target = nftFile(model);
  const prefix = blockPrefix(model) !== null;
  return {
    path: `nftables/${model.name}.nft`,
    content: render("bundle.nft", {
      bundle: model.name,
      script: model.ossec.executable,
      target,
      table,
      log,
      prefix,
      counters: counters === true,
      ...nftSets(prefix),
      size: addressesPerSet,
      limit: expiryLimit(model),
      chains: chains.map((chain) => ({ table, chain })),
    }),
    mode: 0o640,
    target,
    owner: "root:root",
    reader: "nftables",
    reload: [
      ["/usr/sbin/nft", "-c", "-f", target],
      ["/usr/sbin/nft", "-f", target],
    ],
    merge: "file",
  };
}
