import type { HostModel, Model } from "../../model/model.js";
import type { Places } from "../decode/field.js";
import type { TargetDeclaration, TargetsDeclaration } from "../decode/targets.js";
import { linkFirewalls } from "./firewalls.js";
import { linkNetworks, together } from "./networks.js";

/** A host of a bundle for several. */
export interface LinkedHost {
  readonly declared: TargetDeclaration;
  readonly model: HostModel;
}

/** The hosts by name; what they do not say is as the bundle has it. */
export function linkTargets(
  declared: TargetsDeclaration | undefined,
  shared: Pick<Model, "ossec" | "zeek" | "neverBlock">,
  places: Places,
): readonly LinkedHost[] {
  if (declared === undefined) return [];
  const entries = Object.entries(declared).sort(([one], [other]) => (one < other ? -1 : 1));
  const hasServer = entries.some(([, { roles }]) => roles?.includes("ossec-server"));
  return entries.map(([name, host]) => {
    const server = host.roles?.includes("ossec-server") ?? false;
    const model: HostModel = {
      name,
      ossec: server ? "server" : hasServer ? "agent" : "standalone",
      agent: host.agent ?? null,
      sensor: host.roles?.includes("sensor") ?? false,
      home: host.ossec?.home ?? shared.ossec.home,
      zeek: placeOf(host.zeek ?? shared.zeek),
      firewalls: linkFirewalls(host.firewall),
      neverBlock: together([...shared.neverBlock, ...linkNetworks(host.neverBlock)]),
      span: places.at(declared, name).span(),
    };
    return { declared: host, model };
  });
}

function placeOf(zeek: HostModel["zeek"]): HostModel["zeek"] {
  return zeek === null ? null : { logs: zeek.logs, site: zeek.site };
}
