import type { Expression, ZeekValue } from "../model/expression.js";
import type { NoticeLog, ZeekDetectionModel } from "../model/model.js";
import { capacityMessage, capacityNotice } from "../model/zeek-names.js";
import type { LogColumn } from "../zeek/logs/types.js";
import { formatTsvRow } from "../zeek/logs/write.js";
import type { ZeekClock } from "../zeek/tables/clock.js";
import type { NoticeSuppression } from "../zeek/tables/suppression.js";
import { createCounter, type Full, type Gone } from "./counters.js";
import { compileEvaluator, type Globals, type Reader } from "./expressions/evaluate.js";
import { joined, type Keys, type TableKey, tableKey } from "./keys.js";
import { logTypeOf, logValueOf, noticeLine } from "./lines.js";
import { createNearMisses } from "./near-misses.js";
import type { Sharing } from "./shared.js";
import type { DetectionOutput, DetectionSummary, NearMiss, NearMissesLeftOut, Origin } from "./types.js";

/** What detections share within one replay. */
export interface Surroundings<Row> {
  readonly originOf: (row: Row) => Origin;
  readonly clock: ZeekClock;
  readonly suppression: NoticeSuppression;
  readonly noticeLog: NoticeLog;
  readonly localNets: Globals<Row>["localNets"];
  readonly emit: (output: DetectionOutput) => void;
  /** How many near misses a detection keeps. */
  readonly nearMisses: number;
  readonly countNearMisses: boolean;
}

/** One detection at work: what the emitted script's event handlers do. */
export interface Detector<Row> {
  /** An event that has passed `where` and the guards. */
  count(row: Row): void;
  summary(): DetectionSummary;
  nearMisses(): readonly NearMiss[];
  /** The keys that `nearMisses` leaves out; null: none, or they were not to be counted. */
  nearMissesLeftOut(): NearMissesLeftOut | null;
}

/** What messages, sources and columns are made from. */
export interface Hit {
  readonly parts: readonly ZeekValue[];
  readonly count: number;
  readonly time: number;
}

export const readHit: Reader<Hit> = (parameter, [field, index]) => {
  if (field === "count") return ({ count }) => count;
  if (field === "time") return ({ time }) => time;
  if (parameter !== "hit" || field !== "key") return () => undefined;
  const part = Number(index ?? 0);
  return ({ parts }) => parts[part];
};

/** Keys remembered as fired, so that what they do later is no near miss. */
const mostFired = 100_000;

/** How an event's row gives the key and what is counted. */
export interface KeyReader<Row> {
  readonly keys: Keys<Row>;
  readonly countedValue: (row: Row) => TableKey;
}

export function createKeyReader<Row>(detection: ZeekDetectionModel, sharing: Sharing<Row>): KeyReader<Row> {
  return {
    keys: sharing.keys(detection.key.map(({ expression }) => expression)),
    countedValue: tableKey(countedOf(detection).map(sharing.value)),
  };
}

/** Makes what counts a detection's events. */
export type MakeDetector<Row> = (
  detection: ZeekDetectionModel,
  sharing: Sharing<Row>,
  surroundings: Surroundings<Row>,
) => Detector<Row>;

export function createDetector<Row>(
  detection: ZeekDetectionModel,
  sharing: Sharing<Row>,
  {
    clock,
    suppression,
    noticeLog,
    localNets,
    emit,
    nearMisses,
    countNearMisses,
    originOf,
  }: Surroundings<Row>,
): Detector<Row> {
  const { caps, log, name, note, threshold, window } = detection;
  const globals: Globals<Hit> = { localNets, networkTime: ({ time }) => time };
  const ofHit = (expression: Expression): ((hit: Hit) => ZeekValue) =>
    compileEvaluator(expression, readHit, globals);

  const { keys, countedValue } = createKeyReader(detection, sharing);

  const message = ofHit(detection.message);
  const source = ofHit(detection.source);
  const columns: readonly LogColumn[] = (log?.columns ?? []).map((column) => ({
    name: column.name,
    type: logTypeOf(column.type),
  }));
  const cells = (log?.columns ?? []).map(({ expression, type }) => {
    const value = ofHit(expression);
    return (hit: Hit) => logValueOf(value(hit), type);
  });

  const near = createNearMisses(nearMisses, countNearMisses);
  const fired = new Set<string>();
  let counted = 0;
  let hits = 0;
  let suppressed = 0;
  let refused = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const gone: Gone = (key, best, bestTime) => {
    if (!near.isNear(best)) return;
    const parts = keys.parts(key);
    near.add({ key: joined(parts), parts, count: best, time: bestTime });
  };

  const fire = (hit: Hit, key: TableKey, { file, lineNumber }: Origin): void => {
    const origin = { file, lineNumber };
    hits++;
    if (fired.size < mostFired) fired.add(joined(hit.parts));
    const identifier = String(key);
    const from = String(source(hit));
    if (suppression.isSuppressed(note, identifier)) {
      suppressed++;
      emit({
        kind: "suppressed",
        time: hit.time,
        detection: name,
        note,
        source: from,
        count: hit.count,
        ...origin,
      });
      return;
    }
    if (log !== null) {
      const values = cells.map((cell) => cell(hit));
      const line = formatTsvRow(columns, values);
      emit({
        kind: "row",
        time: hit.time,
        detection: name,
        path: log.path,
        columns,
        values,
        line,
        ...origin,
      });
    }
    suppression.accept({ note, identifier, suppressFor: detection.suppress });
    const text = String(message(hit));
    const line = noticeLine(noticeLog, {
      time: hit.time,
      note,
      message: text,
      source: from,
      suppressFor: detection.suppress,
    });
    emit({
      kind: "notice",
      time: hit.time,
      detection: name,
      note,
      message: text,
      source: from,
      count: hit.count,
      line,
      ...origin,
    });
  };

  const full: Full = (now) => {
    if (now - toldAt < window.seconds) return;
    toldAt = now;
    const capacity = note.slice(0, note.length - name.length) + capacityNotice(name);
    const text = capacityMessage(detection, caps.keys);
    const line = noticeLine(noticeLog, {
      time: now,
      note: capacity,
      message: text,
      source: undefined,
      suppressFor: 0,
    });
    emit({ kind: "capacity", time: now, detection: name, note: capacity, message: text, line });
  };

  const counter = createCounter(detection, clock, keys, gone, full);
  return {
    count(event) {
      counted++;
      const now = clock.now();
      const key = keys.of(event);
      const outcome = counter.observe(key, countedValue(event), now);
      if (outcome === undefined) return;
      if (outcome === "refused") refused++;
      else fire({ parts: keys.parts(key), count: outcome, time: now }, keys.key(key), originOf(event));
    },
    summary: () => ({ detection: name, counted, hits, suppressed, refused }),
    nearMisses() {
      counter.finish();
      return near
        .list((key) => fired.has(key))
        .map(({ parts: key, count, time }) => ({
          detection: name,
          note,
          key,
          source: String(source({ parts: key, count, time })),
          count,
          threshold,
          time,
        }));
    },
    nearMissesLeftOut() {
      counter.finish();
      const leftOut = near.leftOut((key) => fired.has(key));
      return leftOut === null || leftOut.count === 0 ? null : { detection: name, ...leftOut };
    },
  };
}

function countedOf({ count }: ZeekDetectionModel): readonly Expression[] {
  switch (count.kind) {
    case "distinct":
      return count.of.map(({ expression }) => expression);
    case "sum":
      return [count.of.expression];
    default:
      return [];
  }
}
