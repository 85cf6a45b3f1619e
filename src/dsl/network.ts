/**
 * One address or one prefix: `"192.0.2.1"`, `"10.0.0.0/8"`, `"2001:db8::/32"`. Checked when the bundle
 * is linked: no host names, no masks, no short forms (docs/reference/ossec.md#addresses tells what the engine makes of those).
 */
export type Network = string;

/** A network with a name that appears in generated comments: `{ network: "192.0.2.1", name: "gateway" }`. */
export interface NamedNetwork {
  /** The address or prefix. */
  readonly network: Network;
  /** What it is, for comments in the generated files. */
  readonly name: string;
}

/** A port with its transport, as Zeek writes it: `"22/tcp"`. */
export type PortText = `${number}/${"tcp" | "udp" | "icmp" | "unknown"}`;
