import type { Network } from "./network.js";
import type { Rule } from "./rule.js";

/** What iplog 2.2.3 can report. */
export type IplogScan =
  | "port_scan"
  | "syn_scan"
  | "fin_scan"
  | "null_scan"
  | "xmas_scan"
  | "udp_scan"
  | "smurf"
  | "ping_flood"
  | "traceroute"
  | "bogus"
  | "frag";

/** Traffic that iplog does not log: `{ protocol: "tcp", destinationPort: 80 }`. */
export interface IplogIgnore {
  /** Protocol of the traffic. */
  readonly protocol: "tcp" | "udp" | "icmp";
  /** A port number, a service name from /etc/services, or a range: `"6000:6010"`. */
  readonly destinationPort?: number | string;
  /** As `destinationPort`. */
  readonly sourcePort?: number | string;
  /** Where it comes from. */
  readonly from?: Network;
  /** Where it goes. */
  readonly to?: Network;
}

/** How the sensor runs on its host. What is not said here stays as the host's iplog.conf has it. */
export interface IplogSensor {
  /** `["em0", "em1"]`; without it iplog takes the first one. */
  readonly interfaces?: readonly string[];
  /** Watch traffic to every host of this IPv4 network, not to this host alone. */
  readonly promiscuous?: Network;
  /** Whom iplog becomes when it runs: `"nobody"`. */
  readonly user?: string;
  /** The group that iplog takes with it. */
  readonly group?: string;
  /** An absolute path. */
  readonly pidFile?: string;
  /** Reports only, no line for each connection and datagram (default false). */
  readonly scansOnly?: boolean;
  /** Damaged packets too: short ones, wrong checksums (default false). */
  readonly verbose?: boolean;
}

/** The iplog sensor: its configuration, the decoders for its lines, and the rule for the scans it reports. */
export interface IplogDetection {
  /** The iplog sensor detects. */
  readonly kind: "iplog";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** The file that iplog writes (its `logfile`), read by OSSEC as syslog. */
  readonly log: string;
  /** Which reports become an alert; others are not switched on in iplog.conf. */
  readonly scans: readonly IplogScan[];
  /**
   * Not the report that a scan has begun, but the one that it is over, with the packets and bytes that were counted
   * (default false). A second detection beside the first: `log` is the same, the sensor's settings stand in one
   * of them. iplog tells no end of `traceroute`, `bogus` and `frag`.
   */
  readonly expired?: boolean;
  /** Traffic that iplog does not log. */
  readonly ignore?: readonly IplogIgnore[];
  /** Ignore DNS traffic from the name servers in /etc/resolv.conf (default true). */
  readonly ignoreDns?: boolean;
  /** Answer operating-system probes with nonsense; breaks most stealth scans of nmap (default false). */
  readonly foolNmap?: boolean;
  /** How iplog runs on its host. */
  readonly sensor?: IplogSensor;
  /** The rule for the reports. */
  readonly rule: Rule;
}
