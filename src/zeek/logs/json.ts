import {
  addressDecoder,
  decodeBool,
  decodeDouble,
  decodePort,
  decodeTime,
  decodeWhole,
  plainDecimal,
} from "./decode.js";
import { unescapeJson } from "./escape.js";
import { type Decoded, type Decoder, INVALID, interned } from "./intern.js";
import type { LogType, LogValue, ScalarType } from "./types.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const DEEPEST = 64;

const isBlank = (c: number | undefined): boolean => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0a;

function skipBlanks(buffer: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && isBlank(buffer[i])) i++;
  return i;
}

/** Position behind the closing quote of the string that opens at `at`; -1 when it does not close. */
function endOfString(buffer: Buffer, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const c = buffer[i] ?? 0;
    if (c === QUOTE) return i + 1;
    if (c === BACKSLASH) i++;
    else if (c < 0x20) return -1;
  }
  return -1;
}

/** Position behind a value; -1 when there is none. Containers are only checked for balance. */
function endOfValue(buffer: Buffer, at: number, end: number): number {
  const first = buffer[at];
  if (first === QUOTE) return endOfString(buffer, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    let depth = 0;
    for (let i = at; i < end; i++) {
      const c = buffer[i];
      if (c === QUOTE) {
        const close = endOfString(buffer, i, end);
        if (close < 0) return -1;
        i = close - 1;
      } else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
      else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
        depth--;
        if (depth === 0) return i + 1;
      }
    }
    return -1;
  }
  let i = at;
  for (; i < end; i++) {
    const c = buffer[i];
    if (c === COMMA || c === CLOSE_BRACE || c === CLOSE_BRACKET || isBlank(c)) break;
  }
  return i === at ? -1 : i;
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** A number, true, false or null. */
const decodeBare: Decoder = (buffer, start, end) => {
  const decimal = plainDecimal(buffer, start, end);
  if (decimal >= 0) return decimal;
  const whole = decodeWhole(buffer, start, end);
  if (whole !== INVALID) return whole;
  const text = buffer.toString("latin1", start, Math.min(end, start + 400));
  if (text === "null") return undefined;
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) ? Number(text) : INVALID;
};

const decodeText: Decoder = (buffer, start, end) =>
  unescapeJson(buffer.toString("latin1", start, end)) ?? INVALID;

function decodeArray(buffer: Buffer, start: number, end: number, element: Decoder): Decoded {
  const list: LogValue[] = [];
  let i = skipBlanks(buffer, start + 1, end);
  if (buffer[i] === CLOSE_BRACKET) return list;
  while (i < end) {
    const stop = endOfValue(buffer, i, end);
    if (stop < 0) return INVALID;
    const value = element(buffer, i, stop);
    if (value === INVALID) return INVALID;
    list.push(value);
    i = skipBlanks(buffer, stop, end);
    if (buffer[i] === CLOSE_BRACKET) return list;
    if (buffer[i] !== COMMA) return INVALID;
    i = skipBlanks(buffer, i + 1, end);
  }
  return INVALID;
}

const isNull = (buffer: Buffer, start: number, end: number): boolean =>
  end - start === 4 && buffer.toString("latin1", start, end) === "null";

function scalarFrom(type: ScalarType): { text: Decoder; bare: Decoder } {
  const refuse: Decoder = () => INVALID;
  // Shippers write numbers as text (`"1000"`).
  switch (type) {
    case "time":
      return { text: decodeTime, bare: decodeTime };
    case "interval":
    case "double":
      return { text: decodeDouble, bare: decodeDouble };
    case "count":
    case "int":
      return { text: decodeWhole, bare: decodeWhole };
    case "port":
      return { text: decodePort, bare: decodePort };
    case "addr":
      return { text: addressDecoder(), bare: refuse };
    case "bool":
      return { text: decodeBool, bare: decodeBool };
    case "subnet":
    case "string":
    case "enum":
    case "any":
      return { text: interned(decodeText), bare: decodeBare };
    default:
      return type satisfies never;
  }
}

/** Decoder of one JSON value (quotes included) for a column of the type. */
export function jsonDecoder(type: LogType, depth = 0): Decoder {
  const isList = type.kind === "set" || type.kind === "vector";
  const { text, bare } = scalarFrom(isList ? type.of : type.kind);
  let element: Decoder | undefined;
  return (buffer, start, end) => {
    const first = buffer[start];
    if (first === QUOTE) return text(buffer, start + 1, end - 1);
    if (first === OPEN_BRACKET) {
      if (depth >= DEEPEST) return INVALID;
      element ??= jsonDecoder(isList ? { kind: type.of } : { kind: "any" }, depth + 1);
      return decodeArray(buffer, start, end, element);
    }
    if (first === OPEN_BRACE || isNull(buffer, start, end)) return undefined;
    return bare(buffer, start, end);
  };
}

/** Told of each member: `keyStart`..`keyEnd` without quotes. False refuses the record. */
export type MemberVisitor = (
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
) => boolean;

/** Walks the members of the object in `start`..`end`; false when it is no JSON object. */
export function walkObject(buffer: Buffer, start: number, end: number, visit: MemberVisitor): boolean {
  let i = skipBlanks(buffer, start, end);
  if (buffer[i] !== OPEN_BRACE || i >= end) return false;
  i = skipBlanks(buffer, i + 1, end);
  if (i < end && buffer[i] === CLOSE_BRACE) return skipBlanks(buffer, i + 1, end) === end;
  for (;;) {
    if (i >= end || buffer[i] !== QUOTE) return false;
    const keyEnd = endOfString(buffer, i, end);
    if (keyEnd < 0) return false;
    let at = skipBlanks(buffer, keyEnd, end);
    if (at >= end || buffer[at] !== COLON) return false;
    at = skipBlanks(buffer, at + 1, end);
    const valueEnd = endOfValue(buffer, at, end);
    if (valueEnd < 0) return false;
    if (!visit(i + 1, keyEnd - 1, at, valueEnd)) return false;
    i = skipBlanks(buffer, valueEnd, end);
    if (i >= end) return false;
    if (buffer[i] === CLOSE_BRACE) return skipBlanks(buffer, i + 1, end) === end;
    if (buffer[i] !== COMMA) return false;
    i = skipBlanks(buffer, i + 1, end);
  }
}
