import { formatDouble, formatIsoTime, formatJsonDouble, formatSeconds } from "../values/numbers.js";
import { escapeTsv, hexEscape, jsonString } from "./escape.js";
import { formatLogType, type LogColumn, type LogType, type LogValue, type ScalarType } from "./types.js";

/** Zeek's ASCII writer options that change TSV (`LogAscii::*`, filter `$config`). */
export interface TsvStyle {
  readonly separator: string;
  readonly setSeparator: string;
  readonly emptyField: string;
  readonly unsetField: string;
}

export const DEFAULT_TSV: TsvStyle = {
  separator: "\t",
  setSeparator: ",",
  emptyField: "(empty)",
  unsetField: "-",
};

export type JsonTimestamps = "epoch" | "millis" | "iso8601";

const wholeNumber = (value: LogValue): string => (typeof value === "bigint" ? `${value}` : String(value));

function scalarTsv(value: LogValue, type: ScalarType, style: TsvStyle, sequences: readonly string[]): string {
  if (value === undefined) return style.unsetField;
  if (typeof value === "boolean") return value ? "T" : "F";
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "number") {
    if (type === "time" || type === "interval") return formatSeconds(value);
    return type === "double" ? formatDouble(value) : wholeNumber(value);
  }
  if (typeof value !== "string") return "";
  if (value === "") return style.emptyField;
  if (type === "addr" || type === "subnet") return value;
  if (value === style.unsetField || value === style.emptyField) {
    return hexEscape(value.charCodeAt(0)) + escapeTsv(value.slice(1), sequences);
  }
  return escapeTsv(value, sequences);
}

/** One field of a TSV row. */
export function formatTsvField(value: LogValue, type: LogType, style: TsvStyle = DEFAULT_TSV): string {
  if (type.kind !== "set" && type.kind !== "vector") {
    return scalarTsv(value, type.kind, style, [style.separator]);
  }
  if (value === undefined) return style.unsetField;
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) return style.emptyField;
  const sequences = [style.separator, style.setSeparator];
  return items.map((item: LogValue) => scalarTsv(item, type.of, style, sequences)).join(style.setSeparator);
}

/**
 * A row of a TSV log exactly as Zeek writes it, without the newline (a byte string).
 * `values` stand in the order of `columns`; a missing one is unset.
 */
export function formatTsvRow(
  columns: readonly LogColumn[],
  values: readonly LogValue[],
  style: TsvStyle = DEFAULT_TSV,
): string {
  let row = "";
  for (const [i, column] of columns.entries()) {
    if (i > 0) row += style.separator;
    row += formatTsvField(values[i], column.type, style);
  }
  // A first value that looks like a header line would end the log for a reader.
  return row.startsWith("#") ? hexEscape(0x23) + row.slice(1) : row;
}

/** The lines above the rows, each ended by a newline. `open` is the text after `#open`. */
export function formatTsvHeader(
  path: string,
  columns: readonly LogColumn[],
  open: string,
  style: TsvStyle = DEFAULT_TSV,
): string {
  const s = style.separator;
  const separator = [...s].map((c) => hexEscape(c.charCodeAt(0))).join("");
  return [
    `#separator ${separator}`,
    `#set_separator${s}${style.setSeparator}`,
    `#empty_field${s}${style.emptyField}`,
    `#unset_field${s}${style.unsetField}`,
    `#path${s}${path}`,
    `#open${s}${open}`,
    ["#fields", ...columns.map((c) => c.name)].join(s),
    ["#types", ...columns.map((c) => formatLogType(c.type))].join(s),
    "",
  ].join("\n");
}

/** The last line of a closed log, with its newline. */
export function formatTsvFooter(close: string, style: TsvStyle = DEFAULT_TSV): string {
  return `#close${style.separator}${close}\n`;
}

function jsonTime(value: number, timestamps: JsonTimestamps): string {
  if (timestamps === "iso8601") return jsonString(formatIsoTime(value));
  return timestamps === "millis" ? String(Math.trunc(value * 1000)) : formatJsonDouble(value);
}

function scalarJson(value: LogValue, type: ScalarType, timestamps: JsonTimestamps): string {
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "string") return jsonString(value);
  if (typeof value !== "number") return "null";
  if (type === "time") return jsonTime(value, timestamps);
  return type === "double" || type === "interval" ? formatJsonDouble(value) : wholeNumber(value);
}

/** A row of a JSON log exactly as Zeek writes it, without the newline; unset columns are left out. */
export function formatJsonRow(
  columns: readonly LogColumn[],
  values: readonly LogValue[],
  timestamps: JsonTimestamps = "epoch",
): string {
  const members: string[] = [];
  for (const [i, { name, type }] of columns.entries()) {
    const value = values[i];
    if (value === undefined) continue;
    const isContainer = type.kind === "set" || type.kind === "vector";
    const text = isContainer
      ? `[${(Array.isArray(value) ? value : [value]).map((v: LogValue) => scalarJson(v, type.of, timestamps)).join(",")}]`
      : scalarJson(value, type.kind, timestamps);
    members.push(`${jsonString(name)}:${text}`);
  }
  return `{${members.join(",")}}`;
}
