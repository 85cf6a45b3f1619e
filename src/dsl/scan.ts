import type { Caps, NoticeText } from "./detection.js";
import type { Duration } from "./duration.js";
import type { Network, PortText } from "./network.js";
import type { Rule } from "./rule.js";
import type { Connection, DnsInfo, FtpInfo, HttpInfo, SshInfo, TcpPacket, WeirdInfo } from "./zeek-types.js";

/** What every preset of the catalogue takes; docs/detections.md has each one's defaults and their sources. */
export interface ScanSettings<Kind extends string, C = Connection> {
  /** A preset of the catalogue. */
  readonly kind: "scan";
  /** Which preset. */
  readonly scan: Kind;
  /** Name of the notice: `[A-Z][A-Za-z0-9_]*`. */
  readonly name: string;
  /** The count at which it fires. */
  readonly threshold?: number;
  /** Within any stretch of this length. */
  readonly window?: Duration;
  /**
   * Whose connections count: `"outside"` (default; of the DNS tunnels `"inside"`) those from beyond `Site::local_nets`, `"inside"` those from
   * within (a worm, a curious colleague), `"anywhere"` all.
   */
  readonly from?: "outside" | "inside" | "anywhere";
  /** A further condition: `where: (c) => c.id.resp_p !== port("113/tcp")`. */
  readonly where?: (c: C) => boolean;
  /** Other texts than the preset's. */
  readonly notice?: Partial<NoticeText>;
  /** Default: the level, groups and description of the preset; scans: level 6 (as in the example zeek-ossec-pf), `zeek` and `scan`. */
  readonly rule?: Partial<Rule>;
  /** Bounds on memory. */
  readonly caps?: Caps;
}

/** Presets that count ports: of one source wherever they are, or of one source on one host. */
export interface PortScan
  extends ScanSettings<
    "half-open" | "rejected" | "connect" | "fin" | "null" | "ack" | "syn-fin" | "bogus-flags"
  > {
  /** Counted per source (default), or per source and host. */
  readonly per?: "source" | "pair";
}

/** Presets that tell the probes of traceroute from those of a scan. */
export interface UdpScan extends ScanSettings<"any-state" | "udp"> {
  /** Counted per source (default), or per source and host. */
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
  /** Addresses that nobody has a reason to touch. */
  readonly networks: readonly Network[];
}

/** Logins that failed, of one source wherever it went, or of one source at one host. */
export interface SshGuessing extends ScanSettings<"ssh-guessing", SshInfo> {
  /** Counted per source (default), or per source and host. */
  readonly per?: "source" | "pair";
}

/** Connections to the SSH port, one after the other. */
export interface SshHammering extends ScanSettings<"ssh-hammering"> {
  /** The port of SSH (default `22/tcp`). */
  readonly port?: PortText;
}

/** Users and passwords that FTP servers refused. */
export interface FtpGuessing extends ScanSettings<"ftp-guessing", FtpInfo> {
  /** Counted per source (default), or per source and host. */
  readonly per?: "source" | "pair";
}

/** Passwords that web pages refused. */
export interface HttpGuessing extends ScanSettings<"http-guessing", HttpInfo> {
  /** Counted per source (default), or per source and host. */
  readonly per?: "source" | "pair";
  /** One of these is in the path of a page that asks for a password, in whatever case. */
  readonly paths?: readonly string[];
  /** Answers to a form that count (default 200, 401 and 403). */
  readonly statuses?: readonly number[];
}

/** Pages that are not there. */
export interface HttpPaths extends ScanSettings<"http-paths", HttpInfo> {
  /** Answers that count (default 404). */
  readonly statuses?: readonly number[];
}

/** Data in the names that somebody asks for, below one domain. */
export interface DnsTunnel extends ScanSettings<"dns-names" | "dns-bytes", DnsInfo> {
  /** Domains that do not count: `["example.com"]`. */
  readonly allow?: readonly string[];
  /** Labels of a domain that somebody owns (default 2: example.com). */
  readonly labels?: number;
}

/** The same, told by how random the names are. */
export interface DnsEntropy extends ScanSettings<"dns-entropy", DnsInfo> {
  /** Domains that do not count: `["example.com"]`. */
  readonly allow?: readonly string[];
  /** Labels of a domain that somebody owns (default 2: example.com). */
  readonly labels?: number;
  /** Bytes before the domain, at least (default 24). */
  readonly length?: number;
  /** Entropy of what stands before the domain, bits a byte, at least (default 3.5). */
  readonly bits?: number;
}

/** IP fragments that are too small; names a sender that can be invented: cannot feed a block. */
export interface SmallFragments extends ScanSettings<"small-fragments", WeirdInfo> {}

/** Stealth scans told apart by their flags, for which Zeek looks at every packet; in no log: not replayed. */
export interface PacketScan extends ScanSettings<"fin-packets" | "null-packets" | "xmas-packets", TcpPacket> {
  /** Counted per source (default), or per source and host. */
  readonly per?: "source" | "pair";
}

/** Presets on what Zeek's other logs say of services. */
export type ServiceDetection =
  | SshGuessing
  | SshHammering
  | FtpGuessing
  | HttpGuessing
  | HttpPaths
  | DnsTunnel
  | DnsEntropy
  | SmallFragments;

/** A detection of the catalogue: `{ kind: "scan", scan: "half-open", name: "Half_Open_Scan" }`. */
export type ScanDetection =
  | PortScan
  | UdpScan
  | Traceroute
  | HostScan
  | EchoFlood
  | Smurf
  | Trap
  | PacketScan
  | ServiceDetection;

/** Names of the presets. */
export type ScanKind = ScanDetection["scan"];
