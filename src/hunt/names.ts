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
}

/** How a store calls Zeek's logs and their columns. */
export interface Names {
  /** The table of a log, where it is not called like the log. */
  readonly tables: ReadonlyMap<string, string>;
  /** By log, then by Zeek's name. What is not here has Zeek's name, with any separator (`id_orig_h`). */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, MappedColumn>>;
}

type Plain = Readonly<
  Record<string, Readonly<Record<string, string | { readonly column: string; readonly unit?: Unit }>>>
>;

/** Zeek's connections as RITA 5 imports them into ClickHouse. */
const rita: Plain = {
  conn: {
    uid: "zeek_uid",
    "id.orig_h": "src",
    "id.orig_p": "src_port",
    "id.resp_h": "dst",
    "id.resp_p": "dst_port",
    orig_bytes: "src_bytes",
    resp_bytes: "dst_bytes",
    orig_ip_bytes: "src_ip_bytes",
    resp_ip_bytes: "dst_ip_bytes",
    orig_pkts: "src_packets",
    resp_pkts: "dst_packets",
    local_orig: "src_local",
    local_resp: "dst_local",
    history: "zeek_history",
  },
};

/** The Elastic Common Schema, as Filebeat's module for Zeek fills it. */
const ecs: Plain = {
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
};

/** Mappings that are ready; Zeek's own names and those with underscores need none. */
export const readyNames = { zeek: {}, underscores: {}, rita, ecs } as const;

const units: readonly string[] = ["s", "ms", "us", "ns"];
const isUnit = (value: unknown): value is Unit => typeof value === "string" && units.includes(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isReady = (value: unknown): value is keyof typeof readyNames =>
  typeof value === "string" && Object.hasOwn(readyNames, value);

export const zeekNames: Names = { tables: new Map(), columns: new Map() };

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
      if (typeof to === "string") own.set(column, { column: to, unit: null });
      else if (isObject(to) && typeof to.column === "string" && (to.unit === undefined || isUnit(to.unit)))
        own.set(column, { column: to.column, unit: to.unit ?? null });
      else
        wrong(
          `hunt.names.columns.${log}["${column}"] is no column`,
          `write "name", or {"column": "name", "unit": "ms"} with one of ${units.join(", ")}`,
        );
    }
  }
  return { names: { tables, columns }, diagnostics };
}

function ofPlain(plain: Plain): Names {
  const columns = Object.entries(plain).map(([log, mapped]) => {
    const own = Object.entries(mapped).map(([column, to]): [string, MappedColumn] => [
      column,
      typeof to === "string" ? { column: to, unit: null } : { column: to.column, unit: to.unit ?? null },
    ]);
    return [log, new Map(own)] as const;
  });
  return { tables: new Map(), columns: new Map(columns) };
}

/** The column of a table that holds one of Zeek's; undefined: none does. */
export function columnFor(
  { columns }: Names,
  log: string,
  zeek: string,
  there: ReadonlySet<string>,
): MappedColumn | undefined {
  const mapped = columns.get(log)?.get(zeek);
  if (mapped !== undefined) return there.has(mapped.column) ? mapped : undefined;
  if (there.has(zeek)) return { column: zeek, unit: null };
  const folded = foldedName(zeek);
  for (const column of there) if (foldedName(column) === folded) return { column, unit: null };
  return undefined;
}
