import type { Expression, ZeekValue } from "../../model/expression.js";
import type { NoticeLog, ZeekDetectionModel } from "../../model/model.js";
import { createClock, type ZeekClock } from "../../zeek/tables/clock.js";
import { createSuppression } from "../../zeek/tables/suppression.js";
import { compileEvaluator, type Globals, type Reader } from "../expressions/evaluate.js";
import { createDetector, type Detector, type MakeDetector } from "./detector.js";
import { conjuncts, createSharing, type Shared } from "./shared.js";
import type { DetectionOutput, DetectionSummary, NearMiss, Origin } from "./types.js";

export interface EngineOptions<Row> {
  readonly detections: readonly ZeekDetectionModel[];
  readonly noticeLog: NoticeLog;
  /** How the fields of an event's record are read from a row. */
  readonly readerOf: (event: string) => Reader<Row>;
  readonly localNets: Globals<Row>["localNets"];
  /** Told of everything that happens, in Zeek's order. */
  readonly emit: (output: DetectionOutput) => void;
  /** Whether an expression reads only what a row holds before `complete` is called; without it: all do. */
  readonly isEarly?: (event: string, expression: Expression) => boolean;
  /** Brings the rest of a row's values; called before anything but early guards looks at it. */
  readonly complete?: (row: Row) => void;
  /** Which line of which log a row is; none where rows have no place. */
  readonly originOf?: (row: Row) => Origin;
  /** A clock that the source of events drives; without it the engine makes its own. */
  readonly clock?: ZeekClock;
  /** What counts the events of a detection, where that is not the replay's own. */
  readonly detectorOf?: MakeDetector<Row>;
  /** Near misses kept for each detection (default 100). */
  readonly nearMisses?: number;
}

/** Detections over a stream of packets' times and events, as the emitted scripts do it standalone. */
export interface DetectionEngine<Row> {
  readonly clock: ZeekClock;
  /** Events that some detection looks at. */
  readonly events: ReadonlySet<string>;
  /** A packet: network time moves on, and due table ticks run before any event of the packet. */
  packet(time: number): void;
  /**
   * An event at the present network time. The row may be reused afterwards.
   *
   * @param wanted `wants` has said so: a single detection need not look again
   */
  event(name: string, row: Row, wanted?: boolean): void;
  /**
   * Whether some detection counts this event: depends on the row alone, so it can be asked before the
   * event's turn. Null where a guard looks at the time, too.
   */
  readonly wants: ((name: string, row: Row) => boolean) | null;
  summaries(): readonly DetectionSummary[];
  /** Keys that never fired and how close they came, closest first within each detection. */
  nearMisses(): readonly NearMiss[];
}

interface Watching<Row> {
  /** Those that need not the whole row. */
  readonly early: readonly Shared<Row>[];
  readonly guards: readonly Shared<Row>[];
  readonly history: ((row: Row) => ZeekValue | undefined) | null;
  readonly detector: Detector<Row>;
}

const defaultNearMisses = 100;
const nowhere: Origin = { file: null, lineNumber: null };

export function createEngine<Row>(options: EngineOptions<Row>): DetectionEngine<Row> {
  const { detections, readerOf } = options;
  const { localNets } = options;
  const clock = options.clock ?? createClock();
  const suppression = createSuppression(clock);
  const globals: Globals<Row> = { localNets, networkTime: () => clock.now() };
  let generation = 0;
  const surroundings = {
    clock,
    suppression,
    noticeLog: options.noticeLog,
    localNets,
    emit: options.emit,
    nearMisses: options.nearMisses ?? defaultNearMisses,
    originOf: options.originOf ?? (() => nowhere),
  };
  const sharingOf = new Map<string, (expression: Expression) => Shared<Row>>();
  const shareAt = (event: string): ((expression: Expression) => Shared<Row>) => {
    const known = sharingOf.get(event);
    if (known !== undefined) return known;
    const read = readerOf(event);
    const share = createSharing<Row>(
      (expression) => compileEvaluator(expression, read, globals),
      () => generation,
    );
    sharingOf.set(event, share);
    return share;
  };
  const detectors: Detector<Row>[] = [];
  const byEvent = new Map<string, Watching<Row>[]>();
  for (const detection of detections) {
    const share = shareAt(detection.event);
    const detector = (options.detectorOf ?? createDetector)(detection, share, surroundings);
    detectors.push(detector);
    const watching = byEvent.get(detection.event) ?? [];
    byEvent.set(detection.event, watching);
    const parts = detection.where === null ? [] : conjuncts(detection.where);
    const isEarly = (part: Expression): boolean => options.isEarly?.(detection.event, part) ?? false;
    watching.push({
      early: parts.filter(isEarly).map(share),
      guards: parts.filter((part) => !isEarly(part)).map(share),
      history: detection.ignoreFlipped
        ? readerOf(detection.event)("c", ["history"], { kind: "string" })
        : null,
      detector,
    });
  }

  // Mostly the event asked for last.
  let lastName = "";
  let lastWatching: readonly Watching<Row>[] = [];
  const watchingOf = (name: string): readonly Watching<Row>[] => {
    if (name === lastName) return lastWatching;
    lastName = name;
    lastWatching = byEvent.get(name) ?? [];
    return lastWatching;
  };

  return {
    clock,
    events: new Set(byEvent.keys()),
    packet: (time) => clock.advance(time),
    event(name, row, wanted) {
      const all = byEvent.get(name);
      if (all === undefined) return;
      generation++;
      const [only] = all;
      if (wanted === true && all.length === 1 && only !== undefined) {
        only.detector.count(row);
        return;
      }
      for (const watching of all)
        if (passesEarly(watching, row) && passesLate(watching, row)) watching.detector.count(row);
    },
    wants: detections.some(({ where }) => where !== null && looksAtTime(where))
      ? null
      : (name, row) => {
          generation++;
          const all = watchingOf(name);
          let complete = false;
          for (let i = 0; i < all.length; i++) {
            const watching = all[i];
            if (watching === undefined || !passesEarly(watching, row)) continue;
            if (!complete) options.complete?.(row);
            complete = true;
            if (passesLate(watching, row)) return true;
          }
          return false;
        },
    summaries: () => detectors.map((detector) => detector.summary()),
    nearMisses: () => detectors.flatMap((detector) => detector.nearMisses()),
  };
}

function passesEarly<Row>({ early }: Watching<Row>, row: Row): boolean {
  for (let i = 0; i < early.length; i++) if (early[i]?.(row) !== true) return false;
  return true;
}

function passesLate<Row>({ guards, history }: Watching<Row>, row: Row): boolean {
  for (let i = 0; i < guards.length; i++) if (guards[i]?.(row) !== true) return false;
  if (history === null) return true;
  const letters = history(row);
  return typeof letters !== "string" || !letters.includes("^");
}

/** Expressions are plain data: a call of network_time shows as text, wherever it stands. */
function looksAtTime(expression: Expression): boolean {
  return JSON.stringify(expression).includes('"function":"network_time"');
}
