import { formatAddress, formatPrefix, parsePrefix } from "../../firewall/address.js";
import { alwaysRefused, type Protected } from "../../firewall/guard.js";
import type { FirewallModel, Model } from "../../model/model.js";
import { sharedEscapes, unfit } from "../escape.js";
import type { EmittedFile } from "../file.js";
import { renderer } from "../render.js";

const render = renderer("script", sharedEscapes);

const day = 86_400;

/**
 * Seconds after which a block ends that execd has forgotten. execd prolongs a block without calling the
 * script (spec/firewall.md), so a limit near the block's own length would free a source that execd still
 * counts as blocked; it is the longest block and a day.
 */
export function expiryLimit(model: Model): number {
  return Math.max(0, ...model.responses.map((response) => response.seconds)) + day;
}

/** Where the script is installed. */
export function scriptTarget(model: Model): string {
  return `${model.ossec.home}/active-response/bin/${model.ossec.executable}`;
}

/** firewall-drop.sh: only the backends of the bundle's firewalls are in it. */
export function emitScript(model: Model): readonly EmittedFile[] {
  if (model.firewalls.length === 0) return [];
  const head = render("head.sh", {
    bundle: model.name,
    command: model.ossec.command,
    executable: model.ossec.executable,
    // Not in logs/: that folder belongs to OSSEC's own user, who could plant a link for root to follow.
    log: `${model.ossec.home}/active-response/${model.ossec.command}.log`,
    limit: expiryLimit(model),
    always: alwaysRefused.map(entry),
    neverBlock: model.neverBlock.map(entry),
  });
  const backends = model.firewalls.map((firewall) => render(`${firewall.kind}.sh`, backend(firewall)));
  const tail = render("tail.sh", {
    backends: model.firewalls.map((firewall) => firewall.kind),
    neverBlock: model.neverBlock.map(entry),
  });
  return [
    {
      path: "active-response/firewall-drop.sh",
      content: [head, ...backends, tail].join(""),
      mode: 0o750,
      target: scriptTarget(model),
      owner: "root:ossec",
      reader: "execd",
      reload: [[`${model.ossec.home}/bin/ossec-control`, "restart"]],
      merge: "file",
    },
  ];
}

function backend(firewall: FirewallModel): Readonly<Record<string, unknown>> {
  switch (firewall.kind) {
    case "pf":
    case "ipfw":
      return { table: firewall.table };
  }
}

/** The script reads `ADDRESS/LENGTH` only; `first` is the network's first address. */
function entry({ network, name }: Protected): Readonly<Record<string, unknown>> {
  const prefix = parsePrefix(network);
  if (prefix === null) throw unfit("neverBlock", network);
  return { network: formatPrefix(prefix), first: formatAddress(prefix), name };
}
