import { blockPrefix } from "../../firewall/prefix.js";
import type { Model } from "../../model/model.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import type { FirewallOf, PacketFilter } from "../packet-filter.js";
import { renderer } from "../render.js";
import { expiryLimit, scriptTarget } from "../script/places.js";

const render = renderer("ipfw", sharedEscapes);

export function ipfw(model: Model, firewall: FirewallOf<"ipfw">): PacketFilter {
  const { table } = firewall;
  return {
    tables: [table],
    settings: { table, prefix: blockPrefix(model) !== null },
    files: () => [loader(model, firewall)],
  };
}

/** ipfw.sh: makes the table and the two deny rules where they are missing, and flushes nothing. */
function loader(model: Model, { table, rule, log }: FirewallOf<"ipfw">): EmittedFile {
  const target = `/usr/local/etc/zopf/${model.name}/ipfw.sh`;
  return {
    path: "ipfw/ipfw.sh",
    content: render("ipfw.sh", {
      bundle: model.name,
      script: model.ossec.executable,
      target: scriptTarget(model),
      table,
      rule,
      log,
      limit: expiryLimit(model),
    }),
    mode: 0o750,
    target,
    owner: "root:wheel",
    reader: "ipfw",
    reload: [["/bin/sh", target]],
    merge: "file",
  };
}
