import type { NoticeLog, ZeekDetectionModel } from "../model/model.js";
import {
  type EventInput,
  type EventOptions,
  type EventSummary,
  playEvents,
  type ZeekEvent,
} from "../zeek/connections/events.js";
import type { LogCursor, ReadOptions } from "../zeek/logs/cursor.js";
import { createClock } from "../zeek/tables/clock.js";
import { bindConnections, isReplayedEvent, type Valued } from "./binding.js";
import { connectionEvents, connectionInput, wantedByAny } from "./conn-input.js";
import type { MakeDetector } from "./detector.js";
import { createEngine, type DetectionEngine } from "./engine.js";
import type { Globals, Reader } from "./expressions/evaluate.js";
import { type Funnel, FunnelCounter } from "./funnel.js";
import { createLogReader, type LogReader, type ReadingPlace } from "./reader.js";
import { bindRows, isOnRows, type RowBinding } from "./rows.js";
import { turnedConnections } from "./turned.js";
import type { DetectionOutput, DetectionSummary, NearMiss, NearMissesLeftOut } from "./types.js";

/** Rows that come from elsewhere than from log files: from an archive. */
export interface RowSource {
  /** Opens the rows of a log, in the order in which they were written. */
  open(log: string, options: ReadOptions): LogCursor;
  /** The column that says when a row was written. */
  readonly written: string;
  /** Uids of connections whose ends Zeek has swapped. */
  turned(): Promise<ReadonlySet<string>>;
}

export interface ReplayOptions extends EventOptions {
  readonly detections: readonly ZeekDetectionModel[];
  readonly noticeLog: NoticeLog;
  /** conn.log files, rotated ones too. */
  readonly conn: readonly string[];
  /** Files of other logs, by the log's name. */
  readonly logs?: ReadonlyMap<string, readonly string[]>;
  readonly localNets: Globals<Valued>["localNets"];
  /** Where the rows are, if not in files; `conn` and `logs` say then only which logs there are. */
  readonly source?: RowSource;
  /** Where a large conn.log is read, and the site's networks as the bundle has them; absent: here. */
  readonly reading?: { readonly place: ReadingPlace; readonly siteNets: readonly string[] };
  /** See `EngineOptions.detectorOf`. */
  readonly detectorOf?: MakeDetector<Valued>;
  /** Near misses kept for each detection (default 100). */
  readonly nearMisses?: number;
  /** Whether those beyond are counted. */
  readonly countNearMisses?: boolean;
  /** Whether the rows are followed through the conditions of each detection (default false: it takes time). */
  readonly funnels?: boolean;
}

export interface ReplayedDetections {
  readonly summaries: readonly DetectionSummary[];
  readonly nearMisses: readonly NearMiss[];
  /** Detections with more than those; empty where they are not counted. */
  readonly nearMissesLeftOut: readonly NearMissesLeftOut[];
  /** Empty where they were not asked for. */
  readonly funnels: readonly Funnel[];
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
  const played = options.detections.filter(({ event }) => isReplayedEvent(event) || readers.has(event));
  const readerOf = (event: string): Reader<Valued> =>
    readers.get(event) ?? (isReplayedEvent(event) ? binding.reader(event) : () => () => undefined);
  const engine: DetectionEngine<Valued> = createEngine<Valued>({
    detections: played,
    noticeLog,
    localNets,
    emit,
    clock,
    originOf: ({ file, line }) => ({ file: file ?? null, lineNumber: line ?? null }),
    isEarly: (event, expression) => !readers.has(event) && binding.isEarly(event, expression),
    complete: (row) => row.rest?.(),
    readerOf,
    ...(options.detectorOf === undefined ? {} : { detectorOf: options.detectorOf }),
    ...(options.nearMisses === undefined ? {} : { nearMisses: options.nearMisses }),
    ...(options.countNearMisses === undefined ? {} : { countNearMisses: options.countNearMisses }),
  });
  const wants = engine.wants;
  const funnels = new Map<string, FunnelCounter<Valued>[]>();
  if (options.funnels === true)
    for (const detection of played) {
      const counter = new FunnelCounter(detection, readerOf(detection.event), {
        localNets,
        networkTime: () => clock.now(),
      });
      funnels.set(detection.event, [...(funnels.get(detection.event) ?? []), counter]);
    }
  const follow = (event: string, row: Valued, time: number): void => {
    for (const counter of funnels.get(event) ?? []) counter.see(row, time);
  };
  /** Where rows are asked for before their event's turn, all of them pass here. */
  const followed = (
    input: EventInput,
    eventsOf: (kind: ZeekEvent["kind"]) => readonly string[],
  ): EventInput => {
    const asked = input.wants;
    if (funnels.size === 0 || asked === undefined) return input;
    return {
      ...input,
      wants(row, kind) {
        row.rest();
        for (const name of eventsOf(kind)) follow(name, row, row.ts);
        return asked(row, kind);
      },
    };
  };
  const wanting = (events: readonly string[]): Pick<EventInput, "wants"> => {
    const [only] = events;
    if (wants === null || only === undefined) return {};
    if (events.length === 1) return { wants: (row) => wants(only, row) };
    return { wants: wantedByAny(wants, events) };
  };
  const { source } = options;
  const fromSource = (log: string): Pick<EventInput, "open" | "written"> =>
    source === undefined ? {} : { open: (_, reading) => source.open(log, reading), written: source.written };
  const inputs: EventInput[] = bindings.map(({ log, events, columns, types, after, sparse }) =>
    followed(
      {
        log,
        files: options.logs?.get(log) ?? [],
        ...fromSource(log),
        columns,
        types,
        sparse,
        ...(after === null ? {} : { after }),
        ...wanting(events),
      },
      () => events,
    ),
  );
  const connEvents = connectionEvents(engine);
  let reader: LogReader | undefined;
  if (onConn.length > 0) {
    const input = followed(connectionInput(engine, binding, conn), (kind) =>
      kind === "record" ? [] : connEvents[kind],
    );
    // Where a guard looks at the time, or rows are followed, every row has to come here.
    if (source === undefined && options.reading !== undefined && wants !== null && funnels.size === 0) {
      const { place, siteNets } = options.reading;
      reader = createLogReader({ detections: onConn, noticeLog, siteNets }, input, place, options.watch);
    }
    const open = reader?.open;
    inputs.unshift({ ...input, ...(open === undefined ? fromSource("conn") : { open }) });
  }
  const eventsOf = new Map(bindings.map(({ log, events }) => [log, events]));
  const onEvent = (event: ZeekEvent): void => {
    const names = event.kind === "record" ? (eventsOf.get(event.log) ?? []) : connEvents[event.kind];
    // What one event's prefilters said is of no use to another event.
    const wantedBy = wants !== null && names.length === 1 ? event.wantedBy : undefined;
    if (wants === null) for (const name of names) follow(name, event, event.time);
    for (const name of names) engine.event(name, event, wantedBy);
  };
  const events = await playEvents(inputs, clock, options, onEvent).finally(() => reader?.close());
  return {
    summaries: engine.summaries(),
    nearMisses: engine.nearMisses(),
    nearMissesLeftOut: engine.nearMissesLeftOut(),
    funnels: [...funnels.values()].flat().map((counter) => counter.result()),
    events,
  };
}

/** The logs other than conn.log that detections look at and that are there. */
async function bindLogs({ detections, conn, logs, source }: ReplayOptions): Promise<readonly RowBinding[]> {
  const onRows = detections.filter(isOnRows).filter(({ rows }) => (logs?.get(rows.log)?.length ?? 0) > 0);
  const asks = onRows.some(({ ignoreFlipped, rows }) => ignoreFlipped && rows.connection !== "never");
  const turned =
    asks && conn.length > 0 ? await (source?.turned() ?? turnedConnections(conn)) : new Set<string>();
  const names = new Set(onRows.map(({ rows }) => rows.log));
  return [...names].map((log) =>
    bindRows(
      log,
      onRows.filter(({ rows }) => rows.log === log),
      turned,
    ),
  );
}
