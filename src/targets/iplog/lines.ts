/**
 * The lines that iplog 2.2.3 writes with `log_dest` and the resolver off, and what they are called in rules.
 * Connection lines are no reports. A SYN flood is not reported: `set syn_flood` only stops the resolver during one.
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
  /** iplog also tells that it is over: `… mode expired for …`. */
  readonly expires: boolean;
}

const ports = String.raw`(?: \[ports? [0-9,.]+\])?`;
const detected = ` detected(?: to [0-9.]+)?${ports} from `;

/** In the order of the configuration in the example ossec-iplog-ipfw. */
export const iplogReports: readonly IplogReport[] = [
  { scan: "port_scan", option: "portscan", id: "port scan", between: detected, expires: true },
  { scan: "syn_scan", option: "syn_scan", id: "SYN scan", between: detected, expires: true },
  { scan: "fin_scan", option: "fin_scan", id: "FIN scan", between: detected, expires: true },
  { scan: "null_scan", option: "null_scan", id: "null scan", between: detected, expires: true },
  { scan: "xmas_scan", option: "xmas_scan", id: "Xmas scan", between: detected, expires: true },
  { scan: "udp_scan", option: "udp_scan", id: "scan/flood", between: detected, expires: true },
  { scan: "smurf", option: "smurf", id: "smurf attack", between: detected, expires: true },
  { scan: "ping_flood", option: "ping_flood", id: "ping flood", between: detected, expires: true },
  { scan: "traceroute", option: "traceroute", id: "traceroute", between: " from ", expires: false },
  { scan: "bogus", option: "bogus", id: "Bogus TCP flags", between: " set by ", expires: false },
  {
    scan: "frag",
    option: "frag",
    id: "IP frag",
    between: "(?:ment)?s?(?: to [0-9.]+)? from ",
    expires: false,
  },
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

const expiredFor = " mode(?: to [0-9.]+)? expired for ";

/** The same for the lines that tell the end of a scan; the decoder captures id, srcip, packets and bytes. */
export function iplogExpiryPatterns(scans: readonly string[]): ReturnType<typeof iplogPatterns> {
  const ids = iplogReports
    .filter(({ scan, expires }) => expires && scans.includes(scan))
    .map(({ id }) => id)
    .join("|");
  const counted = String.raw` - received a total of ([0-9]+) packets \(([0-9]+) bytes\)\.?$`;
  return {
    prematch: `^${protocol}(?:${ids})${expiredFor}[0-9]`,
    prematchWithoutProgram: `^${header}${protocol}(?:${ids})${expiredFor}[0-9]`,
    decoder: `^${header}${protocol}(${ids})${expiredFor}(${address})${counted}`,
  };
}
