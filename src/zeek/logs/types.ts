/**
 * Column types of Zeek logs, as the `#types` line names them.
 *
 * Text is bytes: a string value has one UTF-16 unit (0..255) for each byte, so that lengths, patterns
 * and what is written back are Zeek's. Convert to UTF-8 only at the edges.
 */
export type ScalarType =
  | "time"
  | "interval"
  | "addr"
  | "subnet"
  | "port"
  | "count"
  | "int"
  | "double"
  | "bool"
  | "string"
  | "enum"
  | "any";

export type LogType =
  | { readonly kind: ScalarType }
  | { readonly kind: "set" | "vector"; readonly of: ScalarType };

/**
 * A value of a row: time, interval and double in seconds or units (numbers), count and int (numbers,
 * bigints beyond 2^53), port (its number alone: logs hold the protocol in `proto`), addr and subnet
 * (canonical text), bool, string and enum (bytes). Undefined: unset, or no such column.
 */
export type LogValue = string | number | bigint | boolean | undefined | readonly LogValue[];

/** A value as a number; NaN: unset, or none. */
export const numberOf = (value: LogValue): number =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;

export interface LogColumn {
  readonly name: string;
  readonly type: LogType;
}

const SCALARS = new Map<string, ScalarType>([
  ["time", "time"],
  ["interval", "interval"],
  ["addr", "addr"],
  ["subnet", "subnet"],
  ["port", "port"],
  ["count", "count"],
  ["counter", "count"],
  ["int", "int"],
  ["double", "double"],
  ["bool", "bool"],
  ["string", "string"],
  ["enum", "enum"],
  ["any", "any"],
]);

const scalarTypes = new Map<ScalarType, LogType>([...SCALARS.values()].map((kind) => [kind, { kind }]));

/** A type of the `#types` line; a type unknown to zopf (pattern, func, a later Zeek's) reads as string. */
export function parseLogType(text: string): LogType {
  const container = /^(set|table|vector)\[(.*)\]$/.exec(text);
  if (container !== null) {
    const of = SCALARS.get(container[2] ?? "") ?? "string";
    return { kind: container[1] === "vector" ? "vector" : "set", of };
  }
  return scalarTypes.get(SCALARS.get(text) ?? "string") ?? { kind: "string" };
}

export function formatLogType(type: LogType): string {
  return type.kind === "set" || type.kind === "vector" ? `${type.kind}[${type.of}]` : type.kind;
}

const TIME_COLUMNS = /^(?:ts|_write_ts|.*\.not_valid_(?:before|after)|.*_time|.*\.ts)$/;
const ADDRESS_COLUMNS =
  /^(?:(?:.*[._])?(?:orig|resp|client|server|assigned|requested|bound)_(?:h|addr)|src|dst|host_addr|local_ip)$/;

/**
 * Type of a column where the log names none (JSON, TSV without `#types`): times and addresses by name,
 * since both need more than their text says; everything else as it is spelled.
 */
export function typeByName(name: string): LogType {
  const kind: ScalarType = TIME_COLUMNS.test(name) ? "time" : ADDRESS_COLUMNS.test(name) ? "addr" : "any";
  return scalarTypes.get(kind) ?? { kind };
}
