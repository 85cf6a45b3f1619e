/** Zeek's transport protocols in their order: ports compare by protocol first (docs/reference/zeek.md#values). */
const TRANSPORTS = ["unknown", "tcp", "udp", "icmp"] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * A port with its protocol as one small integer, ordered as Zeek orders ports
 * (unknown < tcp < udp < icmp, then by number), so `<` and `===` on it are Zeek's.
 */
export type Port = number;

const SPAN = 65_536;

/** The port of a `proto` column and a port column; other protocols count as `unknown`. */
export function makePort(proto: string | undefined, number: number): Port {
  const transport = proto === "tcp" ? 1 : proto === "udp" ? 2 : proto === "icmp" ? 3 : 0;
  return transport * SPAN + number;
}

/** `80/tcp`; undefined when the text is no port (an unknown protocol, above 65535). */
export function parsePort(text: string): Port | undefined {
  const match = /^([0-9]{1,5})\/(unknown|tcp|udp|icmp)$/.exec(text);
  const number = Number(match?.[1]);
  return match === null || number >= SPAN ? undefined : makePort(match[2], number);
}

/** The number alone: `port_to_count`. */
export function portNumber(port: Port): number {
  return port % SPAN;
}

/** `get_port_transport_proto`. */
export function portTransport(port: Port): Transport {
  return TRANSPORTS[Math.floor(port / SPAN)] ?? "unknown";
}

/** As Zeek's `%s` prints it: `80/tcp`. */
export function formatPort(port: Port): string {
  return `${portNumber(port)}/${portTransport(port)}`;
}
