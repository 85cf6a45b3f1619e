import type { Expression } from "../../model/expression.js";
import { walk } from "../../model/walk.js";
import { type Moment, zeekField, zeekRecord } from "../../zeek-records/records.js";
import { table } from "../../zeek-records/table.js";

/** The column of a log that holds a field. */
export interface Column {
  readonly log: string;
  /** `id.orig_h`; `""`: the row itself, always there. */
  readonly column: string;
  /** What the field is in Zeek where the column is unset: `history` is empty, `duration` 0. */
  readonly unset?: string | number;
  /** The end whose payload the field is, for rows that leave it out (payload.ts). */
  readonly payloadOf?: "orig" | "resp";
}

/** A field that an expression reads: its parameter and path, and the column of a log that holds it. */
export interface NeededField {
  readonly parameter: string;
  /** `["id", "orig_h"]` */
  readonly path: readonly string[];
  /** Null: no log tells it at that moment, so that the expression cannot be replayed. */
  readonly column: Column | null;
}

/**
 * The column that a record's field stands in. `moment` is when the event comes: conn.log says what a
 * connection was at its removal; at its first packet only what does not change any more is known.
 */
export function columnOf(record: string, path: readonly string[], moment: Moment): Column | null {
  if (record !== "connection") {
    const entry = zeekRecord(record);
    if (entry?.log === undefined) return null;
    return { log: entry.log, column: path.join(".") };
  }
  const [first = "", second = "", third] = path;
  const field = zeekField("connection", first);
  if (field === undefined) return null;
  if (first === "id") return path.length === 2 ? { log: "conn", column: `id.${second}` } : null;
  if (first === "conn") {
    if (path.length === 1) return { log: "conn", column: "" };
    const inner = zeekField("Conn::Info", second);
    if (inner === undefined || (inner.start !== true && moment !== "removal")) return null;
    return { log: "conn", column: third === undefined ? second : `${second}.${third}` };
  }
  const atEnd = moment === "end" || moment === "removal";
  // Its first letter is known at once (docs/reference/zeek.md#turned-connections): what reads the column takes that one.
  if (first === "history" && moment === "start") return { log: "conn", column: "history", unset: "" };
  if (first === "orig" || first === "resp") {
    const column = table.endpointColumns[first]?.[second];
    if (column === undefined || !atEnd) return null;
    return second === "size" ? { log: "conn", column, payloadOf: first } : { log: "conn", column };
  }
  if (field.column === undefined || (field.start !== true && !atEnd)) return null;
  return { log: "conn", column: field.column, ...(field.unset === undefined ? {} : { unset: field.unset }) };
}

/** The fields that an expression reads, each once. `record` is the parameter's record, `connection`. */
export function columnsOf(expression: Expression, record: string, moment: Moment): readonly NeededField[] {
  const found = new Map<string, NeededField>();
  for (const node of walk(expression)) {
    if (node.kind !== "field" && node.kind !== "presence") continue;
    const key = [node.parameter, ...node.path].join("$");
    if (found.has(key)) continue;
    found.set(key, {
      parameter: node.parameter,
      path: node.path,
      column: columnOf(record, node.path, moment),
    });
  }
  return [...found.values()];
}
