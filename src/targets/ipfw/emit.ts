import type { Model } from "../../model/model.js";
import { sharedEscapes } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { renderer } from "../render.js";
import { expiryLimit, scriptTarget } from "../script/emit.js";

const render = renderer("ipfw", sharedEscapes);

/** ipfw.sh: makes the table and the two deny rules where they are missing, and flushes nothing. */
export function emitIpfw(model: Model): readonly EmittedFile[] {
  return model.firewalls.flatMap((firewall): readonly EmittedFile[] => {
    if (firewall.kind !== "ipfw") return [];
    const target = `/usr/local/etc/zopf/${model.name}/ipfw.sh`;
    return [
      {
        path: "ipfw/ipfw.sh",
        content: render("ipfw.sh", {
          bundle: model.name,
          script: model.ossec.executable,
          target: scriptTarget(model),
          table: firewall.table,
          rule: firewall.rule,
          log: firewall.log,
          limit: expiryLimit(model),
        }),
        mode: 0o750,
        target,
        owner: "root:wheel",
        reader: "ipfw",
        reload: [["/bin/sh", target]],
        merge: "file",
      },
    ];
  });
}
