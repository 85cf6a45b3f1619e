import { canonicalAddress } from "../zeek/values/address.js";
import { parsePort } from "../zeek/values/port.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import type { Duration } from "./duration.js";
import type { PortText } from "./network.js";
import type { Addr, Interval, Port, Subnet, Time, TransportProto } from "./zeek-types.js";
import { type Marked, onlyInZeek, ZEEK, type ZeekMark } from "./zeek-values.js";

/** A constant of Zeek's that a bundle can keep in a variable, an array or a Set. */
interface Constant extends Marked {
  toString(): string;
  valueOf(): string | number;
}

function constant(type: "addr" | "subnet" | "port" | "interval", value: string | number): Constant {
  const mark: ZeekMark = { kind: "constant", type, value };
  return { [ZEEK]: mark, toString: () => String(value), valueOf: () => value };
}

/** Marks a function as one of Zeek's. */
function zeek<F extends (...values: never[]) => unknown>(name: string, call: F): F {
  const mark: ZeekMark = { kind: "function", name };
  return Object.assign(call, { [ZEEK]: mark });
}

/** An address constant: `addr("2001:db8::1")`. Throws on text that is no address. */
export const addr = zeek("addr", (text: string): Addr => {
  const canonical = canonicalAddress(text);
  if (canonical === undefined) throw new Error(`addr(${JSON.stringify(text)}): not an IPv4 or IPv6 address`);
  return constant("addr", canonical);
});

/** A network constant: `subnet("10.0.0.0/8")`. Throws on text that is no prefix. */
export const subnet = zeek("subnet", (text: string): Subnet => {
  const parsed = parseSubnet(text);
  if (parsed === undefined)
    throw new Error(`subnet(${JSON.stringify(text)}): not a prefix such as "10.0.0.0/8"`);
  return { ...constant("subnet", parsed.text), has: () => onlyInZeek("subnet(...).has") };
});

/** A port constant: `port("22/tcp")`. Throws on text that is no port. */
export const port = zeek("port", (text: PortText): Port => {
  if (parsePort(text) === undefined)
    throw new Error(`port(${JSON.stringify(text)}): not a port such as "22/tcp"`);
  return constant("port", text.replace(/^0+(?=\d)/, ""));
});

/** A length of time: `duration("5 min")`. Throws on text that is none. */
export const duration = zeek("duration", (text: Duration): Interval => {
  const seconds = durationSeconds(text);
  if (seconds === undefined) {
    throw new Error(`duration(${JSON.stringify(text)}): not a length of time such as "5 min" or "90 sec"`);
  }
  return constant("interval", seconds);
});

const unitSeconds: Readonly<Record<string, number>> = {
  usec: 0.000001,
  msec: 0.001,
  sec: 1,
  min: 60,
  hr: 3600,
  day: 86_400,
};

/** Seconds of `"5 min"`; undefined for text that is no length of time. */
function durationSeconds(text: string): number | undefined {
  const match = /^(-?(?:\d+\.?\d*|\.\d+)) *(usec|msec|sec|min|hr|day)s?$/.exec(text);
  const unit = unitSeconds[match?.[2] ?? ""];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** Whether it is an IPv4 address. */
export const is_v4_addr = zeek("is_v4_addr", (_address: Addr): boolean => onlyInZeek("is_v4_addr"));
/** Whether it is an IPv6 address. */
export const is_v6_addr = zeek("is_v6_addr", (_address: Addr): boolean => onlyInZeek("is_v6_addr"));
/** The prefix of an address: `subnet_of(c.id.orig_h, 24, 64)` is its /24, or its /64 for IPv6. */
export const subnet_of = zeek(
  "subnet_of",
  (_address: Addr, _v4Width: number, _v6Width: number): Subnet => onlyInZeek("subnet_of"),
);
/** The number of a port. */
export const port_to_count = zeek("port_to_count", (_port: Port): number => onlyInZeek("port_to_count"));
/** The transport protocol of a port. */
export const get_port_transport_proto = zeek(
  "get_port_transport_proto",
  (_port: Port): TransportProto => onlyInZeek("get_port_transport_proto"),
);
/** Whether it is a TCP port. */
export const is_tcp_port = zeek("is_tcp_port", (_port: Port): boolean => onlyInZeek("is_tcp_port"));
/** Whether it is a UDP port. */
export const is_udp_port = zeek("is_udp_port", (_port: Port): boolean => onlyInZeek("is_udp_port"));
/** Whether it is an ICMP "port". */
export const is_icmp_port = zeek("is_icmp_port", (_port: Port): boolean => onlyInZeek("is_icmp_port"));
/** Lower case of the ASCII letters; all else stays. */
export const to_lower = zeek("to_lower", (_text: string): string => onlyInZeek("to_lower"));
/** Upper case of the ASCII letters; all else stays. */
export const to_upper = zeek("to_upper", (_text: string): string => onlyInZeek("to_upper"));
/** Whether all bytes are ASCII. */
export const is_ascii = zeek("is_ascii", (_text: string): boolean => onlyInZeek("is_ascii"));
/** Bytes of a text (`length` counts UTF-16 units). */
export const byte_length = zeek("byte_length", (_text: string): number => onlyInZeek("byte_length"));
/** MD5 in hex. */
export const md5_hash = zeek("md5_hash", (_text: string): string => onlyInZeek("md5_hash"));
/** SHA-1 in hex. */
export const sha1_hash = zeek("sha1_hash", (_text: string): string => onlyInZeek("sha1_hash"));
/** Seconds of a length of time. */
export const interval_to_double = zeek("interval_to_double", (_interval: Interval): number =>
  onlyInZeek("interval_to_double"),
);
/** Seconds since the epoch. */
export const time_to_double = zeek("time_to_double", (_time: Time): number => onlyInZeek("time_to_double"));
/** Network time: the time of the packet in hand. */
export const network_time = zeek("network_time", (): Time => onlyInZeek("network_time"));
/**
 * Shannon entropy of the bytes of a text, in bits a byte, to six digits: 0 for one letter again and again, 8 at
 * most. Zeek: `find_entropy`.
 */
export const entropy = zeek("entropy", (_text: string): number => onlyInZeek("entropy"));
/** The path of a URI: what stands before the first `?`. */
export const uri_path = zeek("uri_path", (_uri: string): string => onlyInZeek("uri_path"));
/** The last labels of a domain name: `last_labels("a.b.example.com", 2)` is `example.com`. */
export const last_labels = zeek("last_labels", (_name: string, _labels: number): string =>
  onlyInZeek("last_labels"),
);
/** What stands before them: `without_last_labels("a.b.example.com", 2)` is `a.b`. */
export const without_last_labels = zeek("without_last_labels", (_name: string, _labels: number): string =>
  onlyInZeek("without_last_labels"),
);
