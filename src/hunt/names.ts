import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { foldedName } from "../zeek/logs/types.js";
import { codes } from "./codes.js";

/** In which unit a column of numbers holds times or lengths of time. */
export type Unit = "s" | "ms" | "us" | "ns";

/** The column of a table that holds one of Zeek's. */
export interface MappedColumn {
  readonly column: string;
  /** Null: seconds, or whatever the column's own type says. */
  readonly unit: Unit | null;
  /** In a table that has no NULL: it is unset where a column of the table has this value; null: where it is NULL. */
  readonly unset: { readonly column: string; readonly value: string | number } | null;
  /** The table has no such column: this text stands for it in every row. */
  readonly constant?: string;
}

/** How a store calls Zeek's logs and their columns. */
export interface Names {
  /** The table of a log, where it is not called like the log. */
  readonly tables: ReadonlyMap<string, string>;
  /** By log, then by Zeek's name. What is not here has Zeek's name, with any separator (`id_orig_h`). */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, MappedColumn>>;
  /** A truth value by log: rows in which that column of the table is true are not of the log. */
  readonly except: ReadonlyMap<string, string>;
}

/** A column as a mapping writes it. */
type PlainColumn =
  | string
  | { readonly constant: string }
  | {
      readonly column: string;
      readonly unit?: Unit;
      readonly unset?: Readonly<Record<string, string | number>>;
    };
type Plain = {
  readonly columns?: Readonly<Record<string, Readonly<Record<string, PlainColumn>>>>;
  readonly except?: Readonly<Record<string, string>>;
};

/** Text of a table that has no NULL: empty where Zeek's is unset. */
const text = (column: string): PlainColumn => ({ column, unset: { [column]: "" } });
/** Zeek writes none of it for a connection without a duration. */
const withDuration = (column: string): PlainColumn => ({ column, unset: { duration: 0 } });

/** The columns of every log in RITA 5's tables. */
const ritaEnds = {
  uid: "zeek_uid",
  "id.orig_h": "src",
  "id.orig_p": "src_port",
  "id.resp_h": "dst",
  "id.resp_p": "dst_port",
} as const;

/**
 * Zeek's logs as RITA 5 imports them into ClickHouse (its database/tables.go, importer/*.go). There is no NULL; times are
 * whole seconds; `zeek_uid` is a hash of the uid. Copies of HTTP connections without a host stand among the
 * connections a second time.
 */
const rita: Plain = {
  except: { conn: "missing_host_header" },
  columns: {
    conn: {
      ...ritaEnds,
      service: text("service"),
      duration: withDuration("duration"),
      orig_bytes: withDuration("src_bytes"),
      resp_bytes: withDuration("dst_bytes"),
      conn_state: text("conn_state"),
      local_orig: "src_local",
      local_resp: "dst_local",
      history: text("zeek_history"),
      orig_ip_bytes: "src_ip_bytes",
      resp_ip_bytes: "dst_ip_bytes",
      orig_pkts: "src_packets",
      resp_pkts: "dst_packets",
    },
    http: {
      ...ritaEnds,
      method: text("method"),
      host: text("host"),
      uri: text("uri"),
      referrer: text("referrer"),
      version: text("http_version"),
      user_agent: text("useragent"),
      origin: text("origin"),
      status_code: { column: "status_code", unset: { status_code: 0 } },
      status_msg: text("status_msg"),
      info_code: { column: "info_code", unset: { info_code: 0 } },
      info_msg: text("info_msg"),
      username: text("username"),
      password: text("password"),
      orig_fuids: "src_fuids",
      orig_filenames: "src_file_names",
      orig_mime_types: "src_mime_types",
      resp_fuids: "dst_fuids",
      resp_filenames: "dst_file_names",
      resp_mime_types: "dst_mime_types",
    },
    dns: {
      ...ritaEnds,
      trans_id: "transaction_id",
      rtt: { column: "round_trip_time", unset: { round_trip_time: 0 } },
      // Kept of no row: nearly all is UDP.
      proto: { constant: "udp" },
      query: text("query"),
      // A code of 0 is one, too: what Zeek has no name for it has no code for.
      qclass: { column: "query_class_code", unset: { query_class_name: "" } },
      qclass_name: text("query_class_name"),
      qtype: { column: "query_type_code", unset: { query_type_name: "" } },
      qtype_name: text("query_type_name"),
      rcode: { column: "response_code", unset: { response_code_name: "" } },
      rcode_name: text("response_code_name"),
      AA: "authoritative_answer",
      RD: "recursion_desired",
      RA: "recursion_available",
      Z: "z",
      TTLs: "ttls",
    },
    ssl: {
      ...ritaEnds,
      version: text("version"),
      cipher: text("cipher"),
      curve: text("curve"),
      server_name: text("server_name"),
      next_protocol: text("next_protocol"),
      subject: text("server_subject"),
      issuer: text("server_issuer"),
      client_subject: text("client_subject"),
      client_issuer: text("client_issuer"),
      cert_chain_fuids: "server_cert_fuids",
      client_cert_chain_fuids: "client_cert_fuids",
      validation_status: text("validation_status"),
      ja3: text("ja3"),
      ja3s: text("ja3s"),
    },
  },
};

/** The Elastic Common Schema, as Filebeat's module for Zeek fills it. */
const ecs: Plain = {
  columns: {
    conn: {
      ts: "@timestamp",
      uid: "zeek.session_id",
      "id.orig_h": "source.ip",
      "id.orig_p": "source.port",
      "id.resp_h": "destination.ip",
      "id.resp_p": "destination.port",
      proto: "network.transport",
      service: "network.protocol",
      duration: { column: "event.duration", unit: "ns" },
      conn_state: "zeek.connection.state",
      history: "zeek.connection.history",
      local_orig: "zeek.connection.local_orig",
      local_resp: "zeek.connection.local_resp",
      missed_bytes: "zeek.connection.missed_bytes",
      orig_ip_bytes: "source.bytes",
      resp_ip_bytes: "destination.bytes",
      orig_pkts: "source.packets",
      resp_pkts: "destination.packets",
    },
  },
};

/** Mappings that are ready; Zeek's own names and those with underscores need none. */
export const readyNames = { zeek: {}, underscores: {}, rita, ecs } as const;

const units: readonly string[] = ["s", "ms", "us", "ns"];
const isUnit = (value: unknown): value is Unit => typeof value === "string" && units.includes(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isReady = (value: unknown): value is keyof typeof readyNames =>
  typeof value === "string" && Object.hasOwn(readyNames, value);

export const zeekNames: Names = { tables: new Map(), columns: new Map(), except: new Map() };

/** The part `hunt.names` of a configuration: the name of a ready mapping, or one's own. */
export function parseNames(
  value: unknown,
  file: string,
): { readonly names: Names; readonly diagnostics: readonly Diagnostic[] } {
  const ready = Object.keys(readyNames).join(", ");
  const diagnostics: Diagnostic[] = [];
  const wrong = (message: string, help: string): void => {
    diagnostics.push(codes.names({ file, line: 1, column: 1 }, message, help));
  };
  if (value === undefined) return { names: zeekNames, diagnostics };
  if (typeof value === "string") {
    if (isReady(value)) return { names: ofPlain(readyNames[value]), diagnostics };
    wrong(`hunt.names: there is no mapping "${value}"`, `one of ${ready}, or an object`);
    return { names: zeekNames, diagnostics };
  }
  if (!isObject(value)) {
    wrong(
      "hunt.names is no mapping",
      `write one of ${ready}, or {"base": "zeek", "tables": {…}, "columns": {…}}`,
    );
    return { names: zeekNames, diagnostics };
  }
  const base = value.base ?? "zeek";
  if (!isReady(base))
    wrong(`hunt.names.base: there is no mapping ${JSON.stringify(base)}`, `one of ${ready}`);
  const names = ofPlain(isReady(base) ? readyNames[base] : {});
  const tables = new Map(names.tables);
  for (const [log, table] of Object.entries(isObject(value.tables) ? value.tables : {}))
    if (typeof table === "string") tables.set(log, table);
    else wrong(`hunt.names.tables.${log} is no name of a table`, 'write {"conn": "connections"}');
  const columns = new Map([...names.columns].map(([log, known]) => [log, new Map(known)]));
  for (const [log, mapped] of Object.entries(isObject(value.columns) ? value.columns : {})) {
    const own = columns.get(log) ?? new Map<string, MappedColumn>();
    columns.set(log, own);
    for (const [column, to] of Object.entries(isObject(mapped) ? mapped : {})) {
      const read = readColumn(to);
      if (read !== null) own.set(column, read);
      else
        wrong(
          `hunt.names.columns.${log}["${column}"] is no column`,
          `write "name", {"constant": "text"}, or {"column": "name", "unit": "ms", "unset": {"name": 0}} with one of ${units.join(", ")}`,
        );
    }
  }
  const except = new Map(names.except);
  for (const [log, column] of Object.entries(isObject(value.except) ? value.except : {}))
    if (typeof column === "string") except.set(log, column);
    else wrong(`hunt.names.except.${log} is no name of a column`, 'write {"conn": "is_a_copy"}');
  return { names: { tables, columns, except }, diagnostics };
}

/** null: it is no column. */
function readColumn(value: unknown): MappedColumn | null {
  if (typeof value === "string") return { column: value, unit: null, unset: null };
  if (isObject(value) && typeof value.constant === "string" && Object.keys(value).length === 1)
    return { column: "", unit: null, unset: null, constant: value.constant };
  if (!isObject(value) || typeof value.column !== "string") return null;
  const { column, unit, unset } = value;
  if (unit !== undefined && !isUnit(unit)) return null;
  if (unset === undefined) return { column, unit: unit ?? null, unset: null };
  const [[other, is] = [], ...more] = isObject(unset) ? Object.entries(unset) : [];
  if (other === undefined || more.length > 0 || !(typeof is === "string" || typeof is === "number"))
    return null;
  return { column, unit: unit ?? null, unset: { column: other, value: is } };
}

function ofPlain({ columns = {}, except = {} }: Plain): Names {
  return {
    tables: new Map(),
    columns: new Map(
      Object.entries(columns).map(([log, mapped]) => [
        log,
        new Map(
          Object.entries(mapped).flatMap(([column, to]) => {
            const read = readColumn(to);
            return read === null ? [] : [[column, read] as const];
          }),
        ),
      ]),
    ),
    except: new Map(Object.entries(except)),
  };
}

/** The column of a table that holds one of Zeek's; undefined: none does. */
export function columnFor(
  { columns }: Names,
  log: string,
  zeek: string,
  there: ReadonlySet<string>,
): MappedColumn | undefined {
  const mapped = columns.get(log)?.get(zeek);
  if (mapped !== undefined)
    return mapped.constant !== undefined || there.has(mapped.column) ? mapped : undefined;
  if (there.has(zeek)) return { column: zeek, unit: null, unset: null };
  const folded = foldedName(zeek);
  for (const column of there) if (foldedName(column) === folded) return { column, unit: null, unset: null };
  return undefined;
}
