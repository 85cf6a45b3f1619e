import { fieldsWithoutColumn, isReplayedEvent } from "../detections/binding.js";
import type { DetectionOutput, DetectionSummary, NearMiss, NearMissesLeftOut } from "../detections/index.js";
import {
  type ReplayedDetections,
  type ReplayOptions,
  type RowSource,
  replayDetections,
} from "../detections/replay.js";
import { isOnRows, unknownInRows } from "../detections/rows.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { type ReadingWatch, sizeOf } from "../files/reading-watch.js";
import type { ArchivedLine } from "../logtest/archived-lines.js";
import type { Model, ZeekDetectionModel, ZeekModel } from "../model/model.js";
import { dedicatedName } from "../model/zeek-names.js";
import { areRotated, type FoundLog, findLogs } from "../zeek/logs/find.js";
import { probeLog } from "../zeek/logs/probe.js";
import { effectiveLocalNets } from "../zeek/values/local-nets.js";
import { parseSubnet } from "../zeek/values/subnet.js";
import { createAsyncQueue } from "./async-queue.js";
import type { ChainLine } from "./chain-line.js";
import { codes } from "./codes.js";
import type { Feed } from "./feed.js";
import { noticeLogPath, noticeOf, readNoticeLine } from "./notice-log.js";
import { threadReading } from "./reading-thread.js";
import { type LineDates, syslogLines } from "./syslog-source.js";
import type { RowFunnel, Unplayed } from "./why.js";

export interface ReorderWindow {
  /** Log time, in seconds. */
  readonly seconds: number;
  /** Rows that may wait at the same time. */
  readonly events: number;
}

export interface ZeekSource {
  /** What reaches OSSEC, each source in time order. */
  readonly feeds: readonly AsyncIterable<Feed>[];
  /** How the detections did; complete when the feeds have ended. */
  readonly outcome: () => {
    readonly summaries: readonly DetectionSummary[];
    readonly nearMisses: readonly NearMiss[];
    readonly nearMissesLeftOut: readonly NearMissesLeftOut[];
    /** By detection; empty where they were not asked for. */
    readonly funnels: ReadonlyMap<string, RowFunnel>;
  };
  /** Why the others were not evaluated, by detection. */
  readonly unplayed: ReadonlyMap<string, Unplayed>;
  readonly diagnostics: readonly Diagnostic[];
  /** Logs were given, and none of them is one that a detection looks at. */
  readonly unread: boolean;
}

/** Rows of an archive instead of log files. */
export interface ArchivedRows {
  /** What the archive was made of. */
  readonly found: readonly FoundLog[];
  /** Makes the rows ready that these detections need. */
  prepare(detections: readonly ZeekDetectionModel[], window: ReorderWindow | null): Promise<PreparedRows>;
  /** The lines of a log of notices as they stand, in the order of their times; null: it has none of them. */
  notices?(log: string): AsyncIterable<ArchivedLine> | null;
}

export type PreparedRows =
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly ok: true;
      readonly diagnostics: readonly Diagnostic[];
      readonly source: RowSource;
      /** When tables tick (`EventOptions.packets`); null: all rows come, and tell it themselves. */
      readonly packets: Float64Array | null;
      /** The trace's last packet; null: the rows tell it, or nothing is known about an end. */
      readonly end: number | null;
      readonly trace: "offline" | "live";
      /** Logs that it has rows of. */
      readonly logs: readonly string[];
    };

/** Looks at what is given and decides which detections are evaluated, and which come from a notice log. */
export async function openZeek(
  model: Model,
  zeek: ZeekModel,
  paths: readonly string[],
  options: {
    readonly reported: (diagnostic: Diagnostic) => void;
    readonly reorder: ReorderWindow | null;
    readonly dates: LineDates;
    readonly nearMisses: boolean;
    readonly funnels: boolean;
    /** Rows of a log to read at most. */
    readonly most: number | null;
    readonly watch?: ReadingWatch | undefined;
    readonly archive?: ArchivedRows | undefined;
  },
): Promise<ZeekSource> {
  const { archive } = options;
  const archived = archive?.notices?.(noticeLogPath(zeek)) ?? null;
  const found =
    archive === undefined
      ? await findLogs(paths)
      : {
          logs: archive.found.filter(({ log }) => archived !== null || log !== noticeLogPath(zeek)),
          diagnostics: [],
        };
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const all = model.detections.filter((one): one is ZeekDetectionModel => one.kind === "zeek");
  const notices = found.logs.filter(({ log }) => log === noticeLogPath(zeek));
  // What nobody can name is tried as conn.log; reading it says what is wrong with it.
  const conn = found.logs.filter(
    ({ log, file, inFolder }) =>
      log === "conn" || (log === undefined && !inFolder && !notices.some((notice) => notice.file === file)),
  );
  const hasConn = conn.length > 0;
  const rowLogs = new Set(all.flatMap(({ rows }) => (rows === null ? [] : rows.log)));
  const others = filesByLog(
    found.logs.filter(({ log }) => log !== undefined && log !== "conn" && rowLogs.has(log)),
  );
  // A log that no detection reads must still be one: rubbish is reported, never passed over in silence.
  for (const log of archive === undefined ? found.logs : [])
    if (!log.inFolder && log.file !== "-" && !conn.includes(log) && !notices.includes(log))
      if (log.log === undefined || !others.has(log.log))
        diagnostics.push(...(await probeLog(log.file)).filter(({ severity }) => severity === "error"));
  // Zeek writes a log when there is something to write: in a folder of logs one that is missing had no rows.
  const folder = found.logs.some(({ inFolder }) => inFolder);
  const evaluated: ZeekDetectionModel[] = [];
  const missing = new Map<string, ZeekDetectionModel[]>();
  const unplayed = new Map<string, Unplayed>();
  const logsGiven = [...new Set(found.logs.flatMap(({ log }) => log ?? []))].sort();
  for (const detection of all) {
    const log = detection.rows?.log ?? "conn";
    const given = log === "conn" ? hasConn : others.has(log) || (folder && hasConn);
    const why = given ? notReplayable(detection) : null;
    if (given && why === null) evaluated.push(detection);
    else
      unplayed.set(
        detection.name,
        notices[0] !== undefined
          ? { kind: "notices-taken", file: notices[0].file }
          : why !== null
            ? { kind: "not-replayable", reason: why }
            : { kind: "log-not-given", log, given: logsGiven },
      );
    if (given && why === null) continue;
    if (notices.length === 0 && found.logs.length > 0) {
      if (why === null) missing.set(log, [...(missing.get(log) ?? []), detection]);
      else
        diagnostics.push(
          codes.notReplayable(detection.span, `"${detection.name}" cannot be replayed: ${why}`, meaningless),
        );
    }
  }
  for (const [log, detections] of missing)
    diagnostics.push(...notGiven(log, detections, evaluated.length > 0));
  const summaries: DetectionSummary[] = [];
  const nearMisses: NearMiss[] = [];
  const nearMissesLeftOut: NearMissesLeftOut[] = [];
  const funnels = new Map<string, RowFunnel>();
  const feeds: AsyncIterable<Feed>[] = [];
  const prepared = evaluated.length > 0 ? await archive?.prepare(evaluated, options.reorder) : undefined;
  if (prepared !== undefined) diagnostics.push(...prepared.diagnostics);
  if (evaluated.length > 0 && prepared?.ok !== false)
    feeds.push(
      evaluatedFeed(zeek, evaluated, { conn, others, prepared }, options, (result) => {
        summaries.push(...result.summaries);
        nearMisses.push(...result.nearMisses);
        nearMissesLeftOut.push(...result.nearMissesLeftOut);
        for (const diagnostic of result.events.diagnostics) options.reported(diagnostic);
        for (const funnel of rowFunnels(evaluated, result, options.most))
          funnels.set(funnel.detection, funnel);
      }),
    );
  const fromLog = all.filter((detection) => !evaluated.includes(detection));
  const [firstNotice] = notices;
  if (fromLog.length > 0 && firstNotice !== undefined) {
    diagnostics.push(
      codes.noticeLog(
        { file: firstNotice.file, line: 1, column: 1 },
        `notices of ${fromLog.map(({ name }) => name).join(", ")} are taken from this log as they stand`,
      ),
    );
    const sources =
      archived === null
        ? notices.map(({ file }) => noticeLines(zeek, file, options))
        : [locatedAt(zeek, archived)];
    for (const lines of sources) feeds.push(noticeFeed(model, zeek, evaluated, lines));
  }
  const rowFiles =
    evaluated.length === 0 ? [] : [...conn.map(({ file }) => file), ...[...others.values()].flat()];
  const isNoticeRead = fromLog.length > 0;
  if (archive === undefined)
    options.watch?.expect(sizeOf([...rowFiles, ...(isNoticeRead ? notices.map(({ file }) => file) : [])]));
  const absent = [...missing.values()].reduce((sum, { length }) => sum + length, 0);
  const unread = feeds.length === 0 && found.logs.length > 0 && absent === all.length;
  return {
    feeds,
    outcome: () => ({ summaries, nearMisses, nearMissesLeftOut, funnels }),
    unplayed,
    diagnostics,
    unread,
  };
}

const meaningless = "silence of this detection means nothing here; give its notice log to see what it raised";

/** Where other detections have their logs, whoever gave those knows: it is reported once a log. */
function notGiven(
  log: string,
  detections: readonly ZeekDetectionModel[],
  others: boolean,
): readonly Diagnostic[] {
  const [first] = detections;
  if (first !== undefined && others) {
    const names = detections.map(({ name }) => name).join(", ");
    return [
      codes.logNotGiven(first.span, `none of the given logs is ${log}.log: ${names} cannot be replayed`),
    ];
  }
  return detections.map(({ name, span }) =>
    codes.notReplayable(
      span,
      `"${name}" cannot be replayed: none of the given logs is ${log}.log`,
      meaningless,
    ),
  );
}

/** Files of logs by the logs' names. */
export function filesByLog(logs: readonly FoundLog[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { log, file } of logs) if (log !== undefined) files.set(log, [...(files.get(log) ?? []), file]);
  return files;
}

/** Why its log cannot tell what a detection would have seen, or null. */
export function notReplayable(detection: ZeekDetectionModel): string | null {
  if (isOnRows(detection)) return unknownInRows(detection);
  if (!isReplayedEvent(detection.event))
    return `conn.log does not tell when the event ${detection.event} came`;
  const fields = fieldsWithoutColumn(detection).map(({ path }) => `c$${path.join("$")}`);
  return fields.length === 0 ? null : `conn.log has no column for ${fields.join(", ")}`;
}

function evaluatedFeed(
  zeek: ZeekModel,
  detections: readonly ZeekDetectionModel[],
  {
    conn,
    others,
    prepared,
  }: {
    readonly conn: readonly FoundLog[];
    readonly others: ReadonlyMap<string, readonly string[]>;
    readonly prepared: (PreparedRows & { readonly ok: true }) | undefined;
  },
  options: Pick<Parameters<typeof openZeek>[3], "reorder" | "nearMisses" | "funnels" | "most" | "watch">,
  done: (result: ReplayedDetections) => void,
): AsyncIterable<Feed> {
  const queue = createAsyncQueue<Feed>();
  const emit = (output: DetectionOutput): void => {
    if (output.kind === "notice") queue.push(noticeToFeed(zeek, output, output.source));
    if (output.kind === "capacity" && zeek.capacity !== undefined)
      queue.push(noticeToFeed(zeek, output, null));
  };
  replayDetections(
    {
      detections,
      noticeLog: zeek.noticeLog,
      ...(prepared === undefined
        ? {
            conn: conn.map(({ file }) => file),
            logs: others,
            reading: { place: threadReading, siteNets: zeek.localNets },
            trace: areRotated(conn) ? "live" : "offline",
          }
        : archivedOptions(prepared)),
      localNets: effectiveLocalNets(zeek.localNets.flatMap((text) => parseSubnet(text) ?? [])),
      ...(options.reorder === null ? {} : { window: options.reorder }),
      countNearMisses: options.nearMisses,
      funnels: options.funnels,
      ...(options.most === null ? {} : { most: options.most }),
      ...(options.watch === undefined ? {} : { watch: options.watch }),
    },
    emit,
  ).then(
    (result) => {
      done(result);
      queue.end();
    },
    (reason: unknown) => queue.fail(reason),
  );
  return queue.items;
}

/** The rows of an archive: each log is one source, whatever it was made of. */
export function archivedOptions({
  source,
  packets,
  end,
  trace,
  logs,
}: PreparedRows & { readonly ok: true }): Pick<
  ReplayOptions,
  "conn" | "logs" | "source" | "packets" | "end" | "trace"
> {
  return {
    conn: logs.filter((log) => log === "conn"),
    logs: new Map(logs.filter((log) => log !== "conn").map((log) => [log, [log]])),
    source,
    trace,
    ...(packets === null ? {} : { packets }),
    ...(end === null ? {} : { end }),
  };
}

function rowFunnels(
  evaluated: readonly ZeekDetectionModel[],
  { funnels, events, summaries, nearMisses }: ReplayedDetections,
  most: number | null,
): readonly RowFunnel[] {
  return funnels.flatMap((funnel): readonly RowFunnel[] => {
    const detection = evaluated.find(({ name }) => name === funnel.detection);
    const summary = summaries.find((one) => one.detection === funnel.detection);
    if (detection === undefined || summary === undefined) return [];
    const log = detection.rows?.log ?? "conn";
    const rows = events.rows.get(log) ?? 0;
    const best = nearMisses.find((one) => one.detection === funnel.detection) ?? null;
    const lacking = events.lacking.get(log) ?? [];
    const isPart = most !== null && rows >= most;
    return [{ ...funnel, log, event: detection.event, rows, lacking, summary, best, isPart }];
  });
}

/** What a notice is on its way to OSSEC. */
export function noticeToFeed(
  zeek: ZeekModel,
  output: Extract<DetectionOutput, { kind: "notice" | "capacity" }>,
  source: string | null,
): Feed {
  const { time, detection, note, message, line } = output;
  // Of what follows from it, too, people want to see the row that was one too many.
  const { file, lineNumber } = output.kind === "notice" ? output : { file: null, lineNumber: null };
  return {
    time,
    notice: { time, kind: "notice", detection, source, file, lineNumber, note, message, line },
    line: { text: line, time, location: zeek.noticeLog.file, file, lineNumber },
  };
}

/** The lines of a log of notices. */
function noticeLines(
  zeek: ZeekModel,
  file: string,
  options: {
    readonly reported: (diagnostic: Diagnostic) => void;
    readonly dates: LineDates;
    readonly watch?: ReadingWatch | undefined;
  },
): AsyncIterable<ChainLine> {
  const { watch } = options;
  const input = {
    file,
    location: zeek.noticeLog.file,
    ...options.dates,
    ...(watch === undefined ? {} : { watch }),
  };
  return syslogLines(input, options.reported);
}

async function* locatedAt(zeek: ZeekModel, lines: AsyncIterable<ArchivedLine>): AsyncGenerator<ChainLine> {
  const location = zeek.noticeLog.file;
  for await (const { text, time, file = null, lineNumber = null } of lines)
    yield { text, time, location, file, lineNumber };
}

async function* noticeFeed(
  model: Model,
  zeek: ZeekModel,
  evaluated: readonly ZeekDetectionModel[],
  lines: AsyncIterable<ChainLine>,
): AsyncGenerator<Feed> {
  const sourceColumn = dedicatedName(zeek.noticeLog, "src");
  const skipped = new Set(evaluated.map(({ note }) => note));
  for await (const line of lines) {
    const parts = readNoticeLine(line.text, sourceColumn);
    if (parts !== null && skipped.has(parts.note)) continue;
    yield { time: line.time, notice: parts === null ? null : noticeOf(model, line, parts), line };
  }
}
