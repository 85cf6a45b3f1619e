import type { Expression, ZeekValue } from "../model/expression.js";
import type { LogRowsModel, ZeekDetectionModel } from "../model/model.js";
import { walk } from "../model/walk.js";
import type { LogType, LogValue } from "../zeek/logs/types.js";
import { makePort } from "../zeek/values/port.js";
import { parseZeekType, zeekField, zeekRecord } from "../zeek-records/records.js";
import { eventExpressions, type Valued, zeekValueOf } from "./binding.js";
import type { Reader } from "./expressions/evaluate.js";
import { logTypeOf } from "./lines.js";

/** Columns of one log that detections on its rows need, and how the fields of its record are read from them. */
export interface RowBinding {
  readonly log: string;
  /** The events of its stream that detections look at; one, unless the bundle declares the log in two ways. */
  readonly events: readonly string[];
  readonly columns: readonly string[];
  /** What JSON does not tell. */
  readonly types: ReadonlyMap<string, LogType>;
  /** Column that says how long after `ts` a row was written, at the least. */
  readonly after: string | null;
  /** Not every row is of a connection. */
  readonly sparse: boolean;
  readonly reader: Reader<Valued>;
}

interface OnRows extends ZeekDetectionModel {
  readonly rows: LogRowsModel;
}

/** A detection on the rows of a log that has its own file: of all but conn.log, whose rows are removals. */
export function isOnRows(detection: ZeekDetectionModel): detection is OnRows {
  return detection.rows !== null && detection.rows.log !== "conn";
}

/** Why the rows of its log cannot tell what a detection would have seen, or null. */
export function unknownInRows({ rows, ...detection }: OnRows): string | null {
  if (rows.ports !== "unknown") return null;
  const counted = new Set<Expression>();
  const nodes = eventExpressions(detection).flatMap((expression) => [...walk(expression)]);
  for (const node of nodes)
    if (node.kind === "call" && node.function === "port_to_count")
      for (const argument of node.arguments) counted.add(argument);
  const port = nodes.find((node) => node.kind === "field" && node.type.kind === "port" && !counted.has(node));
  if (port?.kind !== "field") return null;
  return `${rows.log}.log does not tell the transport of c$${port.path.join("$")}; port_to_count of it does not need it`;
}

/**
 * @param turned uids of connections whose ends Zeek has swapped, as far as a conn.log tells them
 */
export function bindRows(
  log: string,
  detections: readonly OnRows[],
  turned: ReadonlySet<string>,
): RowBinding {
  const columns: string[] = [];
  const types = new Map<string, LogType>();
  const placeOf = (column: string): number => {
    const at = columns.indexOf(column);
    return at >= 0 ? at : columns.push(column) - 1;
  };
  const containers = new Map<string, readonly number[]>();
  let after: string | null = null;
  let proto: number | "tcp" | null = null;
  for (const detection of detections) {
    const { rows } = detection;
    if (rows.ports === "proto") proto = placeOf("proto");
    else if (rows.ports === "tcp") proto ??= "tcp";
    if (rows.after !== null) {
      after = rows.after;
      placeOf(after);
      types.set(after, { kind: "interval" });
    }
    if (detection.ignoreFlipped && rows.connection !== "never") placeOf("uid");
    const nodes = eventExpressions(detection).flatMap((expression) => [...walk(expression)]);
    for (const node of nodes) {
      if (node.kind === "field") {
        placeOf(node.path.join("."));
        types.set(node.path.join("."), logTypeOf(node.type));
      } else if (node.kind === "presence") {
        const inner = innerColumns(rows.record, node.path);
        if (inner !== null) containers.set(node.path.join("."), inner.map(placeOf));
        else placeOf(node.path.join("."));
      }
    }
  }
  const uid = columns.indexOf("uid");
  const reader: Reader<Valued> = (parameter, path, type) => {
    if (parameter !== "c") return absent;
    const name = path.join(".");
    const inner = containers.get(name);
    if (inner !== undefined)
      return ({ values }) => (inner.some((place) => values[place] !== undefined) ? true : undefined);
    const place = columns.indexOf(name);
    if (name === "history" && place < 0)
      return ({ values }) => (turned.has(String(values[uid])) ? "^" : undefined);
    if (place < 0) return path.length === 0 ? present : absent;
    if (type.kind === "port")
      return ({ values }) => {
        const number = values[place];
        if (typeof number !== "number") return undefined;
        return makePort(proto === "tcp" ? "tcp" : text(proto === null ? undefined : values[proto]), number);
      };
    return ({ values }) => {
      const value = values[place];
      return typeof value === "string" ? value : zeekValueOf(value, type);
    };
  };
  const sparse = detections.some(({ rows }) => rows.connection !== "always");
  return {
    log,
    events: [...new Set(detections.map(({ event }) => event))],
    columns,
    types,
    after,
    sparse,
    reader,
  };
}

/** Columns of the fields of a record inside the row; null for a plain field. `id` has four. */
export function innerColumns(record: string, path: readonly string[]): readonly string[] | null {
  const [name = ""] = path;
  const field = path.length === 1 ? zeekField(record, name) : undefined;
  // A record that the bundle declares has no other records than this one.
  if (field === undefined) return zeekRecord(record) === undefined && name === "id" ? ["id.orig_h"] : null;
  const type = parseZeekType(field.type);
  if (type.kind !== "record") return null;
  return (zeekRecord(type.name)?.fields ?? []).map((inner) => `${name}.${inner.name}`);
}

const present = (): ZeekValue => true;
const absent = (): undefined => undefined;
const text = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);
