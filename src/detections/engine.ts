import type { Expression, ZeekValue } from "../model/expression.js";
import type { NoticeLog, ZeekDetectionModel } from "../model/model.js";
import { isFlipped } from "../zeek/connections/removal.js";
import { createClock, type ZeekClock } from "../zeek/tables/clock.js";
import { createSuppression } from "../zeek/tables/suppression.js";
import { createDetector, type Detector, type MakeDetector } from "./detector.js";
import { compileEvaluator, type Globals, type Reader } from "./expressions/evaluate.js";
import { conjuncts, createSharing, type Shared, type Sharing } from "./shared.js";
import type { DetectionOutput, DetectionSummary, NearMiss, NearMissesLeftOut, Origin } from "./types.js";

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
  /** Whether the keys beyond those are counted (default false: it needs memory for each key). */
  readonly countNearMisses?: boolean;
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
   * @param wantedBy what `wants` has said, so that no guard need look again
   */
  event(name: string, row: Row, wantedBy?: number): void;
  /**
   * Which detections count this event, as bits; 0: none. Depends on the row alone, so it can be asked before the
   * event's turn. Null where a guard looks at the time, too.
   */
  readonly wants: ((name: string, row: Row) => number) | null;
  summaries(): readonly DetectionSummary[];
  /** Keys that never fired and how close they came, closest first within each detection. */
  nearMisses(): readonly NearMiss[];
  nearMissesLeftOut(): readonly NearMissesLeftOut[];
}

/** Guards that some detections on an event have in common. */
interface Prefilter<Row> {
  /** Those that need not the whole row. */
  readonly early: readonly Shared<Row>[];
  readonly guards: readonly Shared<Row>[];
  readonly history: ((row: Row) => ZeekValue | undefined) | null;
  readonly bit: number;
}

/** The detections on an event, in their order, and the prefilters before them. */
interface Watching<Row> {
  readonly prefilters: Prefilter<Row>[];
  readonly detectors: { readonly prefilter: Prefilter<Row>; readonly detector: Detector<Row> }[];
}

/** The bit of all prefilters that have none of their own: which of them are open must be asked again. */
const manyPrefilters = 1 << 30;

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
    countNearMisses: options.countNearMisses ?? false,
    originOf: options.originOf ?? (() => nowhere),
  };
  const sharingOf = new Map<string, Sharing<Row>>();
  const shareAt = (event: string): Sharing<Row> => {
    const known = sharingOf.get(event);
    if (known !== undefined) return known;
    const read = readerOf(event);
    const sharing = createSharing<Row>(
      (expression) => compileEvaluator(expression, read, globals),
      () => generation,
    );
    sharingOf.set(event, sharing);
    return sharing;
  };
  const detectors: Detector<Row>[] = [];
  const byEvent = new Map<string, Watching<Row>>();
  for (const detection of detections) {
    const sharing = shareAt(detection.event);
    const detector = (options.detectorOf ?? createDetector)(detection, sharing, surroundings);
    detectors.push(detector);
    const watching = byEvent.get(detection.event) ?? { prefilters: [], detectors: [] };
    byEvent.set(detection.event, watching);
    const prefilter = prefilterFor(watching.prefilters, detection, sharing, options);
    watching.detectors.push({ prefilter, detector });
  }

  // Mostly the event asked for last.
  let lastName = "";
  let lastWatching: Watching<Row> = { prefilters: [], detectors: [] };
  const watchingOf = (name: string): Watching<Row> => {
    if (name === lastName) return lastWatching;
    lastName = name;
    lastWatching = byEvent.get(name) ?? { prefilters: [], detectors: [] };
    return lastWatching;
  };
  const openPrefilters = (
    prefilters: readonly Prefilter<Row>[],
    row: Row,
    complete: ((row: Row) => void) | undefined,
  ) => {
    let open = 0;
    let isWhole = false;
    for (let i = 0; i < prefilters.length; i++) {
      const prefilter = prefilters[i];
      if (prefilter === undefined || !passesEarly(prefilter, row)) continue;
      if (!isWhole) complete?.(row);
      isWhole = true;
      if (passesLate(prefilter, row)) open |= prefilter.bit;
    }
    return open;
  };

  return {
    clock,
    events: new Set(byEvent.keys()),
    packet: (time) => clock.advance(time),
    event(name, row, wantedBy) {
      generation++;
      const { prefilters, detectors: watching } = watchingOf(name);
      const open = wantedBy ?? openPrefilters(prefilters, row, undefined);
      for (let i = 0; i < watching.length; i++) {
        const one = watching[i];
        if (one === undefined || (open & one.prefilter.bit) === 0) continue;
        if (
          one.prefilter.bit === manyPrefilters &&
          !(passesEarly(one.prefilter, row) && passesLate(one.prefilter, row))
        )
          continue;
        one.detector.count(row);
      }
    },
    wants: detections.some(({ where }) => where !== null && looksAtTime(where))
      ? null
      : (name, row) => {
          generation++;
          return openPrefilters(watchingOf(name).prefilters, row, options.complete);
        },
    summaries: () => detectors.map((detector) => detector.summary()),
    nearMisses: () => detectors.flatMap((detector) => detector.nearMisses()),
    nearMissesLeftOut: () => detectors.flatMap((detector) => detector.nearMissesLeftOut() ?? []),
  };
}

/** The prefilter with the guards of a detection; a new one where there is none yet. */
function prefilterFor<Row>(
  prefilters: Prefilter<Row>[],
  { where, event, ignoreFlipped }: ZeekDetectionModel,
  sharing: Sharing<Row>,
  { isEarly, readerOf }: EngineOptions<Row>,
): Prefilter<Row> {
  const parts = where === null ? [] : conjuncts(where);
  const early = parts.filter((part) => isEarly?.(event, part) === true).map(sharing.value);
  const guards = parts.filter((part) => isEarly?.(event, part) !== true).map(sharing.value);
  const same = (one: readonly Shared<Row>[], other: readonly Shared<Row>[]): boolean =>
    one.length === other.length && one.every((guard) => other.includes(guard));
  const known = prefilters.find(
    (prefilter) =>
      same(prefilter.early, early) &&
      same(prefilter.guards, guards) &&
      (prefilter.history !== null) === ignoreFlipped,
  );
  if (known !== undefined) return known;
  const history = ignoreFlipped ? readerOf(event)("c", ["history"], { kind: "string" }) : null;
  const prefilter = { early, guards, history, bit: Math.min(manyPrefilters, 2 ** prefilters.length) };
  prefilters.push(prefilter);
  return prefilter;
}

function passesEarly<Row>({ early }: Prefilter<Row>, row: Row): boolean {
  for (let i = 0; i < early.length; i++) if (early[i]?.(row) !== true) return false;
  return true;
}

function passesLate<Row>({ guards, history }: Prefilter<Row>, row: Row): boolean {
  for (let i = 0; i < guards.length; i++) if (guards[i]?.(row) !== true) return false;
  if (history === null) return true;
  const letters = history(row);
  return typeof letters !== "string" || !isFlipped(letters);
}

/** Expressions are plain data: a call of network_time shows as text, wherever it stands. */
function looksAtTime(expression: Expression): boolean {
  return JSON.stringify(expression).includes('"function":"network_time"');
}
