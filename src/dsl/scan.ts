import type { Caps, NoticeText } from "./detection.js";
import type { Duration } from "./duration.js";
import type { Network } from "./network.js";
import type { Rule } from "./rule.js";
import type { Connection } from "./zeek-types.js";

/** What every preset of the catalogue takes; docs/detections.md has each one's defaults and their sources. */
export interface ScanSettings<Kind extends string> {
  readonly kind: "scan";
  readonly scan: Kind;
  /** Name of the notice: `[A-Z][A-Za-z0-9_]*`. */
  readonly name: string;
  /** The count at which it fires. */
  readonly threshold?: number;
  /** Within any stretch of this length. */
  readonly window?: Duration;
  /**
   * Whose connections count: `"outside"` (default) those from beyond `Site::local_nets`, `"inside"` those from
   * within (a worm, a curious colleague), `"anywhere"` all.
   */
  readonly from?: "outside" | "inside" | "anywhere";
  /** A further condition: `where: (c) => c.id.resp_p !== port("113/tcp")`. */
  readonly where?: (c: Connection) => boolean;
  readonly notice?: Partial<NoticeText>;
  /** Default: level 6 (the first seed's), groups `zeek` and `scan`, a description of the preset's. */
  readonly rule?: Partial<Rule>;
  readonly caps?: Caps;
}

/** Presets that count ports: of one source wherever they are, or of one source on one host. */
export interface PortScan
  extends ScanSettings<
    "half-open" | "rejected" | "connect" | "fin" | "null" | "ack" | "syn-fin" | "bogus-flags"
  > {
  readonly per?: "source" | "pair";
}

/** Presets that tell the probes of traceroute from those of a scan. */
export interface UdpScan extends ScanSettings<"any-state" | "udp"> {
  readonly per?: "source" | "pair";
  /** UDP ports that traceroute uses, first and last (default 33434 and 33534). */
  readonly traceroutePorts?: readonly [first: number, last: number];
}

/** Routes to a host, by UDP probes. */
export interface Traceroute extends ScanSettings<"traceroute"> {
  /** UDP ports that traceroute uses, first and last (default 33434 and 33534). */
  readonly traceroutePorts?: readonly [first: number, last: number];
}

/** Presets that count hosts, or hosts and ports. */
export interface HostScan extends ScanSettings<"address" | "random" | "icmp-sweep" | "slow" | "syn-flood"> {}

/** Presets that count packets of echo requests. */
export interface EchoFlood extends ScanSettings<"ping-flood"> {
  /** Packets per second from which on it is a flood (default 10). */
  readonly rate?: number;
}

/** Echo requests to a broadcast address, whose sender's address is the victim's: cannot feed a block. */
export interface Smurf extends ScanSettings<"smurf"> {
  /** Broadcast addresses; without them every IPv4 address that ends in `.255`. */
  readonly broadcast?: readonly Network[];
}

/** Touches of addresses that nobody has a reason to touch. */
export interface Trap extends ScanSettings<"darknet" | "honeypot"> {
  readonly networks: readonly Network[];
}

/** A detection of the catalogue: `{ kind: "scan", scan: "half-open", name: "Half_Open_Scan" }`. */
export type ScanDetection = PortScan | UdpScan | Traceroute | HostScan | EchoFlood | Smurf | Trap;

/** Names of the presets. */
export type ScanKind = ScanDetection["scan"];
