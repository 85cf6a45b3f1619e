import { md5, sha1 } from "@noble/hashes/legacy";
import { bytesToHex } from "@noble/hashes/utils";
import type { ZeekType, ZeekValue } from "../../model/expression.js";
import { parseAddress } from "../../zeek/values/address.js";
import { formatIntervalText, formatJsonDouble } from "../../zeek/values/numbers.js";
import { formatPort, portNumber, portTransport } from "../../zeek/values/port.js";
import type { Evaluate } from "./evaluate.js";
import { compilePattern } from "./pattern.js";

/** One argument of a call: its type, and its value a row; of a pattern its source. */
export interface Argument<Row> {
  readonly type: ZeekType;
  readonly source: string | undefined;
  readonly value: Evaluate<Row>;
}

/** A call of one of Zeek's functions that expressions use. */
export function evaluateCall<Row>(name: string, args: readonly Argument<Row>[]): Evaluate<Row> {
  const nothing: Evaluate<Row> = () => "";
  const first = args[0]?.value ?? nothing;
  const second = args[1]?.value ?? nothing;
  const third = args[2]?.value ?? nothing;
  switch (name) {
    case "cat": {
      const parts = args.map(({ type, value }) => {
        const print = printer(type);
        return (row: Row) => print(value(row));
      });
      return (row) => {
        let joined = "";
        for (const part of parts) joined += part(row);
        return joined;
      };
    }
    case "fmt":
      return (row) => printFixed(text(first(row)), number(second(row)));
    case "is_v4_addr":
      return (row) => parseAddress(text(first(row)))?.isV4 === true;
    case "is_v6_addr":
      return (row) => parseAddress(text(first(row)))?.isV4 === false;
    case "port_to_count":
      return (row) => portNumber(number(first(row)));
    case "get_port_transport_proto":
      return (row) => {
        const transport = portTransport(number(first(row)));
        return transport === "unknown" ? "unknown_transport" : transport;
      };
    case "is_tcp_port":
      return (row) => portTransport(number(first(row))) === "tcp";
    case "is_udp_port":
      return (row) => portTransport(number(first(row))) === "udp";
    case "is_icmp_port":
      return (row) => portTransport(number(first(row))) === "icmp";
    case "to_lower":
      return (row) => text(first(row)).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    case "to_upper":
      return (row) => text(first(row)).replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    case "is_ascii":
      return (row) => /^[\0-\x7f]*$/.test(text(first(row)));
    case "strip":
      return (row) =>
        text(first(row))
          .replace(/^[ \t\n\v\f\r]+/, "")
          .replace(/[ \t\n\v\f\r]+$/, "");
    case "starts_with":
      return (row) => text(first(row)).startsWith(text(second(row)));
    case "ends_with":
      return (row) => text(first(row)).endsWith(text(second(row)));
    case "find_str":
      return (row) => text(first(row)).indexOf(text(second(row)));
    case "sub_bytes":
      return (row) => {
        const from = Math.max(number(second(row)) - 1, 0);
        return text(first(row)).slice(from, from + Math.max(number(third(row)), 0));
      };
    case "lstrip":
      return (row) => cutBlanks(text(first(row)), text(second(row)), "start");
    case "rstrip":
      return (row) => cutBlanks(text(first(row)), text(second(row)), "end");
    case "sub":
    case "gsub": {
      const { source = "" } = args[1] ?? {};
      const replace =
        name === "gsub" ? (oneByte(source) ?? eachMatch(source, true)) : eachMatch(source, false);
      return (row) => replace(text(first(row)), text(third(row)));
    }
    case "floor":
      return (row) => Math.floor(number(first(row)));
    case "ceil":
      return (row) => Math.ceil(number(first(row)));
    case "double_to_int":
      return (row) => roundHalfEven(number(first(row))) + 0;
    case "interval_to_double":
    case "time_to_double":
      return first;
    case "find_entropy":
      return (row) => entropy(text(first(row)));
    case "last_labels":
      return (row) => lastLabels(text(first(row)), number(second(row)));
    case "without_last_labels":
      return (row) => withoutLastLabels(text(first(row)), number(second(row)));
    case "any_in":
    case "any_is": {
      const matcher = compilePattern(args[1]?.source ?? "");
      if (matcher === undefined) throw new Error(`bug in zopf: Zeek has no pattern ${args[1]?.source ?? ""}`);
      const fits = name === "any_in" ? matcher.within : matcher.whole;
      return (row) => elements(first(row)).some((one) => fits(text(one)));
    }
    case "any_equal":
      return (row) => elements(first(row)).includes(second(row));
    case "md5_hash":
      return (row) => bytesToHex(md5(bytesOf(text(first(row)))));
    case "sha1_hash":
      return (row) => bytesToHex(sha1(bytesOf(text(first(row)))));
    default:
      throw new Error(`bug in zopf: the replay has no function ${name}`);
  }
}

function number(value: ZeekValue): number {
  return typeof value === "number" ? value : Number.NaN;
}

function elements(value: ZeekValue): readonly ZeekValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: ZeekValue): string {
  return typeof value === "string" ? value : "";
}

/** Bits a byte, summed in the order of the bytes' values. */
function entropy(bytes: string): number {
  const counts = new Uint32Array(256);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  let sum = 0;
  for (const count of counts) if (count > 0) sum += (count / bytes.length) * Math.log2(bytes.length / count);
  return sum;
}

function lastLabels(name: string, labels: number): string {
  const parts = name.split(".");
  return parts.length <= labels ? name : parts.slice(-labels).join(".");
}

function withoutLastLabels(name: string, labels: number): string {
  const parts = name.split(".");
  return parts.length <= labels ? "" : parts.slice(0, -labels).join(".");
}

/** A string of the replay's, one UTF-16 unit a byte, as bytes. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

type Replace = (subject: string, replacement: string) => string;

/** The same for a pattern of one class of bytes, which the length of a text is made with; else null. */
function oneByte(source: string): Replace | null {
  if (!/^\[[^\]]*\]$/.test(source)) return null;
  const matcher = compilePattern(source);
  const found = new Set<string>();
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    if (matcher?.whole(character) === true) found.add(character);
  }
  return (subject, replacement) => {
    let made = "";
    for (const byte of subject) made += found.has(byte) ? replacement : byte;
    return made;
  };
}

/** `sub` and `gsub`: from left to right, the longest match at each place, never inside of another one. */
function eachMatch(source: string, all: boolean): Replace {
  const matcher = compilePattern(source);
  return (subject, replacement) => {
    let made = "";
    let at = 0;
    while (at < subject.length) {
      const length = matcher?.prefix(subject, at) ?? 0;
      made += length > 0 ? replacement : (subject[at] ?? "");
      at += Math.max(length, 1);
      if (length > 0 && !all) return made + subject.slice(at);
    }
    return made;
  };
}

function cutBlanks(subject: string, blanks: string, side: "start" | "end"): string {
  let [from, to] = [0, subject.length];
  if (side === "start") while (from < to && blanks.includes(subject[from] ?? "")) from++;
  else while (to > from && blanks.includes(subject[to - 1] ?? "")) to--;
  return subject.slice(from, to);
}

/** C's rint: a half goes to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** `fmt("%.Nf", x)`: C rounds an exact half to even, JavaScript away from zero. */
function printFixed(format: string, value: number): string {
  const digits = Number(/^%\.(\d+)f$/.exec(format)?.[1] ?? Number.NaN);
  if (Number.isNaN(digits)) throw new Error(`bug in zopf: the replay has no format ${format}`);
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const scaled = magnitude * 2 ** (digits + 1);
  const exactHalf = Number.isInteger(scaled) && !Number.isInteger(magnitude * 2 ** digits);
  let printed = magnitude.toFixed(digits);
  if (exactHalf) {
    const lower = (magnitude - 10 ** -(digits + 1)).toFixed(digits);
    const even = (digit: string): boolean => Number(digit.at(-1)) % 2 === 0;
    if (even(lower)) printed = lower;
  }
  return negative ? `-${printed}` : printed;
}

/** How `%s` and `cat` print a value of the type. */
function printer(type: ZeekType): (value: ZeekValue) => string {
  switch (type.kind) {
    case "bool":
      return (value) => (value === true ? "T" : "F");
    case "count":
    case "int":
      return (value) => (Object.is(value, -0) ? "0" : String(value));
    case "double":
    case "time":
      return (value) => formatJsonDouble(number(value));
    case "interval":
      return (value) => formatIntervalText(number(value));
    case "port":
      return (value) => formatPort(number(value));
    default:
      return (value) => String(value);
  }
}
