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
  readonly protocol: "tcp" | "udp" | "icmp";
  /** A port number, or a service name from /etc/services. */
  readonly destinationPort?: number | string;
  readonly sourcePort?: number | string;
  readonly from?: Network;
  readonly to?: Network;
}

/** The iplog sensor: its configuration, the decoders for its lines, and the rule for the scans it reports. */
export interface IplogDetection {
  readonly kind: "iplog";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** The file that iplog writes (its `logfile`), read by OSSEC as syslog. */
  readonly log: string;
  /** Which reports become an alert; others are not switched on in iplog.conf. */
  readonly scans: readonly IplogScan[];
  readonly ignore?: readonly IplogIgnore[];
  /** Ignore DNS traffic from the name servers in /etc/resolv.conf (default true). */
  readonly ignoreDns?: boolean;
  /** Answer operating-system probes with nonsense; breaks most stealth scans of nmap (default false). */
  readonly foolNmap?: boolean;
  readonly rule: Rule;
}
