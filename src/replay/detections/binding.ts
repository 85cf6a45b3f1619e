import type { Expression, ZeekType, ZeekValue } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import type { ConnectionEventKind } from "../../zeek/connections/events.js";
import { initialHistory } from "../../zeek/connections/removal.js";
import type { LogValue } from "../../zeek/logs/types.js";
import { makePort } from "../../zeek/values/port.js";
import { columnsOf, type NeededField } from "../expressions/columns.js";
import type { Reader } from "../expressions/evaluate.js";

/** What a log's row or an event of it is, as far as detections care. */
export interface Valued {
  readonly values: readonly LogValue[];
  readonly file?: string;
  readonly line?: number;
}

/** Columns of conn.log that detections need, and how fields of their events' records are read from them. */
export interface Binding {
  readonly log: "conn";
  readonly columns: readonly string[];
  /** How the fields of `c` are read at an event. */
  reader(event: ConnectionEventKind): Reader<Valued>;
}

/** Expressions of a detection that look at the event, not at the hit. */
export function eventExpressions({ where, key, count }: ZeekDetectionModel): readonly Expression[] {
  const counted = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
  return [
    ...(where === null ? [] : [where]),
    ...key.map(({ expression }) => expression),
    ...counted.map(({ expression }) => expression),
  ];
}

/** Fields that no column of conn.log holds: a detection that reads one cannot be replayed. */
export function fieldsWithoutColumn(detection: ZeekDetectionModel): readonly NeededField[] {
  return eventExpressions(detection)
    .flatMap((expression) => columnsOf(expression, "connection"))
    .filter(({ column }) => column === null || column.log !== "conn");
}

/** Events whose moment conn.log tells (spec/zeek.md 3.3). */
export function isReplayedEvent(event: string): event is ConnectionEventKind {
  return event === "new_connection" || event === "connection_state_remove";
}

export function bindConnections(detections: readonly ZeekDetectionModel[]): Binding {
  const columns: string[] = [];
  const placeOf = (column: string): number => {
    const at = columns.indexOf(column);
    return at >= 0 ? at : columns.push(column) - 1;
  };
  const columnOf = new Map<string, string>();
  for (const detection of detections) {
    if (detection.ignoreFlipped) placeOf("history");
    for (const expression of eventExpressions(detection)) {
      for (const { path, column } of columnsOf(expression, "connection")) {
        if (column === null || column.log !== "conn") continue;
        columnOf.set(path.join("$"), column.column);
        placeOf(column.column);
        if (isPortColumn(column.column)) placeOf("proto");
      }
    }
  }
  const placeOfPath = (path: readonly string[]): number => {
    const column = path[0] === "history" ? "history" : columnOf.get(path.join("$"));
    return column === undefined ? -1 : columns.indexOf(column);
  };
  const proto = columns.indexOf("proto");

  return {
    log: "conn",
    columns,
    reader: (event) => (parameter, path, type) => {
      if (parameter !== "c") return absent;
      const [first, second] = path;
      // c$conn itself exists from the first packet on, most of its fields only at the end.
      if (first === undefined || (first === "conn" && second === undefined)) return present;
      if (event === "new_connection" && first !== "id" && !knownAtOnce.has(path.join("$"))) return absent;
      const place = placeOfPath(path);
      if (place < 0) return containers.has(path.join("$")) ? present : absent;
      if (first === "history" && event === "new_connection")
        return ({ values }) => {
          const letters = values[place];
          return typeof letters === "string" ? initialHistory(letters) : "";
        };
      if (first === "history") return ({ values }) => text(values[place]) ?? "";
      if (type.kind === "port")
        return ({ values }) => {
          const number = values[place];
          return typeof number === "number" ? makePort(text(values[proto]), number) : undefined;
        };
      return ({ values }) => zeekValueOf(values[place], type);
    },
  };
}

/** Fields beside `id` that have their final value at the first packet. */
const knownAtOnce: ReadonlySet<string> = new Set(["uid", "start_time", "history", "proto"]);
/** Records that are always there. */
const containers: ReadonlySet<string> = new Set(["id", "orig", "resp"]);

const present = (): ZeekValue => true;
const absent = (): undefined => undefined;
const text = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

function isPortColumn(column: string): boolean {
  return column.endsWith("_p");
}

/** A log's value as expressions hold it. */
function zeekValueOf(value: LogValue, type: ZeekType): ZeekValue | undefined {
  if (
    value === undefined ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  )
    return value;
  if (typeof value === "bigint") return Number(value);
  const of: ZeekType =
    type.kind === "vector" ? type.of : ((type.kind === "set" ? type.of[0] : undefined) ?? type);
  return value.flatMap((item) => zeekValueOf(item, of) ?? []);
}
