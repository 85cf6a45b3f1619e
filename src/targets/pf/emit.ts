import { blockPrefix } from "../../firewall/prefix.js";
import type { Model } from "../../model/model.js";
import { sharedEscapes, text, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import type { FirewallOf, PacketFilter } from "../packet-filter.js";
import { type EscapeHelper, renderer } from "../render.js";
import { expiryLimit, scriptTarget } from "../script/places.js";

/** A pf table's name: at most 31 characters (docs/reference/firewall.md#pf). */
const pfToken: EscapeHelper = (value) => {
  const token = text("pfToken", value);
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,30}$/.test(token)) throw unfit("pfToken", value);
  return token;
};

/** Escapes of the pf templates. */
export const pfEscapes = { ...sharedEscapes, pfToken };

const render = renderer("pf", pfEscapes);

type Pf = FirewallOf<"pf">;

export function pf(model: Model, firewall: Pf): PacketFilter {
  const { table, rateLimit: rate } = firewall;
  return {
    tables: rate === undefined ? [table] : [table, rate.table, rate.never],
    settings: { table, prefix: blockPrefix(model) !== null, rate: rate ?? null },
    files: () => [pfConf(model, firewall)],
  };
}

/** pf.conf: the table and the two rules, in the subset that OpenBSD's and FreeBSD's pfctl both read. */
function pfConf(model: Model, firewall: Pf): EmittedFile {
  const target = "/etc/pf.conf";
  return {
    path: "pf/pf.conf",
    content: render("pf.conf", {
      bundle: model.name,
      script: model.ossec.executable,
      table: firewall.table,
      log: firewall.log,
      limit: expiryLimit(model),
      // The script counts what a network holds; pf alone would free it by the age of the first block.
      expire: blockPrefix(model) === null ? null : scriptTarget(model),
      counters: firewall.counters === true,
      more: firewall.rateLimit !== undefined || firewall.redirect !== undefined,
      rate: rateLimit(model, firewall),
      rdr: firewall.flavour === "freebsd" ? redirect(firewall) : null,
      rdrTo: firewall.flavour === "freebsd" ? null : redirect(firewall),
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
  };
}

/** Only an address of its own can stand for what nobody protects: the table must not be empty, or all count. */
function rateLimit(model: Model, { rateLimit: rate }: Pf): Readonly<Record<string, unknown>> | null {
  if (rate === undefined) return null;
  const never =
    model.neverBlock.length === 0 ? ["127.0.0.1", "::1"] : model.neverBlock.map(({ network }) => network);
  return { ...rate, never: rate.never, list: never };
}

function redirect({ table, redirect: asked }: Pf): Readonly<Record<string, unknown>> | null {
  return asked === undefined ? null : { ...asked, table };
}
