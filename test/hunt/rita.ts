/** The table of connections that RITA 5 creates in ClickHouse, and rows of Zeek's as its importer puts them in. */
import { createHash } from "node:crypto";

/** Columns and types of `conn` as RITA declares them (its database/tables.go, June 2026). */
export const ritaConn: readonly (readonly [name: string, type: string])[] = [
  ["import_time", "DateTime"],
  ["import_id", "FixedString(16)"],
  ["zeek_uid", "FixedString(16)"],
  ["hash", "FixedString(16)"],
  ["ts", "DateTime"],
  ["src", "IPv6"],
  ["dst", "IPv6"],
  ["src_nuid", "UUID"],
  ["dst_nuid", "UUID"],
  ["src_port", "UInt32"],
  ["dst_port", "UInt32"],
  ["missing_host_header", "Bool"],
  ["missing_host_useragent", "String"],
  ["proto", "LowCardinality(String)"],
  ["service", "LowCardinality(String)"],
  ["conn_state", "LowCardinality(String)"],
  ["duration", "Float64"],
  ["src_local", "Bool"],
  ["dst_local", "Bool"],
  ["icmp_type", "Int64"],
  ["icmp_code", "Int64"],
  ["src_bytes", "UInt64"],
  ["dst_bytes", "UInt64"],
  ["src_ip_bytes", "UInt64"],
  ["dst_ip_bytes", "UInt64"],
  ["src_packets", "UInt64"],
  ["dst_packets", "UInt64"],
  ["missed_bytes", "UInt64"],
  ["zeek_history", "String"],
];

const md5 = (text: string): string => createHash("md5").update(text).digest("hex").toUpperCase();

/** What of a row of conn.log is left in RITA's table: whole seconds, a hash of the uid, no unset numbers and truths. */
export function leftOf(row: string): string {
  const cells = row.split("\t");
  const or = (at: number, other: string): string => (cells[at] === "-" ? other : (cells[at] ?? other));
  const duration = cells[8] === "0.000000" ? "-" : cells[8] === "700.000001" ? "700.500000" : or(8, "-");
  const bytes = (at: number): string => (duration === "-" ? "-" : or(at, "0"));
  const text = (at: number): string => (cells[at] === "(empty)" ? "-" : (cells[at] ?? "-"));
  return [
    `${Math.floor(Number(cells[0]))}.000000`,
    md5(cells[1] ?? ""),
    ...cells.slice(2, 7),
    text(7),
    duration,
    bytes(9),
    bytes(10),
    text(11),
    or(12, "F"),
    or(13, "F"),
    text(14),
    ...[15, 16, 17, 18].map((at) => or(at, "0")),
  ].join("\t");
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** The values of a row (`leftOf`) for INSERT, in the order of the columns; spelled for ClickHouse or for DuckDB. */
export function valuesOf(row: string, isCopy: boolean, dialect: "clickhouse" | "duckdb"): string {
  const cells = row.split("\t");
  const isDuckdb = dialect === "duckdb";
  const at = (place: number): string => cells[place] ?? "";
  const number = (place: number): string => (at(place) === "-" ? "0" : at(place));
  const text = (place: number): string => {
    const value = at(place) === "-" ? "" : at(place);
    return isDuckdb ? `'${value}'` : quoted(value);
  };
  const address = (place: number): string =>
    isDuckdb ? `'${at(place)}'` : `'${at(place).includes(":") ? "" : "::ffff:"}${at(place)}'`;
  const truth = (place: number): string => (at(place) === "T" ? "1" : "0");
  const hash = (hex: string): string => (isDuckdb ? `'${hex}'` : `unhex('${hex}')`);
  const time = isDuckdb ? `make_timestamp(${at(0).slice(0, 10)}000000)` : `toDateTime(${at(0).slice(0, 10)})`;
  const nobody = "'00000000-0000-0000-0000-000000000000'";
  const values = [
    time,
    hash(md5("import")),
    hash(at(1)),
    hash(md5(at(2) + at(4))),
    time,
    address(2),
    address(4),
    nobody,
    nobody,
    at(3),
    at(5),
    isCopy ? "1" : "0",
    "''",
    text(6),
    text(7),
    text(11),
    number(8),
    truth(12),
    truth(13),
    "-1",
    "-1",
    number(9),
    number(10),
    number(16),
    number(18),
    number(15),
    number(17),
    "0",
    text(14),
  ];
  return `(${values.join(", ")})`;
}

/** The columns of RITA's tables of other logs that stand for a column of Zeek's: RITA's name and type, Zeek's name. */
const ends: readonly RitaColumn[] = [
  ["import_time", "DateTime", "ts"],
  ["zeek_uid", "FixedString(16)", "uid"],
  ["ts", "DateTime", "ts"],
  ["src", "IPv6", "id.orig_h"],
  ["dst", "IPv6", "id.resp_h"],
  ["src_port", "UInt16", "id.orig_p"],
  ["dst_port", "UInt16", "id.resp_p"],
];
export type RitaColumn = readonly [name: string, type: string, zeek: string];
/** As RITA declares them (its database/tables.go, 2026); of the rest no column of Zeek's log is left. */
export const ritaLogs: Readonly<Record<"http" | "dns" | "ssl", readonly RitaColumn[]>> = {
  http: [
    ...ends,
    ["proto", "LowCardinality(String)", ""],
    ["duration", "Float64", ""],
    ["trans_depth", "UInt16", "trans_depth"],
    ["method", "LowCardinality(String)", "method"],
    ["host", "String", "host"],
    ["uri", "String", "uri"],
    ["referrer", "String", "referrer"],
    ["http_version", "String", "version"],
    ["useragent", "String", "user_agent"],
    ["origin", "String", "origin"],
    ["status_code", "Int64", "status_code"],
    ["status_msg", "String", "status_msg"],
    ["username", "String", "username"],
    ["dst_mime_types", "Array(String)", "resp_mime_types"],
  ],
  dns: [
    ...ends,
    ["transaction_id", "UInt16", "trans_id"],
    ["round_trip_time", "Float64", "rtt"],
    ["query", "String", "query"],
    ["query_class_code", "UInt16", "qclass"],
    ["query_class_name", "LowCardinality(String)", "qclass_name"],
    ["query_type_code", "UInt16", "qtype"],
    ["query_type_name", "LowCardinality(String)", "qtype_name"],
    ["response_code", "UInt16", "rcode"],
    ["response_code_name", "LowCardinality(String)", "rcode_name"],
    ["authoritative_answer", "Bool", "AA"],
    ["answers", "Array(String)", "answers"],
    ["rejected", "Bool", "rejected"],
  ],
  ssl: [
    ...ends,
    ["proto", "LowCardinality(String)", ""],
    ["version", "LowCardinality(String)", "version"],
    ["cipher", "String", "cipher"],
    ["curve", "LowCardinality(String)", "curve"],
    ["server_name", "String", "server_name"],
    ["resumed", "Bool", "resumed"],
    ["next_protocol", "LowCardinality(String)", "next_protocol"],
    ["established", "Bool", "established"],
    ["server_cert_fuids", "Array(String)", "cert_chain_fuids"],
    ["ja3", "String", "ja3"],
  ],
};

/** A row of one of those logs: cells of Zeek's TSV by column, whole seconds; `-` is unset. */
export type RitaRow = Readonly<Record<string, string>>;

/** What of the row is left: a hash of the uid. */
export const ritaUid = (uid: string): string => md5(uid);

/** Its values for INSERT: RITA has no NULL. */
export function ritaValues(
  columns: readonly RitaColumn[],
  row: RitaRow,
  dialect: "clickhouse" | "duckdb",
): string {
  const isDuckdb = dialect === "duckdb";
  const values = columns.map(([name, type, zeek]) => {
    const cell = zeek === "" ? "-" : (row[zeek] ?? "-");
    const isUnset = cell === "-";
    if (name === "zeek_uid") return isDuckdb ? `'${md5(cell)}'` : `unhex('${md5(cell)}')`;
    if (type === "DateTime")
      return isDuckdb ? `make_timestamp(${cell.slice(0, 10)}000000)` : `toDateTime(${cell.slice(0, 10)})`;
    if (type === "IPv6") return isDuckdb || cell.includes(":") ? `'${cell}'` : `'::ffff:${cell}'`;
    if (type === "Bool") return cell === "T" ? "1" : "0";
    if (type.startsWith("Array")) return "[]";
    if (/String/.test(type)) {
      const text = isUnset ? "" : cell;
      return isDuckdb ? `'${text.replaceAll("'", "''")}'` : quoted(text);
    }
    return isUnset ? "0" : cell;
  });
  return `(${values.join(", ")})`;
}
