import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "../codes.js";
import type { DetectionDeclaration } from "../decode/bundle.js";
import type { LinkedBundle } from "../link/bundle.js";
import { blocks, type Policy } from "./policy.js";

/** What the hosts of a bundle lack, and where they contradict each other. */
export const checkTargets: Policy = (bundle) => {
  const { declared, places, hosts } = bundle;
  if (declared.targets === undefined) return [];
  const span = places.at(declared, "targets").span();
  const found: Diagnostic[] = [];
  if (declared.firewall !== undefined)
    found.push(
      codes.duplicate(
        places.at(declared, "firewall").span(),
        "the bundle has targets, and a packet filter of its own that belongs to none of them",
        "move the packet filter to the target that has it",
      ),
    );
  if (hosts.length === 0)
    found.push(
      codes.missing(
        span,
        "the bundle names no target",
        'name its hosts: targets: { gateway: { roles: ["sensor"], firewall: pf({ table: "ossec_fwtable" }) } }, or take targets away',
      ),
    );
  else if (declared.detections.some(needsSensor) && !hosts.some(({ model }) => model.sensor))
    found.push(
      codes.missing(
        span,
        "no target is a sensor: nothing would detect anything",
        'say on which hosts Zeek and the logs are: roles: ["sensor"], or on: ["…"] of a log detection',
      ),
    );
  return [...found, ...servers(bundle), ...agents(bundle), ...zeekPlaces(bundle), ...filters(bundle)];
};

/** What Zeek, iplog or a log without a host of its own leads to. */
function needsSensor(detection: DetectionDeclaration): boolean {
  switch (detection.kind) {
    case "log":
      return detection.log !== undefined && detection.on === undefined;
    case "burst":
    case "rule":
    case "sequence":
      return false;
    default:
      return true;
  }
}

function servers({ hosts }: LinkedBundle): readonly Diagnostic[] {
  const [first, ...more] = hosts.filter(({ model }) => model.ossec === "server");
  return more.map(({ model }) =>
    codes.duplicate(
      model.span,
      `"${model.name}" and "${first?.model.name}" are both OSSEC's server`,
      "an agent has one server: make a bundle for each server",
    ),
  );
}

function agents({ hosts, places }: LinkedBundle): readonly Diagnostic[] {
  const ids = new Map<string, string>();
  return hosts.flatMap(({ declared, model: { name, ossec, agent, span } }) => {
    if (agent === null) return [];
    if (ossec !== "agent")
      return [
        codes.reference(
          places.at(declared, "agent").span(),
          ossec === "server"
            ? `"${name}" is OSSEC's server and cannot be an agent as well`
            : `"${name}" has an agent's id, but no target is OSSEC's server`,
          ossec === "server"
            ? "take the id away"
            : 'give the server\'s host roles: ["ossec-server"], or take the id away',
        ),
      ];
    const other = ids.get(agent);
    ids.set(agent, name);
    return other === undefined
      ? []
      : [codes.duplicate(span, `"${name}" and "${other}" have the same agent id, ${agent}`)];
  });
}

function zeekPlaces({ declared, hosts, places }: LinkedBundle): readonly Diagnostic[] {
  return hosts
    .filter((host) => host.declared.zeek !== undefined && declared.zeek === undefined)
    .map((host) =>
      codes.missing(
        places.at(host.declared, "zeek").span(),
        "the host says where Zeek lives, but the bundle has no Zeek",
        'add zeek: { logs: "/opt/zeek/logs/current", site: "/opt/zeek/share/zeek/site" } to the bundle',
      ),
    );
}

/** Whether each host that blocks can, and protects something. */
function filters(bundle: LinkedBundle): readonly Diagnostic[] {
  const { declared, places, hosts } = bundle;
  if (!blocks(bundle) || hosts.length === 0) return [];
  const armed = hosts.filter(({ model }) => model.firewalls.length > 0);
  if (armed.length === 0)
    return [
      codes.missing(
        places.at(declared, "targets").span(),
        "the bundle blocks, but no target names a packet filter",
        'give a target firewall: pf({ table: "ossec_fwtable" }) or nftables({ table: "ossec_blocked" })',
      ),
    ];
  return armed.flatMap(({ model: { name, ossec, agent, neverBlock, span } }) => [
    ...(ossec === "agent" && agent === null
      ? [
          codes.missing(
            span,
            `"${name}" blocks, but its id at the OSSEC server is not known: no block would reach it`,
            'add agent: "003", as manage_agents -l shows it',
          ),
        ]
      : []),
    ...(neverBlock.length === 0
      ? [
          codes.neverBlock(
            span,
            `"${name}" blocks, and neither the bundle nor the target has a neverBlock list`,
            "name at least the hosts' own addresses and the network you administer them from",
          ),
        ]
      : []),
  ]);
}
