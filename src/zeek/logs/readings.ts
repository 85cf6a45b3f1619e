import { tsvDecoder } from "./decode.js";
import { type Decoder, INVALID } from "./intern.js";
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

export function createReadings(
  targets: readonly Target[],
  typeOf: (field: number) => LogType,
  style: TsvStyle,
): Readings {
  const decoders: readonly Decoder[] = targets.map(({ field }) => tsvDecoder(typeOf(field), style));
  const gap = style.separator.length;
  const value = (k: number, { field }: Target, buffer: Buffer, begin: number, ends: Int32Array) => {
    const start = field === 0 ? begin : (ends[field - 1] ?? 0) + gap;
    return decoders[k]?.(buffer, start, ends[field] ?? 0);
  };
  return {
    read(buffer, begin, ends, values) {
      for (const [k, target] of targets.entries()) {
        const decoded = value(k, target, buffer, begin, ends);
        if (decoded === INVALID) return false;
        values[target.target] = decoded;
      }
      return true;
    },
    readAll(buffer, begin, ends, values) {
      for (const [k, target] of targets.entries()) {
        const decoded = value(k, target, buffer, begin, ends);
        values[target.target] = decoded === INVALID ? undefined : decoded;
      }
    },
    check: (buffer, begin, ends) =>
      targets.every((target, k) => value(k, target, buffer, begin, ends) !== INVALID),
  };
}
