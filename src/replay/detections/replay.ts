import type { NoticeLog, ZeekDetectionModel } from "../../model/model.js";
import {
  type ConnectionEventKind,
  type EventOptions,
  type EventSummary,
  playEvents,
} from "../../zeek/connections/events.js";
import { createClock } from "../../zeek/tables/clock.js";
import type { Globals } from "../expressions/evaluate.js";
import { bindConnections, isReplayedEvent, type Valued } from "./binding.js";
import type { MakeDetector } from "./detector.js";
import { createEngine, type DetectionEngine } from "./engine.js";
import type { DetectionOutput, DetectionSummary, NearMiss } from "./types.js";

export interface ReplayOptions extends EventOptions {
  readonly detections: readonly ZeekDetectionModel[];
  readonly noticeLog: NoticeLog;
  /** conn.log files, rotated ones too. */
  readonly conn: readonly string[];
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

/** Plays conn.log through detections; everything that happens goes to `emit`, in Zeek's order. */
export async function replayDetections(
  options: ReplayOptions,
  emit: (output: DetectionOutput) => void,
): Promise<ReplayedDetections> {
  const { noticeLog, localNets, conn } = options;
  const detections = options.detections.filter(({ event }) => isReplayedEvent(event));
  const binding = bindConnections(detections);
  const clock = createClock();
  const engine: DetectionEngine<Valued> = createEngine<Valued>({
    detections,
    noticeLog,
    localNets,
    emit,
    clock,
    originOf: ({ file, line }) => ({ file: file ?? null, lineNumber: line ?? null }),
    isEarly: binding.isEarly,
    complete: (row) => row.rest?.(),
    readerOf: (event) => (isReplayedEvent(event) ? binding.reader(event) : () => () => undefined),
    ...(options.detectorOf === undefined ? {} : { detectorOf: options.detectorOf }),
    ...(options.nearMisses === undefined ? {} : { nearMisses: options.nearMisses }),
  });
  const kinds = [...engine.events].filter(isReplayedEvent);
  const wants = engine.wants;
  const events = await playEvents(
    [
      {
        log: binding.log,
        files: conn,
        columns: binding.columns,
        kinds,
        ...(wants === null ? {} : { wants: (row, kind: string) => wants(kind, row), later: binding.later }),
      },
    ],
    clock,
    options,
    (event) => engine.event(event.kind satisfies ConnectionEventKind | "record", event, wants !== null),
  );
  return { summaries: engine.summaries(), nearMisses: engine.nearMisses(), events };
}
