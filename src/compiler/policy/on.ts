import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { nearestName } from "../../diagnostics/near-names.js";
import { codes } from "../codes.js";
import type { LinkedBundle } from "../link/bundle.js";
import type { Policy } from "./policy.js";

/** Hosts that a detection or a response names: they have to be targets, and to have what is asked of them. */
export const checkOn: Policy = (bundle) => [
  ...bundle.detections.flatMap(({ kind, declared, model }) => {
    if (kind !== "log" || declared.on === undefined) return [];
    const { on } = declared;
    if (declared.log === undefined)
      return [
        codes.missing(
          bundle.places.of(on).span(),
          `"${model.name}" says on which hosts its log is read, and not which log that is`,
          'name the file: log: "/var/log/app.log"',
        ),
      ];
    return unknownHosts(bundle, on);
  }),
  ...bundle.responses.flatMap(({ declared }) => {
    if (declared.kind !== "block" || declared.on === undefined) return [];
    const { on } = declared;
    const unknown = unknownHosts(bundle, on);
    if (unknown.length > 0) return unknown;
    return on.flatMap((name, index) => {
      const host = bundle.hosts.find(({ model }) => model.name === name);
      return host === undefined || host.model.firewalls.length > 0
        ? []
        : [
            codes.missing(
              bundle.places.at(on, index).span(),
              `"${name}" is to block, and has no packet filter`,
              'give the target one: firewall: nftables({ table: "ossec_blocked" })',
            ),
          ];
    });
  }),
];

function unknownHosts(
  { declared, places, hosts }: LinkedBundle,
  on: readonly string[],
): readonly Diagnostic[] {
  if (declared.targets === undefined)
    return [
      codes.missing(
        places.of(on).span(),
        "the bundle has no targets, and is for one host",
        "leave on out, or name the hosts: targets: { … }",
      ),
    ];
  const names = hosts.map(({ model }) => model.name);
  return on.flatMap((name, index) => {
    if (names.includes(name)) return [];
    const near = nearestName(name, names);
    return [
      codes.reference(
        places.at(on, index).span(),
        `no target is called ${JSON.stringify(name.slice(0, 80))}`,
        `${near === null ? "" : `did you mean "${near}"? `}there are: ${names.slice(0, 12).join(", ")}`,
      ),
    ];
  });
}
