import type { NoticeLog, ZeekDetectionModel } from "../../model/model.js";
import {
  type EventInput,
  type EventOptions,
  type EventSummary,
  playEvents,
} from "../../zeek/connections/events.js";
import { createClock } from "../../zeek/tables/clock.js";
import type { Globals } from "../expressions/evaluate.js";
import { bindConnections, isReplayedEvent, type Valued } from "./binding.js";
import type { MakeDetector } from "./detector.js";
import { createEngine, type DetectionEngine } from "./engine.js";
import { bindRows, isOnRows, type RowBinding } from "./rows.js";
import { turnedConnections } from "./turned.js";
import type { DetectionOutput, DetectionSummary, NearMiss } from "./types.js";

export interface ReplayOptions extends EventOptions {
  readonly detections: readonly ZeekDetectionModel[];
  readonly noticeLog: NoticeLog;
  /** conn.log files, rotated ones too. */
  readonly conn: readonly string[];
  /** Files of other logs, by the log's name. */
  readonly logs?: ReadonlyMap<string, readonly string[]>;
  readonly localNets: Globals<Valued>["localNets"];
  /** See `EngineOptions.detectorOf`. */
  readonly detectorOf?: MakeDetector<Valued>;
  /** Near misses kept for each detection (default 100). */
  readonly nearMisses?: number;
}

export interface ReplayedDetections {
  readonly summaries: readonly DetectionSummary[];
  readonly nearMisses: readonly NearMiss[];
  readonly events: EventSummary;
}

/** Plays logs through detections; everything that happens goes to `emit`, in Zeek's order. */
export async function replayDetections(
  options: ReplayOptions,
  emit: (output: DetectionOutput) => void,
): Promise<ReplayedDetections> {
  const { noticeLog, localNets, conn } = options;
  const onConn = options.detections.filter(({ event }) => isReplayedEvent(event));
  const bindings = await bindLogs(options);
  const binding = bindConnections(onConn);
  const readers = new Map(bindings.flatMap(({ events, reader }) => events.map((event) => [event, reader])));
  const clock = createClock();
  const engine: DetectionEngine<Valued> = createEngine<Valued>({
    detections: options.detections.filter(({ event }) => isReplayedEvent(event) || readers.has(event)),
    noticeLog,
    localNets,
    emit,
    clock,
    originOf: ({ file, line }) => ({ file: file ?? null, lineNumber: line ?? null }),
    isEarly: (event, expression) => !readers.has(event) && binding.isEarly(event, expression),
    complete: (row) => row.rest?.(),
    readerOf: (event) =>
      readers.get(event) ?? (isReplayedEvent(event) ? binding.reader(event) : () => () => undefined),
    ...(options.detectorOf === undefined ? {} : { detectorOf: options.detectorOf }),
    ...(options.nearMisses === undefined ? {} : { nearMisses: options.nearMisses }),
  });
  const wants = engine.wants;
  const wanting = (events: readonly string[]): Pick<EventInput, "wants"> => {
    const [only] = events;
    if (wants === null || only === undefined) return {};
    if (events.length === 1) return { wants: (row) => wants(only, row) };
    return { wants: wantedByAny(wants, events) };
  };
  const rowsOfConn = engine.events.has(connRow) ? [connRow] : [];
  const removal = [
    ...(engine.events.has("connection_state_remove") ? ["connection_state_remove"] : []),
    ...rowsOfConn,
  ];
  const wantsRemoval = wants === null ? () => 0 : wantedByAny(wants, removal);
  const inputs: EventInput[] = bindings.map(({ log, events, columns, types, after }) => ({
    log,
    files: options.logs?.get(log) ?? [],
    columns,
    types,
    ...(after === null ? {} : { after }),
    ...wanting(events),
  }));
  if (onConn.length > 0)
    inputs.unshift({
      log: binding.log,
      files: conn,
      columns: binding.columns,
      kinds: [
        ...(engine.events.has("new_connection") ? (["new_connection"] as const) : []),
        ...(removal.length > 0 ? (["connection_state_remove"] as const) : []),
      ],
      ...(wants === null
        ? {}
        : {
            wants: (row, kind: string) =>
              kind === "connection_state_remove" ? wantsRemoval(row) : wants(kind, row),
            later: binding.later,
          }),
    });
  const eventsOf = new Map(bindings.map(({ log, events }) => [log, events]));
  const events = await playEvents(inputs, clock, options, (event) => {
    const names =
      event.kind === "record"
        ? (eventsOf.get(event.log) ?? [])
        : event.kind === "new_connection"
          ? newConnection
          : removal;
    // What one event's gates said is of no use to another event.
    const wantedBy = wants !== null && names.length === 1 ? event.wantedBy : undefined;
    for (const name of names) engine.event(name, event, wantedBy);
  });
  return { summaries: engine.summaries(), nearMisses: engine.nearMisses(), events };
}

/** Asks for several events of one row. */
function wantedByAny(
  wants: (event: string, row: Valued) => number,
  events: readonly string[],
): (row: Valued) => number {
  const [only = ""] = events;
  if (events.length === 1) return (row) => wants(only, row);
  return (row) => events.reduce((all, event) => all | wants(event, row), 0);
}

const connRow = "Conn::log_conn";
const newConnection = ["new_connection"];

/** The logs other than conn.log that detections look at and that are there. */
async function bindLogs({ detections, conn, logs }: ReplayOptions): Promise<readonly RowBinding[]> {
  const onRows = detections.filter(isOnRows).filter(({ rows }) => (logs?.get(rows.log)?.length ?? 0) > 0);
  const asks = onRows.some(({ ignoreFlipped, rows }) => ignoreFlipped && rows.connection !== "never");
  const turned = asks && conn.length > 0 ? await turnedConnections(conn) : new Set<string>();
  const names = new Set(onRows.map(({ rows }) => rows.log));
  return [...names].map((log) =>
    bindRows(
      log,
      onRows.filter(({ rows }) => rows.log === log),
      turned,
    ),
  );
}
