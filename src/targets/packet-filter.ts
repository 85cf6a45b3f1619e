import type { FirewallModel } from "../model/model.js";
import type { EmittedFile } from "./file.js";

/** A packet filter of a host, as far as files are emitted for it. Its folder in src/targets makes one. */
export interface PacketFilter {
  /** Names of what holds addresses, as the packet filter itself calls them. */
  readonly tables: readonly string[];
  /** What its part of the response script, `templates/script/<kind>.sh.hbs`, reads. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What it loads. */
  readonly files: () => readonly EmittedFile[];
}

export type FirewallOf<Kind extends FirewallModel["kind"]> = Extract<FirewallModel, { readonly kind: Kind }>;
