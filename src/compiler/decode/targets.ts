import type { Target, Targets } from "../../dsl/targets.js";
import { codes } from "../codes.js";
import { type Accepts, list, type Output, object, oneOf, optional, record } from "./decoder.js";
import type { Field } from "./field.js";
import { firewalls } from "./firewall.js";
import { networks } from "./network.js";
import { ossecPlace } from "./ossec.js";
import { named } from "./scalars.js";
import { zeekPlace } from "./zeek-settings.js";

/** OSSEC writes ids with three digits or more; 000 is the server itself. */
const agent = named(
  (id) => /^(?!0+$)[0-9]{3,8}$/.test(id),
  (id) => ({
    message: `${JSON.stringify(id.slice(0, 40))} is not the id of an agent`,
    help: 'write it as manage_agents -l shows it: "003"',
  }),
);

const target = object({
  roles: optional(list(oneOf("sensor", "ossec-server"))),
  firewall: optional(firewalls),
  agent: optional(agent),
  neverBlock: optional(networks),
  ossec: optional(ossecPlace),
  zeek: optional(zeekPlace),
}) satisfies Accepts<Target>;

/** Reports a name that is no host name in the strict form that a folder of every file system can have. */
function refuseTarget(name: string, field: Field): boolean {
  if (/^[a-z](?:[a-z0-9.-]{0,61}[a-z0-9])?$/.test(name) && name !== "manifest.json") return false;
  field.report(
    codes.name(
      field.span(),
      `${JSON.stringify(name.slice(0, 80))} cannot be the name of a target`,
      "use lower case letters, digits, dots and hyphens, starting with a letter, at most 63 characters: web-1",
    ),
  );
  return true;
}

export const targets = record(target, refuseTarget) satisfies Accepts<Targets>;

export type TargetDeclaration = Output<typeof target>;
export type TargetsDeclaration = Output<typeof targets>;
