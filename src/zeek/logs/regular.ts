import { createV4Texts, tsvDecoder } from "./decode.js";
import { type Decoded, INVALID } from "./intern.js";
import type { LogRow } from "./rows.js";
import { createShortTexts } from "./short-texts.js";
import { type LogType, type LogValue, numberOf } from "./types.js";
import type { TsvStyle } from "./write.js";

/** A column of a TSV log: where it stands in the line, and where its value goes. */
export interface PlacedColumn {
  readonly field: number;
  readonly type: LogType;
  /** In `row.values`; -1: not there. */
  readonly place: number;
  /** In `row.numbers`; -1: not there. */
  readonly number: number;
  /** `row.values` gets it only at `rest`. */
  readonly later: boolean;
  /** It is the log's `ts`. */
  readonly isTime: boolean;
}

/**
 * Lines as Zeek writes nearly all of them: tabs, the usual markers, as many fields as the header names, no
 * value that is not of its type. One pass over the bytes cuts the line and decodes it. Every other line is left
 * to the general reader, which also knows what is wrong with it.
 */
export interface RegularLines {
  /**
   * Reads the line at `start`, which must end within the buffer: the position of its newline. -1: it is no
   * regular line, and what the row holds is of no use.
   */
  read(buffer: Buffer, start: number, row: LogRow): number;
  /** Decodes the columns put off, of the line read last. */
  rest(buffer: Buffer, row: LogRow): void;
}

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const MICRO = 1_000_000;
/** Whole seconds below have exact microseconds. */
const MOST_SECONDS = 9_007_199_254;
const MOST_DIGITS = 15;

// How a column is read. A switch and not a function for each: of millions of rows the calls cost more than the
// bytes.
const SECONDS = 0;
const DIGITS = 1;
const PORT = 2;
const ADDRESS = 3;
const TEXT = 4;
const OTHER = 5;

// What the line at hand has there.
const PLAIN = 0;
const UNSET = 1;
const ODD = 2;

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
    case "addr":
      return ADDRESS;
    case "string":
    case "enum":
      return TEXT;
    default:
      return OTHER;
  }
}

const refuse = (): Decoded => INVALID;

/**
 * Makes the reader of a log's regular lines; undefined where the log is written in a style of its own.
 *
 * @param columns in the order of their fields, each once
 * @param width fields of a line
 * @param size of `row.values`
 */
export function regularLines(
  columns: readonly PlacedColumn[],
  width: number,
  size: number,
  style: TsvStyle,
): RegularLines | undefined {
  if (style.separator !== "\t" || style.unsetField !== "-" || style.emptyField !== "(empty)")
    return undefined;
  const count = columns.length;
  const ways = Uint8Array.from(columns, ({ type }) => wayOf(type));
  const places = Int32Array.from(columns, ({ place }) => place);
  const numbers = Int32Array.from(columns, ({ number }) => number);
  const isLater = Uint8Array.from(columns, ({ later, place }) => (later || place < 0 ? 1 : 0));
  const time = columns.findIndex(({ isTime }) => isTime);
  /** Fields to pass over before each column, and behind the last. */
  const gaps = Int32Array.from(columns, ({ field }, k) => field - (columns[k - 1]?.field ?? -1) - 1);
  const behind = width - 1 - (columns[count - 1]?.field ?? -1);
  const decoders = columns.map(({ type }) => tsvDecoder(type, style));
  const v4Texts = columns.map(() => createV4Texts());
  const shortText = createShortTexts(style);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const found = new Uint8Array(count);
  /** Of plain values: the number, or an address's 32 bits. */
  const plain = new Float64Array(count);

  const decode = (k: number, buffer: Buffer): Decoded => {
    const start = starts[k] ?? 0;
    const end = ends[k] ?? 0;
    if (found[k] === UNSET) return undefined;
    if (found[k] === PLAIN) {
      const number = plain[k] ?? 0;
      return ways[k] === ADDRESS ? v4Texts[k]?.(number, buffer, start, end) : number;
    }
    const short = ways[k] === TEXT ? shortText(buffer, start, end) : undefined;
    return short ?? (decoders[k] ?? refuse)(buffer, start, end);
  };

  /** Puts a value where it belongs that is not yet there; false where it is none. */
  const put = (k: number, buffer: Buffer, row: LogRow): boolean => {
    if (k === time && found[k] !== PLAIN) return false;
    const value = decode(k, buffer);
    if (value === INVALID) return false;
    const number = numbers[k] ?? -1;
    if (number >= 0 && found[k] === ODD) row.numbers[number] = numberOf(value);
    if (isLater[k] === 0) row.values[places[k] ?? 0] = value;
    return true;
  };

  return {
    read(buffer, start, row) {
      if (buffer[start] === NEWLINE) return -1;
      if (row.values.length !== size) row.values = new Array<LogValue>(size).fill(undefined);
      let i = start;
      let c = 0;
      for (let k = 0; k < count; k++) {
        for (let gap = gaps[k] ?? 0; gap > 0; ) {
          c = buffer[i++] ?? 0;
          if (c > NEWLINE) continue;
          if (c !== TAB) return -1;
          gap--;
        }
        const from = i;
        const way = ways[k] ?? OTHER;
        let what = ODD;
        let number = Number.NaN;
        c = buffer[i] ?? 0;
        if (c === MINUS && (buffer[i + 1] ?? 0) <= NEWLINE) {
          what = UNSET;
          c = buffer[++i] ?? 0;
        } else
          switch (way) {
            case SECONDS: {
              let whole = 0;
              for (; c >= ZERO && c <= NINE; c = buffer[++i] ?? 0) whole = whole * 10 + c - ZERO;
              if (c !== POINT || i === from || i - from > 10 || whole >= MOST_SECONDS) break;
              const point = i;
              let fraction = 0;
              c = buffer[++i] ?? 0;
              for (; c >= ZERO && c <= NINE; c = buffer[++i] ?? 0) fraction = fraction * 10 + c - ZERO;
              if (c > NEWLINE || i - point !== 7) break;
              number = (whole * MICRO + fraction) / MICRO;
              what = PLAIN;
              break;
            }
            case DIGITS:
            case PORT: {
              let value = 0;
              for (; c >= ZERO && c <= NINE; c = buffer[++i] ?? 0) value = value * 10 + c - ZERO;
              if (c > NEWLINE || i === from || i - from > MOST_DIGITS) break;
              if (value > 65_535 && way === PORT) return -1;
              number = value;
              what = PLAIN;
              break;
            }
            case ADDRESS: {
              let bits = 0;
              let part = 0;
              let digits = 0;
              let points = 0;
              for (; ; c = buffer[++i] ?? 0) {
                if (c >= ZERO && c <= NINE) {
                  part = part * 10 + c - ZERO;
                  digits++;
                  if (part > 255 || (digits > 1 && part < 10)) break;
                } else {
                  if (digits === 0 || (c !== POINT && c > NEWLINE)) break;
                  bits = (bits << 8) | part;
                  if (c !== POINT) break;
                  part = 0;
                  digits = 0;
                  points++;
                }
              }
              if (points !== 3 || digits === 0 || c > NEWLINE) break;
              number = bits >>> 0;
              what = PLAIN;
              break;
            }
          }
        if (what === ODD) while (c > NEWLINE) c = buffer[++i] ?? 0;
        starts[k] = from;
        ends[k] = i;
        found[k] = what;
        plain[k] = number;
        const isLast = k === count - 1 && behind === 0;
        if (c !== (isLast ? NEWLINE : TAB) || (isLast && buffer[i - 1] === RETURN)) return -1;
        i++;
        const slot = numbers[k] ?? -1;
        if (slot >= 0) row.numbers[slot] = number;
        if (k === time) row.ts = number;
        // Most are done by now; text always is a value.
        const isPutOff =
          isLater[k] === 1 && (what === PLAIN || way === TEXT || (what === UNSET && k !== time));
        if (!isPutOff && !put(k, buffer, row)) return -1;
      }
      if (count > 0 && behind === 0) return i - 1;
      for (let gap = behind; gap > 0; ) {
        c = buffer[i++] ?? 0;
        if (c > NEWLINE) continue;
        gap--;
        if (c !== (gap === 0 ? NEWLINE : TAB)) return -1;
      }
      return i - 1;
    },
    rest(buffer, row) {
      for (let k = 0; k < count; k++) {
        const place = places[k] ?? -1;
        if (isLater[k] === 0 || place < 0) continue;
        const value = decode(k, buffer);
        row.values[place] = value === INVALID ? undefined : value;
      }
    },
  };
}
