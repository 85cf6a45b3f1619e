/**
 * Bytes that one end of a connection has sent, where conn.log leaves them out: Zeek writes `orig_bytes` and
 * `resp_bytes` only of a connection that lasts, so not of a single packet, though `c$orig$size` has them
 * (docs/reference/zeek.md#what-is-known-at-each-event). What is left of the IP bytes when the headers are taken away: exact for UDP and ICMP, and
 * for TCP without options; a TCP end that has sent no data has none, whatever its options.
 */
export interface SentPackets {
  readonly end: "orig" | "resp";
  readonly packets: number;
  readonly ipBytes: number;
  /** As conn.log's column has it. */
  readonly proto: string;
  readonly history: string;
  readonly isV6: boolean;
}

const headers: Readonly<Record<string, number>> = { tcp: 20, udp: 8, icmp: 8 };

export function payloadOf({ end, packets, ipBytes, proto, history, isV6 }: SentPackets): number {
  if (proto === "tcp" && !(end === "orig" ? /[DT]/ : /[dt]/).test(history)) return 0;
  return Math.max(0, ipBytes - packets * ((isV6 ? 40 : 20) + (headers[proto] ?? 0)));
}

/** Columns of conn.log that tell it. */
export function payloadColumns(end: "orig" | "resp"): readonly string[] {
  return [`${end}_pkts`, `${end}_ip_bytes`, "proto", "history", "id.orig_h"];
}
