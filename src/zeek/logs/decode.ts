import { canonicalAddress } from "../values/address.js";
import { parseIsoTime } from "../values/numbers.js";
import { parseSubnet } from "../values/subnet.js";
import { unescapeTsv } from "./escape.js";
import { type Decoded, type Decoder, INVALID, interned } from "./intern.js";
import type { LogType, LogValue, ScalarType } from "./types.js";
import type { TsvStyle } from "./write.js";

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const MICRO = 1_000_000;

const slice = (buffer: Buffer, start: number, end: number) => buffer.toString("latin1", start, end);

/** Digits only, at most 15 of them: the number; -1 for anything else. */
function shortDigits(buffer: Buffer, start: number, end: number): number {
  if (end <= start || end - start > 15) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = (buffer[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const WHOLE = /^[+-]?[0-9]{1,20}$/;

/** count and int. */
export const decodeWhole: Decoder = (buffer, start, end) => {
  const short = shortDigits(buffer, start, end);
  if (short >= 0) return short;
  const text = slice(buffer, start, end);
  if (!WHOLE.test(text)) return INVALID;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text.replace("+", ""));
};

const DECIMAL = /^[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?$/;

/** double and interval; `nan` and `inf` are written by Zeek, too. */
export const decodeDouble: Decoder = (buffer, start, end) => {
  const text = slice(buffer, start, end);
  if (DECIMAL.test(text)) return Number(text);
  if (text === "nan" || text === "-nan") return Number.NaN;
  if (text === "inf") return Number.POSITIVE_INFINITY;
  return text === "-inf" ? Number.NEGATIVE_INFINITY : INVALID;
};

/**
 * Seconds of a time in seconds, milli-, micro- or nanoseconds: each unit's times since 1973 are greater than all
 * of the unit before up to the year 5138.
 */
export function secondsOf(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return value;
  return value / (size < 1e14 ? 1e3 : size < 1e17 ? 1e6 : 1e9);
}

function decodeOtherTime(buffer: Buffer, start: number, end: number): Decoded {
  if (end - start > 40) return INVALID;
  const text = slice(buffer, start, end);
  if (!DECIMAL.test(text)) return parseIsoTime(text) ?? INVALID;
  return secondsOf(Number(text));
}

/** Times: epoch seconds with up to six decimals by hand, everything else (ISO 8601, smaller units) apart. */
export const decodeTime: Decoder = (buffer, start, end) => {
  let whole = 0;
  let i = start;
  while (i < end) {
    const digit = (buffer[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
    i++;
  }
  const decimals = end - i - 1;
  if (i === start || i - start > 10 || decimals > 6 || (decimals >= 0 && buffer[i] !== POINT)) {
    return decodeOtherTime(buffer, start, end);
  }
  let fraction = 0;
  for (let k = 0; k < 6; k++) {
    let digit = 0;
    if (k < decimals) {
      digit = (buffer[i + 1 + k] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return INVALID;
    }
    fraction = fraction * 10 + digit;
  }
  return (whole * MICRO + fraction) / MICRO;
};

/** Seconds with six decimals, as Zeek writes times and intervals; NaN for everything else. */
export function plainSeconds(buffer: Buffer, start: number, end: number): number {
  const point = end - 7;
  const length = point - start;
  if (length < 1 || length > 10 || buffer[point] !== POINT) return Number.NaN;
  let whole = 0;
  for (let i = start; i < end; i++) {
    if (i === point) continue;
    const digit = (buffer[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    whole = whole * 10 + digit;
  }
  return whole <= Number.MAX_SAFE_INTEGER ? whole / MICRO : Number.NaN;
}

const POWERS = Float64Array.from({ length: 16 }, (_, k) => 10 ** k);

/**
 * `0.25`: digits, a point, digits, at most 15 of them, without a needless 0 before them; NaN for everything
 * else. The quotient of two exact numbers is rounded once, as the text would be.
 */
export function plainDecimal(buffer: Buffer, start: number, end: number): number {
  let value = 0;
  let point = -1;
  if (end - start > 16) return Number.NaN;
  for (let i = start; i < end; i++) {
    const c = buffer[i] ?? 0;
    if (c === POINT && point < 0) point = i;
    else if (c >= ZERO && c <= ZERO + 9) value = value * 10 + c - ZERO;
    else return Number.NaN;
  }
  if (point <= start || point === end - 1) return Number.NaN;
  if (buffer[start] === ZERO && point > start + 1) return Number.NaN;
  return value / (POWERS[end - 1 - point] ?? Number.NaN);
}

/** Intervals: like times, but signed and without other spellings. */
const decodeInterval: Decoder = (buffer, start, end) => {
  const point = end - 7;
  if (point > start && buffer[point] === POINT && buffer[start] !== MINUS) {
    const whole = shortDigits(buffer, start, point);
    const fraction = shortDigits(buffer, point + 1, end);
    if (whole >= 0 && whole < 1e9 && fraction >= 0) return (whole * MICRO + fraction) / MICRO;
  }
  return decodeDouble(buffer, start, end);
};

/** A port: its number; `80/tcp` is read as 80. */
export const decodePort: Decoder = (buffer, start, end) => {
  let stop = end;
  for (let i = start; i < end; i++) {
    if (buffer[i] === 47) stop = i;
  }
  const number = shortDigits(buffer, start, stop);
  return number < 0 || number > 65_535 ? INVALID : number;
};

/** Zeek's `T` and `F`; 1 and 0, and JSON's words, are read, too. */
export const decodeBool: Decoder = (buffer, start, end) => {
  if (end - start !== 1) {
    if (end - start > 5) return INVALID;
    const word = slice(buffer, start, end).toLowerCase();
    return word === "true" ? true : word === "false" ? false : INVALID;
  }
  const c = buffer[start];
  return c === 84 || c === 49 ? true : c === 70 || c === 48 ? false : INVALID;
};

const decodeAddress: Decoder = (buffer, start, end) =>
  end - start > 64 ? INVALID : (canonicalAddress(slice(buffer, start, end)) ?? INVALID);

/** The 32 bits of a plainly written IPv4 address; -1 for every other text. */
function plainV4(buffer: Buffer, start: number, end: number): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let points = 0;
  for (let i = start; i < end; i++) {
    const digit = (buffer[i] ?? 0) - ZERO;
    if (digit >= 0 && digit <= 9) {
      part = part * 10 + digit;
      digits++;
      if (part > 255 || (digits > 1 && part < 10)) return -1;
    } else {
      if (digit !== POINT - ZERO || digits === 0) return -1;
      value = value * 256 + part;
      part = 0;
      digits = 0;
      points++;
    }
  }
  return points === 3 && digits > 0 ? value * 256 + part : -1;
}

const V4_SLOTS = 1 << 16;

/** Texts of IPv4 addresses by their 32 bits, through a small table of the last ones. */
export function createV4Texts(): (value: number, buffer: Buffer, start: number, end: number) => string {
  // Made at the first address: a reader may be made and never used.
  let keys = new Float64Array(0);
  let texts: string[] = [];
  return (value, buffer, start, end) => {
    if (keys.length === 0) {
      keys = new Float64Array(V4_SLOTS).fill(-1);
      texts = new Array<string>(V4_SLOTS).fill("");
    }
    const slot = (Math.imul(value, 0x9e3779b1) >>> 16) & (V4_SLOTS - 1);
    if (keys[slot] === value) return texts[slot] ?? "";
    const text = slice(buffer, start, end);
    keys[slot] = value;
    texts[slot] = text;
    return text;
  };
}

/** Addresses: IPv4 by its number, IPv6 by its bytes. */
export function addressDecoder(): Decoder {
  const textOf = createV4Texts();
  const other = interned(decodeAddress);
  return (buffer, start, end) => {
    const value = end - start > 15 ? -1 : plainV4(buffer, start, end);
    return value < 0 ? other(buffer, start, end) : textOf(value, buffer, start, end);
  };
}

const decodeSubnet: Decoder = (buffer, start, end) =>
  end - start > 64 ? INVALID : (parseSubnet(slice(buffer, start, end))?.text ?? INVALID);

/** A type that no header names: a number when it looks like one, else text. */
const decodeAny: Decoder = (buffer, start, end) => {
  const number = decodeWhole(buffer, start, end);
  return number === INVALID ? unescapeTsv(slice(buffer, start, end)) : number;
};

function scalarDecoder(type: ScalarType): Decoder {
  switch (type) {
    case "time":
      return decodeTime;
    case "interval":
      return decodeInterval;
    case "double":
      return decodeDouble;
    case "count":
    case "int":
      return decodeWhole;
    case "port":
      return decodePort;
    case "bool":
      return decodeBool;
    case "addr":
      return addressDecoder();
    case "subnet":
      return interned(decodeSubnet);
    case "any":
      return decodeAny;
    case "string":
    case "enum":
      return interned((buffer, start, end) => unescapeTsv(slice(buffer, start, end)));
    default:
      return type satisfies never;
  }
}

function isMarker(buffer: Buffer, start: number, end: number, marker: Buffer): boolean {
  if (end - start !== marker.length) return false;
  for (let i = 0; i < marker.length; i++) if (buffer[start + i] !== marker[i]) return false;
  return true;
}

function listDecoder(element: Decoder, style: TsvStyle): Decoder {
  const separator = Buffer.from(style.setSeparator, "latin1");
  const unset = Buffer.from(style.unsetField, "latin1");
  const empty = Buffer.from(style.emptyField, "latin1");
  return (buffer, start, end) => {
    const list: LogValue[] = [];
    let from = start;
    while (from <= end) {
      const found = separator.length === 0 ? -1 : buffer.indexOf(separator, from);
      const to = found < 0 || found > end - separator.length ? end : found;
      if (isMarker(buffer, from, to, unset)) list.push(undefined);
      else if (isMarker(buffer, from, to, empty)) list.push("");
      else {
        const value = element(buffer, from, to);
        if (value === INVALID) return INVALID;
        list.push(value);
      }
      from = to + Math.max(1, separator.length);
    }
    return list;
  };
}

/** Decoder of one TSV field, markers included. */
export function tsvDecoder(type: LogType, style: TsvStyle): Decoder {
  const isList = type.kind === "set" || type.kind === "vector";
  const decode = isList ? listDecoder(scalarDecoder(type.of), style) : scalarDecoder(type.kind);
  const unset = Buffer.from(style.unsetField, "latin1");
  const empty = Buffer.from(style.emptyField, "latin1");
  const emptyValue: Decoded = isList ? [] : type.kind === "string" || type.kind === "enum" ? "" : INVALID;
  const [unsetByte = -1] = unset;
  const [emptyByte = -1] = empty;
  return (buffer, start, end) => {
    const first = start < end ? buffer[start] : -1;
    if (first === unsetByte && isMarker(buffer, start, end, unset)) return undefined;
    if (first === emptyByte && isMarker(buffer, start, end, empty)) return emptyValue;
    return decode(buffer, start, end);
  };
}
