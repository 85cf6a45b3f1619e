import type { Expression, ZeekType, ZeekValue } from "../model/expression.js";
import type { ZeekDetectionModel } from "../model/model.js";
import type { ConnectionEventKind } from "../zeek/connections/events.js";
import { initialHistory } from "../zeek/connections/removal.js";
import type { LogValue } from "../zeek/logs/types.js";
import { makePort } from "../zeek/values/port.js";
import { type Column, columnOf, columnsOf, type NeededField } from "./expressions/columns.js";
import type { Reader } from "./expressions/evaluate.js";
import { payloadColumns, payloadOf } from "./payload.js";
import { conjuncts } from "./shared.js";

/** What a log's row or an event of it is, as far as detections care. */
export interface Valued {
  readonly values: readonly LogValue[];
  /** Epoch seconds. */
  readonly ts?: number;
  readonly file?: string;
  readonly line?: number;
  /** Brings the values of later columns. */
  readonly rest?: () => void;
}

/** Columns of conn.log that detections need, and how fields of their events' records are read from them. */
export interface Binding {
  readonly log: "conn";
  readonly columns: readonly string[];
  /** Columns that no early guard reads. */
  readonly later: readonly string[];
  /** Whether a part of `where` reads no addresses, which are the dear ones to decode. */
  isEarly(event: string, expression: Expression): boolean;
  /** How the fields of `c` are read at an event. */
  reader(event: ReplayedEvent): Reader<Valued>;
}

/** The events whose moment conn.log tells (docs/reference/zeek.md#replaying-connlog), and what is known then. */
export const moments = {
  new_connection: "start",
  connection_state_remove: "removal",
  // Rows of conn.log are written at the removal, after its events.
  "Conn::log_conn": "removal",
} as const;

/** An event that conn.log can tell. */
export type ReplayedEvent = ConnectionEventKind | "Conn::log_conn";

export function isReplayedEvent(event: string): event is ReplayedEvent {
  return Object.hasOwn(moments, event);
}

export const recordOf = (event: ReplayedEvent): string =>
  event === "Conn::log_conn" ? "Conn::Info" : "connection";

/** Expressions of a detection that look at the event, not at the hit. */
export function eventExpressions({
  where,
  key,
  count,
}: Pick<ZeekDetectionModel, "where" | "key" | "count">): readonly Expression[] {
  const counted = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
  return [...(where === null ? [] : [where]), ...[...key, ...counted].map(({ expression }) => expression)];
}

function neededFields(detection: ZeekDetectionModel): readonly NeededField[] {
  if (!isReplayedEvent(detection.event)) return [];
  const { event } = detection;
  const moment = moments[event];
  return eventExpressions(detection).flatMap((expression) => columnsOf(expression, recordOf(event), moment));
}

/**
 * Fields that no column of conn.log tells at the moment of the event: a detection that reads one cannot be
 * replayed.
 */
export function fieldsWithoutColumn(detection: ZeekDetectionModel): readonly NeededField[] {
  return neededFields(detection).filter(({ column }) => column === null || column.log !== "conn");
}

export function bindConnections(detections: readonly ZeekDetectionModel[]): Binding {
  const columns: string[] = [];
  const placeOf = (column: string): number => {
    const at = columns.indexOf(column);
    return at >= 0 ? at : columns.push(column) - 1;
  };
  for (const detection of detections) {
    if (detection.ignoreFlipped) placeOf("history");
    for (const { column } of neededFields(detection)) {
      if (column === null || column.log !== "conn" || column.column === "") continue;
      placeOf(column.column);
      if (column.column === "history" && detection.event === "new_connection") placeOf("orig_pkts");
      if (isPort(column.column)) placeOf("proto");
      if (column.payloadOf !== undefined) payloadColumns(column.payloadOf).forEach(placeOf);
    }
  }
  const proto = columns.indexOf("proto");
  const packets = columns.indexOf("orig_pkts");
  const early = new Set<string>();
  for (const { where, event } of detections)
    for (const part of where === null ? [] : conjuncts(where))
      if (isEarly(event, part)) for (const column of columnsRead(event, part)) early.add(column);

  return {
    log: "conn",
    columns,
    later: columns.filter((column) => !early.has(column)),
    isEarly,
    reader: (event) => (parameter, path, type) => {
      if (parameter !== "c") return absent;
      // Records above the fields are always there: `c`, `c$id`, `c$orig`.
      const column = path.length === 0 ? whole : columnOf(recordOf(event), path, moments[event]);
      if (column === null) return containers.has(path.join("$")) ? present : absent;
      if (column.column === "") return present;
      const place = columns.indexOf(column.column);
      if (place < 0) return absent;
      if (column.column === "history" && event === "new_connection")
        return ({ values }) => initialHistory(text(values[place]), number(values[packets]));
      if (type.kind === "port")
        return ({ values }) => {
          const value = values[place];
          return typeof value === "number" ? makePort(text(values[proto]), value) : undefined;
        };
      if (column.payloadOf !== undefined) return readPayload(columns, column.payloadOf, place);
      const { unset } = column;
      return ({ values }) => {
        const value = values[place];
        return typeof value === "string" ? value : (zeekValueOf(value, type) ?? unset);
      };
    },
  };
}

/** What an end has sent; worked out where the row leaves it out. */
function readPayload(
  columns: readonly string[],
  end: "orig" | "resp",
  place: number,
): (row: Valued) => ZeekValue | undefined {
  const [packets = -1, ipBytes = -1, proto = -1, history = -1, address = -1] = payloadColumns(end).map(
    (name) => columns.indexOf(name),
  );
  return (row) => {
    const reported = row.values[place];
    if (reported !== undefined) return Number(reported);
    row.rest?.();
    const { values } = row;
    return payloadOf({
      end,
      packets: Number(values[packets] ?? 0),
      ipBytes: Number(values[ipBytes] ?? 0),
      proto: text(values[proto]) ?? "",
      history: text(values[history]) ?? "",
      isV6: text(values[address])?.includes(":") === true,
    });
  };
}

function columnsRead(event: string, expression: Expression): readonly string[] {
  if (!isReplayedEvent(event)) return [];
  const columns = columnsOf(expression, recordOf(event), moments[event]).map(
    ({ column }) => column?.column ?? "",
  );
  return [
    ...columns,
    ...(columns.some(isPort) ? ["proto"] : []),
    ...(event === "new_connection" && columns.includes("history") ? ["orig_pkts"] : []),
  ];
}

function isEarly(event: string, expression: Expression): boolean {
  return !columnsRead(event, expression).some((column) => column.endsWith("_h"));
}

const whole: Column = { log: "conn", column: "" };
export const containers: ReadonlySet<string> = new Set(["id", "orig", "resp"]);

const present = (): ZeekValue => true;
const absent = (): undefined => undefined;
const number = (value: LogValue): number | undefined => (typeof value === "number" ? value : undefined);
const text = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

function isPort(column: string): boolean {
  return column.endsWith("_p");
}

/** A log's value as expressions hold it. */
export function zeekValueOf(value: LogValue, type: ZeekType): ZeekValue | undefined {
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
