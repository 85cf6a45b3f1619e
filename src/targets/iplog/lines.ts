/**
 * The lines that iplog 2.2.3 writes with `log_dest` and the resolver off, and what they are called in rules.
 * Expiry lines (`… mode expired for …`) and connection lines are no reports.
 */
export interface IplogReport {
  /** As the Model names it. */
  readonly scan: string;
  /** The `set` targets of iplog.conf that switch it on. */
  readonly option: string;
  /** What the decoder captures as id; letters, blanks and `/` only. */
  readonly id: string;
  /** Pattern of the text from the id to the address, behind the id. */
  readonly between: string;
}

const ports = String.raw`(?: \[ports? [0-9,.]+\])?`;
const detected = ` detected(?: to [0-9.]+)?${ports} from `;

/** In the order of the fourth seed's configuration. */
export const iplogReports: readonly IplogReport[] = [
  { scan: "port_scan", option: "portscan", id: "port scan", between: detected },
  { scan: "syn_scan", option: "syn_scan", id: "SYN scan", between: detected },
  { scan: "fin_scan", option: "fin_scan", id: "FIN scan", between: detected },
  { scan: "null_scan", option: "null_scan", id: "null scan", between: detected },
  { scan: "xmas_scan", option: "xmas_scan", id: "Xmas scan", between: detected },
  { scan: "udp_scan", option: "udp_scan", id: "scan/flood", between: detected },
  { scan: "smurf", option: "smurf", id: "smurf attack", between: detected },
  { scan: "ping_flood", option: "ping_flood", id: "ping flood", between: detected },
  { scan: "traceroute", option: "traceroute", id: "traceroute", between: " from " },
  { scan: "bogus", option: "bogus", id: "Bogus TCP flags", between: " set by " },
  { scan: "frag", option: "frag", id: "IP frag", between: "(?:ment)?s?(?: to [0-9.]+)? from " },
];

/** The programs of a line with a syslog header: iplog's own file names the protocol there, syslog names iplog. */
export const iplogPrograms: readonly string[] = ["TCP", "UDP", "ICMP", "ICMP/UDP", "iplog"];

const address = String.raw`[0-9]{1,3}(?:\.[0-9]{1,3}){3}`;

/**
 * What a report begins with when pre-decoding has taken the date, the host and the program away: nothing, or
 * the protocol. Fragments are reported without a protocol: `Nov 14 18:09:12 Oversized IP fragment from …`
 * leaves `IP fragment from …`, the first word taken for the host.
 */
const protocol = "(?:(?:TCP|UDP|ICMP|ICMP/UDP): )?(?:TCP |UDP |ICMP |Oversized |Overlapping |Duplicate )?";

/** A header that pre-decoding does not know: a priority, a date in ISO form with `Z`, a host, `iplog[1]:`. */
const header =
  String.raw`(?:\x3c[0-9]{1,3}>)?(?:1 )?(?:[0-9]{4}-[0-9T:.Z+-]{6,30} )?` +
  String.raw`(?:[A-Z0-9][A-Z0-9._-]{0,63} )?(?:iplog(?:\[[0-9]{1,10}\])?: )?`;

/** PCRE2 patterns over `log` for the reports that are asked for. */
export function iplogPatterns(scans: readonly string[]): {
  /** For lines whose program name is known. */
  readonly prematch: string;
  /** For lines without. */
  readonly prematchWithoutProgram: string;
  /** Captures id and srcip. */
  readonly decoder: string;
} {
  const reports = iplogReports.filter(({ scan }) => scans.includes(scan));
  const ids = reports.map(({ id }) => id).join("|");
  const between = `(?:${[...new Set(reports.map((report) => report.between))].join("|")})`;
  // Behind the address: its port, the list of ports, the destination of a traceroute, or nothing; so that a
  // host name that looks like an address, `9.9.9.9 (6.6.6.6)`, is not taken for one.
  const end = String.raw`(?::[0-9]+ \(dest .*| \[ports? .*| to [0-9.]+|\.)?$`;
  return {
    prematch: `^${protocol}(?:${ids})${between}[0-9]`,
    prematchWithoutProgram: `^${header}${protocol}(?:${ids})${between}[0-9]`,
    decoder: `^${header}${protocol}(${ids})${between}(${address})${end}`,
  };
}
