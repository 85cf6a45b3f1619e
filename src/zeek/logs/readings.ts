import { isPlainV4, plainSeconds, shortDigits, tsvDecoder } from "./decode.js";
import { asName, type Decoder, INVALID } from "./intern.js";
import type { LogType, LogValue } from "./types.js";
import type { TsvStyle } from "./write.js";

/** A column to read: where it stands in the line, and where its value goes. */
export interface Target {
  readonly field: number;
  readonly target: number;
}

/** Some columns of a TSV log, read together. `ends` holds the end of each field of the line at `begin`. */
export interface Readings {
  /** Decodes all; false at the first that is no value of its type. */
  read(buffer: Buffer, begin: number, ends: Int32Array, values: LogValue[]): boolean;
  /** Decodes all; what is no value is unset. */
  readAll(buffer: Buffer, begin: number, ends: Int32Array, values: LogValue[]): void;
  /** Whether all are values of their types. */
  check(buffer: Buffer, begin: number, ends: Int32Array): boolean;
}

// What most fields look like is read here, by a switch and not through a decoder of its own for each column:
// of millions of rows the calls cost more than the bytes.
const OTHER = 0;
const SECONDS = 1;
const DIGITS = 2;
const PORT = 3;
const TEXT = 4;
const ADDRESS = 5;

function wayOf({ kind }: LogType): number {
  switch (kind) {
    case "time":
    case "interval":
      return SECONDS;
    case "count":
    case "int":
      return DIGITS;
    case "port":
      return PORT;
    case "string":
    case "enum":
      return TEXT;
    case "addr":
      return ADDRESS;
    default:
      return OTHER;
  }
}

/** Texts of up to three bytes (states, protocols), by their bytes and their length in one number. */
const SHORT = 3;
const SHORT_SLOTS = 1 << 10;

export function createReadings(
  targets: readonly Target[],
  typeOf: (field: number) => LogType,
  style: TsvStyle,
): Readings {
  const size = targets.length;
  const fields = Int32Array.from(targets, ({ field }) => field);
  const places = Int32Array.from(targets, ({ target }) => target);
  const ways = Uint8Array.from(targets, ({ field }) => wayOf(typeOf(field)));
  const decoders: readonly Decoder[] = targets.map(({ field }) => tsvDecoder(typeOf(field), style));
  const gap = style.separator.length;
  const unset = style.unsetField.length === 1 ? style.unsetField.charCodeAt(0) : -1;
  // A marker of digits alone is read the slow way.
  const plain = [style.unsetField, style.emptyField].every((marker) => /[^0-9.]/.test(marker));
  // Neither an escape nor the start of a marker may be in a text that is taken as it stands.
  const isOrdinary = new Uint8Array(256).fill(0);
  for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789^")
    if (!style.emptyField.includes(letter) || style.emptyField.length > SHORT)
      if (!style.unsetField.includes(letter)) isOrdinary[letter.charCodeAt(0)] = 1;
  const shortKeys = new Int32Array(SHORT_SLOTS);
  const shortTexts: string[] = new Array<string>(SHORT_SLOTS).fill("");

  const shortText = (buffer: Buffer, start: number, end: number): string | undefined => {
    let key = end - start;
    for (let i = start; i < end; i++) {
      const c = buffer[i] ?? 0;
      if (isOrdinary[c] !== 1) return undefined;
      key = (key << 8) | c;
    }
    const slot = (Math.imul(key, 0x9e3779b1) >>> 22) & (SHORT_SLOTS - 1);
    if (shortKeys[slot] === key) return shortTexts[slot];
    const text = asName(buffer.toString("latin1", start, end));
    shortKeys[slot] = key;
    shortTexts[slot] = text;
    return text;
  };

  const other = (k: number, buffer: Buffer, start: number, end: number) => {
    const decode = decoders[k];
    return decode === undefined ? INVALID : decode(buffer, start, end);
  };

  const value = (k: number, buffer: Buffer, start: number, end: number) => {
    if (end - start === 1 && buffer[start] === unset) return undefined;
    switch (plain ? ways[k] : OTHER) {
      case SECONDS: {
        const seconds = plainSeconds(buffer, start, end);
        if (seconds >= 0) return seconds;
        break;
      }
      case DIGITS: {
        const digits = shortDigits(buffer, start, end);
        if (digits >= 0) return digits;
        break;
      }
      case PORT: {
        const digits = shortDigits(buffer, start, end);
        if (digits >= 0 && digits <= 65_535) return digits;
        break;
      }
      case TEXT: {
        if (end - start > SHORT || end === start) break;
        const text = shortText(buffer, start, end);
        if (text !== undefined) return text;
        break;
      }
    }
    return other(k, buffer, start, end);
  };

  return {
    read(buffer, begin, ends, values) {
      for (let k = 0; k < size; k++) {
        const field = fields[k] ?? 0;
        const start = field === 0 ? begin : (ends[field - 1] ?? 0) + gap;
        const decoded = value(k, buffer, start, ends[field] ?? 0);
        if (decoded === INVALID) return false;
        values[places[k] ?? 0] = decoded;
      }
      return true;
    },
    readAll(buffer, begin, ends, values) {
      for (let k = 0; k < size; k++) {
        const field = fields[k] ?? 0;
        const start = field === 0 ? begin : (ends[field - 1] ?? 0) + gap;
        const decoded = value(k, buffer, start, ends[field] ?? 0);
        values[places[k] ?? 0] = decoded === INVALID ? undefined : decoded;
      }
    },
    check(buffer, begin, ends) {
      for (let k = 0; k < size; k++) {
        const field = fields[k] ?? 0;
        const start = field === 0 ? begin : (ends[field - 1] ?? 0) + gap;
        const end = ends[field] ?? 0;
        const isAddress = ways[k] === ADDRESS && plain && isPlainV4(buffer, start, end);
        if (!isAddress && value(k, buffer, start, end) === INVALID) return false;
      }
      return true;
    },
  };
}
