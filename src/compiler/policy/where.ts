import { codes } from "../codes.js";
import type { Policy } from "./policy.js";

/** Where a response runs: agents exist only on a server's installation (docs/reference/ossec.md#active-response). */
export const checkWhere: Policy = ({ declared, model, responses, places }) =>
  responses.flatMap(({ declared: response, model: { where } }) => {
    if (response.where === undefined) return [];
    const place = places.at(response, "where");
    if (declared.targets !== undefined)
      return [
        codes.where(
          place.span(),
          `${place.label} says where the response runs, and so do the bundle's targets: a block runs on each that has a packet filter`,
          "leave where out",
        ),
      ];
    const agents = where.kind === "agents" || where.kind === "everywhere" || where.kind === "agent";
    return agents && model.ossec.installation === "local"
      ? [
          codes.where(
            place.span(),
            `${place.label} means agents, and a stand-alone installation has none: OSSEC would do nothing there`,
            'if this host is an OSSEC server, write ossec: { installation: "server" }; else leave where out',
          ),
        ]
      : [];
  });
