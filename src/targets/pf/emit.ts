import type { Model } from "../../model/model.js";
import { sharedEscapes, text, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { type EscapeHelper, renderer } from "../render.js";
import { expiryLimit } from "../script/emit.js";

/** A pf table's name: at most 31 characters (spec/firewall.md "pf"). */
const pfToken: EscapeHelper = (value) => {
  const token = text("pfToken", value);
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,30}$/.test(token)) throw unfit("pfToken", value);
  return token;
};

/** Escapes of the pf templates. */
export const pfEscapes = { ...sharedEscapes, pfToken };

const render = renderer("pf", pfEscapes);

/** pf.conf: the table and the two rules, in the subset that OpenBSD's and FreeBSD's pfctl both read. */
export function emitPf(model: Model): readonly EmittedFile[] {
  return model.firewalls.flatMap((firewall): readonly EmittedFile[] => {
    if (firewall.kind !== "pf") return [];
    const target = "/etc/pf.conf";
    return [
      {
        path: "pf/pf.conf",
        content: render("pf.conf", {
          bundle: model.name,
          script: model.ossec.executable,
          table: firewall.table,
          log: firewall.log,
          limit: expiryLimit(model),
        }),
        mode: 0o600,
        target,
        owner: "root:wheel",
        reader: "pf",
        reload: [
          ["/sbin/pfctl", "-nf", target],
          ["/sbin/pfctl", "-f", target],
        ],
        merge: "include",
      },
    ];
  });
}
