import type { OssecSettings, ZeekSettings } from "./bundle.js";
import type { Firewall } from "./firewall.js";
import type { NamedNetwork, Network } from "./network.js";

/**
 * What runs on a host beside its packet filter.
 *
 * - `sensor`: Zeek with the bundle's scripts; iplog and the log files that detections read.
 * - `ossec-server`: OSSEC's server: decoders, rules, and what starts the blocks. One host at most; every other
 *   one is then its agent. Without it each host stands alone and has all of it.
 */
export type Role = "sensor" | "ossec-server";

/** One host of a bundle for several; its files are built into a folder of its name. */
export interface Target {
  /** What runs there; without it, all of it. */
  readonly roles?: readonly Role[];
  /** The host's packet filter, or two of different kinds. Without one nothing is blocked there. */
  readonly firewall?: Firewall | readonly [Firewall, Firewall];
  /** The agent's id at the OSSEC server, as `manage_agents -l` shows it: `"003"`. Needed where an agent blocks. */
  readonly agent?: string;
  /** Never blocked on this host, beside the bundle's list. */
  readonly neverBlock?: readonly (Network | NamedNetwork)[];
  /** Where OSSEC lives on this host, if not where the bundle says. */
  readonly ossec?: Pick<OssecSettings, "home">;
  /** Where Zeek lives on this host, if not where the bundle says. */
  readonly zeek?: Pick<ZeekSettings, "logs" | "site">;
}

/** The hosts of a bundle by name: `[a-z][a-z0-9.-]{0,62}`. */
export type Targets<Name extends string = string> = Readonly<Record<Name, Target>>;
