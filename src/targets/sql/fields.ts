import { containers, isReplayedEvent, moments, recordOf } from "../../detections/binding.js";
import { columnOf } from "../../detections/expressions/columns.js";
import { payloadColumns } from "../../detections/payload.js";
import { innerColumns, isOnRows } from "../../detections/rows.js";
import type { Expression, ZeekType } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";
import type { LogType } from "../../zeek/logs/types.js";
import type { SqlDialect } from "./dialect.js";

/** A column of a table, as SQL. */
export interface TableColumn {
  /** Its value: seconds for times and intervals; null where the log has the column unset. */
  readonly sql: string;
  readonly type: LogType;
}

/** The columns of the table that holds a log, by Zeek's names; undefined: the table has none. */
export type TableColumns = (name: string) => TableColumn | undefined;

/** What SQL can say of a value. */
export interface SqlValue {
  readonly kind: "text" | "address" | "number" | "bool";
  readonly sql: string;
  /** Conditions under which the value may be another one than the replay's: an absent field. */
  readonly unsure: readonly string[];
  /** Whether text may be escaped, and so another one; null: it is none, or never. */
  readonly escaped: string | null;
}

/** All conditions under which a value may be another one than the replay's. */
export const unsureOf = ({ unsure, escaped }: SqlValue): readonly string[] =>
  escaped === null ? unsure : [...unsure, escaped];

/** A field of an event's record. */
export type SqlField =
  /** The row itself, or a record in it that is always there. */
  | { readonly kind: "present" }
  | { readonly kind: "absent" }
  | { readonly kind: "value"; readonly value: SqlValue; readonly present: string | true }
  /** Whether it is there is known, what it is is not; `most`: a number that it never exceeds. */
  | { readonly kind: "unknown"; readonly present: string | boolean | null; readonly most?: string };

/** Reads the fields of one detection's event; the counterpart of the replay's binding. */
export interface SqlFields {
  field(parameter: string, path: readonly string[], type: ZeekType): SqlField;
  /** Columns of which a field's value is made. */
  columns(parameter: string, path: readonly string[], type: ZeekType): readonly string[];
  /** The number of a port's transport, as the replay counts it; null: not known. */
  readonly proto: string | null;
}

const transports = { tcp: 65_536, udp: 131_072, icmp: 196_608 } as const;

/** The columns of which the values are made that expressions read. */
export const columnsIn = (expressions: readonly Expression[], fields: SqlFields): readonly string[] =>
  expressions
    .flatMap((expression) => [...walk(expression)])
    .flatMap((node) =>
      node.kind === "field" || node.kind === "presence"
        ? fields.columns(node.parameter, node.path, node.type)
        : [],
    );

export function fieldsOf(detection: ZeekDetectionModel, table: TableColumns, dialect: SqlDialect): SqlFields {
  return isOnRows(detection)
    ? rowFields(detection.rows, table, dialect)
    : connectionFields(detection.event, table, dialect);
}

function connectionFields(event: string, table: TableColumns, dialect: SqlDialect): SqlFields {
  const columnFor = (path: readonly string[]) =>
    isReplayedEvent(event) ? columnOf(recordOf(event), path, moments[event]) : null;
  const proto = table("proto")?.sql ?? null;
  return {
    proto,
    field(parameter, path, type) {
      if (parameter !== "c") return { kind: "absent" };
      if (path.length === 0) return { kind: "present" };
      const column = columnFor(path);
      if (column === null) return { kind: containers.has(path.join("$")) ? "present" : "absent" };
      if (column.column === "") return { kind: "present" };
      if (column.payloadOf !== undefined) {
        // Where the row leaves the bytes out, the replay takes what is left of the packets' bytes.
        const sent = [column.column, `${column.payloadOf}_ip_bytes`].flatMap(
          (name) => table(name)?.sql ?? [],
        );
        return { kind: "unknown", present: true, most: `coalesce(${[...sent, "0"].join(", ")})` };
      }
      if (column.column === "history" && event === "new_connection")
        return { kind: "unknown", present: true };
      return fieldOf(table(column.column), type, dialect, proto, column.unset);
    },
    columns(parameter, path, type) {
      const column = parameter === "c" && path.length > 0 ? columnFor(path) : null;
      if (column === null || column.column === "") return [];
      return [
        column.column,
        ...(column.payloadOf === undefined ? [] : payloadColumns(column.payloadOf)),
        ...(type.kind === "port" ? ["proto"] : []),
        ...(column.column === "history" && event === "new_connection" ? ["orig_pkts"] : []),
      ];
    },
  };
}

function rowFields(
  rows: NonNullable<ZeekDetectionModel["rows"]>,
  table: TableColumns,
  dialect: SqlDialect,
): SqlFields {
  const proto =
    rows.ports === "tcp" ? "'tcp'" : rows.ports === "proto" ? (table("proto")?.sql ?? null) : null;
  return {
    proto,
    field(parameter, path, type) {
      if (parameter !== "c") return { kind: "absent" };
      if (path.length === 0) return { kind: "present" };
      const inner = innerColumns(rows.record, path);
      if (inner !== null) {
        const set = inner.flatMap((name) => table(name)?.sql ?? []).map((sql) => `${sql} IS NOT NULL`);
        return { kind: "unknown", present: set.length === 0 ? false : `(${set.join(" OR ")})` };
      }
      const name = path.join(".");
      if (name === "history" && table(name) === undefined) return { kind: "unknown", present: null };
      return fieldOf(table(name), type, dialect, proto, undefined);
    },
    columns(parameter, path, type) {
      if (parameter !== "c" || path.length === 0) return [];
      const name = path.join(".");
      if (name === "history") return [name, "uid"];
      const inner = innerColumns(rows.record, path) ?? [name];
      return type.kind === "port" && rows.ports === "proto" ? [...inner, "proto"] : inner;
    },
  };
}

function fieldOf(
  column: TableColumn | undefined,
  type: ZeekType,
  dialect: SqlDialect,
  proto: string | null,
  unset: string | number | undefined,
): SqlField {
  if (column === undefined) {
    if (unset === undefined) return { kind: "absent" };
    const value: SqlValue =
      typeof unset === "number"
        ? { kind: "number", sql: String(unset), unsure: [], escaped: null }
        : { kind: "text", sql: dialect.text(unset), unsure: [], escaped: null };
    return { kind: "value", value, present: true };
  }
  const isSet = `${column.sql} IS NOT NULL`;
  const present = unset === undefined ? isSet : true;
  const value = typedValue(column, type, dialect, proto);
  if (value === null) return { kind: "unknown", present };
  if (unset === undefined) return { kind: "value", value, present };
  const other = typeof unset === "number" ? String(unset) : dialect.text(unset);
  return {
    kind: "value",
    value: { ...value, sql: `coalesce(${value.sql}, ${other})` },
    present: true,
  };
}

/** The column as the type that the expression has; null where the table holds something else. */
function typedValue(
  { sql, type: stored }: TableColumn,
  type: ZeekType,
  dialect: SqlDialect,
  proto: string | null,
): SqlValue | null {
  switch (type.kind) {
    case "addr":
      // An address of another writer than Zeek may be spelled in another way.
      return stored.kind === "addr" ? { kind: "address", sql, unsure: [], escaped: null } : null;
    case "string":
    case "enum":
      return stored.kind === "string" || stored.kind === "enum"
        ? { kind: "text", sql, unsure: [], escaped: dialect.matches(sql, "\\\\") }
        : null;
    case "bool":
      return stored.kind === "bool" ? { kind: "bool", sql, unsure: [], escaped: null } : null;
    case "port": {
      if (stored.kind !== "port" || proto === null) return null;
      const cases = Object.entries(transports).map(([name, base]) => `WHEN '${name}' THEN ${base}`);
      return {
        kind: "number",
        sql: `(CASE ${proto} ${cases.join(" ")} ELSE 0 END + ${sql})`,
        unsure: [],
        escaped: null,
      };
    }
    case "count":
    case "int":
      return stored.kind === "count" || stored.kind === "int"
        ? { kind: "number", sql, unsure: [], escaped: null }
        : null;
    case "double":
    case "interval":
    case "time":
      return stored.kind === type.kind ? { kind: "number", sql, unsure: [], escaped: null } : null;
    default:
      return null;
  }
}
