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

const PORT_COLUMNS = /^(?:.*[._])?(?:orig|resp)_p$/;
/** Numbers of conn.log. */
const COUNT_COLUMNS = /^(?:(?:orig|resp)_(?:ip_)?(?:bytes|pkts)|missed_bytes)$/;
const BOOL_COLUMNS = /^local_(?:orig|resp)$/;

function kindByName(name: string): ScalarType {
  if (TIME_COLUMNS.test(name)) return "time";
  if (ADDRESS_COLUMNS.test(name)) return "addr";
  if (PORT_COLUMNS.test(name)) return "port";
  if (COUNT_COLUMNS.test(name)) return "count";
  if (name === "duration") return "interval";
  return BOOL_COLUMNS.test(name) ? "bool" : "any";
}

/**
 * Type of a column where the log names none (JSON, TSV without `#types`): by name where the text alone does
 * not tell (a port may be written "80" or "80/tcp", a count as text); everything else as it is spelled.
 */
export function typeByName(name: string): LogType {
  const kind = kindByName(name);
  return scalarTypes.get(kind) ?? { kind };
}

/**
 * A column's name with whatever separates its parts as `_`: Zeek's `Log::default_scope_sep` may be set to
 * anything, so that `id.orig_h` is written `id_orig_h` or `id:orig_h`.
 */
export const foldedName = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, "_");

/** The column of a log that holds `name`, as it is or with another separator of scopes; undefined: none. */
export function columnNamed(name: string, columns: ReadonlyMap<string, number>): number | undefined {
  const place = columns.get(name);
  if (place !== undefined || !name.includes(".")) return place;
  const folded = foldedName(name);
  for (const [written, at] of columns) if (foldedName(written) === folded) return at;
  return undefined;
}
