import { duckdb } from "../targets/sql/dialect.js";
import { type LogColumn, type LogType, type ScalarType, typeByName } from "../zeek/logs/types.js";
import type { Beginning } from "./look.js";
import { knownColumns, naturallyWritten, storedType, timestampOf } from "./schema.js";

/** Columns of an archive beside the log's own. */
export const ownColumns = {
  /** When Zeek wrote the row, in seconds of the epoch: what the replay of its file would say. */
  written: "_written",
  /** The file, and the line of the record in it (where records before it could not be read, a smaller one). */
  file: "_file",
  line: "_line",
} as const;

const { identifier, text } = duckdb;

/** What a file is read as. */
export interface FileSelect {
  /** All records with their own columns typed, and `ownColumns`. Bad ones are not among them. */
  readonly sql: string;
  /** Of each of the log's columns. */
  readonly types: ReadonlyMap<string, LogType>;
  /** The table in which DuckDB notes the lines of TSV that are no records; null: JSON. */
  readonly rejects: string | null;
}

interface Source {
  readonly file: string;
  /** As the archive calls it. */
  readonly name: string;
  readonly log: string;
  readonly beginning: Beginning;
  /** Tells the tables of notes apart. */
  readonly number: number;
  /** Columns of JSON, as DuckDB has found them. */
  readonly found: readonly string[];
}

export function selectOf(source: Source): FileSelect {
  const { form } = source.beginning;
  return form.kind === "tsv" ? selectTsv(source, form) : selectJson(source);
}

/** The reader of JSON has another word for it than that of TSV. */
const jsonCompression = ({ compression }: Beginning): string =>
  compression === "none" ? "uncompressed" : compression;

/** DuckDB's name of a JSON log's reader, for all its columns. */
export function describeJson(file: string, beginning: Beginning): string {
  const options = `format = 'newline_delimited', ignore_errors = true, sample_size = -1, compression = '${jsonCompression(beginning)}'`;
  return `DESCRIBE SELECT * FROM read_json(${text(file)}, ${options})`;
}

function selectTsv(source: Source, form: Beginning["form"] & { readonly kind: "tsv" }): FileSelect {
  const { style } = form;
  const rejects = `zopf_rejects_${source.number}`;
  const names = new Set<string>();
  const columns = form.columns.map(({ name, type }, i): LogColumn & { readonly read: string } => {
    const isTwice = names.has(name);
    names.add(name);
    return { name, type, read: isTwice ? `${name} ${i}` : name };
  });
  const types = new Map(
    columns.filter(({ name, read }) => name === read).map(({ name, type }) => [name, type]),
  );
  const spelled = columns.map(({ read, type }) => `${text(read)}: '${csvType(type)}'`);
  const reader =
    `read_csv(${text(source.file)}, auto_detect = false, header = false, skip = ${form.lines}, delim = ${text(style.separator)}, ` +
    `quote = '', escape = '', nullstr = ${text(style.unsetField)}, columns = {${spelled.join(", ")}}, compression = '${source.beginning.compression}', ` +
    `max_line_size = 4194304, store_rejects = true, rejects_table = '${rejects}', rejects_scan = '${rejects}_scan')`;
  const values = [...types].map(
    ([name, type]) => `${tsvValue(identifier(name), type, style)} AS ${identifier(name)}`,
  );
  return { sql: wrapped(source, types, values, reader, null), types, rejects };
}

function csvType(type: LogType): string {
  if (type.kind === "set" || type.kind === "vector") return "VARCHAR";
  return type.kind === "time" ? "DOUBLE" : storedType(type);
}

function tsvValue(
  sql: string,
  type: LogType,
  style: { readonly setSeparator: string; readonly emptyField: string; readonly unsetField: string },
): string {
  const empty = text(style.emptyField);
  if (type.kind !== "set" && type.kind !== "vector") {
    if (type.kind === "time") return timestampOf(sql);
    // Of the others none is ever empty.
    const mayBeEmpty = type.kind === "string" || type.kind === "any";
    return mayBeEmpty ? `CASE WHEN ${sql} = ${empty} THEN '' ELSE ${sql} END` : sql;
  }
  const item = listItem("x", type.of, text(style.unsetField), empty);
  const list = `list_transform(string_split(${sql}, ${text(style.setSeparator)}), lambda x: ${item})`;
  return `CASE WHEN ${sql} = ${empty} THEN CAST([] AS ${storedType(type)}) ELSE ${list} END`;
}

function listItem(sql: string, of: ScalarType, unset: string, empty: string): string {
  const value = `nullif(${sql}, ${unset})`;
  if (of === "time") return timestampOf(`TRY_CAST(${value} AS DOUBLE)`);
  const stored = storedType({ kind: of });
  return stored === "VARCHAR"
    ? `CASE WHEN ${sql} = ${empty} THEN '' ELSE ${value} END`
    : `TRY_CAST(${value} AS ${stored})`;
}

function selectJson(source: Source): FileSelect {
  const known = knownColumns(source.log);
  const types = new Map(known);
  const found = source.found.filter((name) => name !== "_path" && name !== "_write_ts");
  for (const name of found) if (!types.has(name)) types.set(name, byName(name));
  if (!types.has("ts")) types.set("ts", { kind: "time" });
  const hasPath = source.found.includes("_path");
  const read = [...types].map(([name, type]) => `${text(name)}: '${jsonType(type)}'`);
  if (hasPath) read.push("'_path': 'VARCHAR'");
  const reader =
    `read_json(${text(source.file)}, format = 'newline_delimited', ignore_errors = true, columns = {${read.join(", ")}}, ` +
    `compression = '${jsonCompression(source.beginning)}', maximum_object_size = 4194304)`;
  const values = [...types].map(
    ([name, type]) => `${jsonValue(identifier(name), type)} AS ${identifier(name)}`,
  );
  const other = hasPath ? `_path IS NULL OR _path = ${text(source.log)}` : null;
  return { sql: wrapped(source, types, values, reader, other), types, rejects: null };
}

/** What a column is that Zeek's scripts do not declare: by its name, or text. */
function byName(name: string): LogType {
  const type = typeByName(name);
  return type.kind === "any" ? { kind: "string" } : type;
}

const jsonType = (type: LogType): string =>
  type.kind === "set" || type.kind === "vector" ? "VARCHAR[]" : "VARCHAR";

/** A byte that JSON cannot hold is the text `\x9f` there; a backslash is one. TSV has two of them. */
const jsonEscaped = (sql: string): string =>
  `regexp_replace(replace(${sql}, '\\', '\\\\'), '\\\\\\\\x(0[0-7be]|0f|1[0-9a-f]|7f|[89a-f][0-9a-f])', '\\\\x\\1', 'g')`;

const jsonControls = [
  ["\t", "\\x09"],
  ["\n", "\\x0a"],
  ["\r", "\\x0d"],
  ["\b", "\\x08"],
  ["\f", "\\x0c"],
] as const;

function jsonValue(sql: string, type: LogType): string {
  if (type.kind === "set" || type.kind === "vector")
    return `list_transform(${sql}, lambda x: ${jsonScalar("x", type.of)})`;
  return jsonScalar(sql, type.kind);
}

function jsonScalar(sql: string, kind: ScalarType): string {
  if (kind === "time")
    return `coalesce(${timestampOf(`TRY_CAST(${sql} AS DOUBLE)`)}, TRY_CAST(rtrim(${sql}, 'Z') AS TIMESTAMP))`;
  if (kind === "port") return `TRY_CAST(split_part(${sql}, '/', 1) AS USMALLINT)`;
  const stored = storedType({ kind });
  if (stored !== "VARCHAR") return `TRY_CAST(${sql} AS ${stored})`;
  const controls = jsonControls.reduce((inner, [from, to]) => {
    return `replace(${inner}, chr(${from.charCodeAt(0)}), ${text(to)})`;
  }, jsonEscaped(sql));
  return `CASE WHEN ${duckdb.matches(sql, "[\\x00-\\x1f\\\\]")} THEN ${controls} ELSE ${sql} END`;
}

/** The records in the file's order, with when each was written: never earlier than the one before it. */
function wrapped(
  source: Source,
  types: ReadonlyMap<string, LogType>,
  values: readonly string[],
  reader: string,
  condition: string | null,
): string {
  const { form } = source.beginning;
  const before = form.kind === "tsv" ? form.lines : 0;
  const read = `SELECT ${values.join(", ")}, row_number() OVER () + ${before} AS ${ownColumns.line}${condition === null ? "" : `, (${condition}) AS _own`} FROM ${reader}`;
  const natural = naturallyWritten(source.log, {
    has: (column) => types.has(column),
    sql: (column) =>
      types.get(column)?.kind === "time" ? `(epoch_us(${identifier(column)}) / 1e6)` : identifier(column),
  });
  const left = condition === null ? "" : "EXCLUDE (_own)";
  const kept = `ts IS NOT NULL${condition === null ? "" : " AND _own"}`;
  return (
    `SELECT * ${left}, max(${natural}) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS ${ownColumns.written}, ` +
    `${text(source.name)} AS ${ownColumns.file} FROM (SELECT * FROM (${read}) AS r WHERE ${kept}) AS k`
  );
}
