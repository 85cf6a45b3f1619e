import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ReadingWatch } from "../../files/reading-watch.js";
import { ZEEK_NO_RECORD, ZEEK_OUT_OF_ORDER } from "../codes.js";
import { type LogCursor, openLog, type ReadOptions } from "../logs/cursor.js";
import { type MergedLogs, mergeLogs, type RecordKey } from "../logs/merge.js";
import type { Reading } from "../logs/remote.js";
import type { LogRow } from "../logs/rows.js";
import type { LogType, LogValue } from "../logs/types.js";
import type { ZeekClock } from "../tables/clock.js";
import type { Arrival, Rank } from "./pending.js";
import {
  createEventQueue,
  DEFAULT_WINDOW,
  type EventQueue,
  type PacketSink,
  type ReorderWindow,
} from "./queue.js";
import { MEASURES, removalKeys, STEADY_FROM } from "./removal-key.js";

export type ConnectionEventKind = "new_connection" | "connection_state_remove";

/**
 * An event as far as a log can tell it. `record` is a row of any log but conn. The object and its
 * `values` are reused for the next event: copy what must last.
 */
export interface ZeekEvent {
  readonly kind: ConnectionEventKind | "record";
  /** Which log its row is of. */
  readonly log: string;
  /** Network time: when the event fires. For removals an estimate, unless their times were given. */
  readonly time: number;
  /** The row's `ts`. */
  readonly ts: number;
  /** In the order of the columns asked for. */
  readonly values: readonly LogValue[];
  readonly file: string;
  readonly line: number;
  /** What `wants` has said of the row. */
  readonly wantedBy: number;
}

/** One log that events come from. */
export interface EventInput {
  /** `conn`, `http`, ...: rows that say they are of another log are left out. */
  readonly log: string;
  readonly files: readonly string[];
  readonly columns: readonly string[];
  readonly types?: ReadonlyMap<string, LogType>;
  /** Its records may be of no connection: addresses that none of them has are nothing to report. */
  readonly sparse?: boolean;
  /** For conn: which events are wanted. Other logs give `record`. */
  readonly kinds?: readonly ConnectionEventKind[];
  /**
   * Looks at a row when it is met, before it waits for its turn: 0 for one whose event nobody will want, else
   * anything (32 bits) that the event is to bring along. Must not depend on state. Its packets still drive the
   * clock.
   */
  readonly wants?: (row: LogRow, kind: ZeekEvent["kind"]) => number;
  /** Not for conn: the column that holds how long after `ts` the row was written, at the least. */
  readonly after?: string;
  /** For conn: columns that `wants` reads only after it has called `row.rest()`. */
  readonly later?: readonly string[];
  /** Opens a log that is not read here; undefined: it is. Of conn its rows may come as `connectionReading` says. */
  readonly open?: (file: string, options: ReadOptions) => LogCursor | undefined;
  /** The column that says when a row was written, where an archive has one. Rows come in its order. */
  readonly written?: string;
}

export interface EventOptions {
  readonly window?: ReorderWindow;
  /** Recorded removal times by uid (conn); rows without one are estimated. */
  readonly removals?: ReadonlyMap<string, number>;
  /** Recorded packet times; then only these and the events drive the clock, no estimates. */
  readonly packets?: ArrayLike<number>;
  /** The time of a trace's last packet, where it is known otherwise than by the rows that are read. */
  readonly end?: number;
  /**
   * `offline`: the logs are of a finished trace, at whose last packet every connection left is removed.
   * `live`: they come from a running Zeek (rotated logs), nothing is known about the end.
   */
  readonly trace?: "offline" | "live";
  /** Rows of each input to read at most. */
  readonly most?: number;
  readonly watch?: ReadingWatch;
}

export interface EventSummary {
  /** Rows read, by log. */
  readonly rows: ReadonlyMap<string, number>;
  /** Columns that are read for their values and that a log does not have, by log. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
  /** Events delivered after their time, because their row came later than the window allows. */
  readonly late: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A flow with packets this near to each other (s, on average) is a clock of its own. */
const STEADY_GAP = 2;

/** What the queue's events are: the tag is an index into these. */
interface Tag {
  readonly kind: ZeekEvent["kind"];
  readonly input: EventInput;
}

const EVERYBODY = -1;

interface Sink {
  readonly queue: EventQueue;
  /** Says that log time has come to `time`, and brings the recorded packets up to it. */
  readonly reached: (time: number) => void;
  readonly tags: Tag[];
  readonly estimated: boolean;
  readonly arrival: Arrival;
  /** The last packet seen in any row. */
  end: number;
  late: number;
  firstLate: { readonly file: string; readonly line: number } | undefined;
}

interface Feed {
  readonly input: EventInput;
  readonly logs: MergedLogs;
  readonly take: (row: LogRow) => void;
  rows: number;
  /** The first record of another log than the input's. */
  foreign: { readonly file: string; readonly line: number; readonly log: string } | undefined;
}

function send(
  sink: Sink,
  tag: number,
  row: LogRow,
  wantedBy: number,
  time: number,
  rank: Rank,
  natural: number,
): void {
  const { arrival } = sink;
  arrival.tag = tag;
  arrival.wantedBy = wantedBy;
  arrival.time = time;
  arrival.rank = rank;
  arrival.natural = natural;
  if (sink.queue.push(arrival)) return;
  sink.late++;
  sink.firstLate ??= { file: arrival.file, line: row.line };
}

/** Says once a row what all its events share. */
function describe(sink: Sink, row: LogRow, file: string): void {
  const { arrival } = sink;
  arrival.ts = row.ts;
  arrival.line = row.line;
  arrival.file = file;
  arrival.values = row.values;
}

const readOptions = (input: EventInput, columns: readonly string[], watch?: ReadingWatch) => ({
  ...(watch === undefined ? {} : { watch }),
  columns,
  required: ["ts"],
  expected: input.columns,
  path: input.log,
  ...(input.sparse === undefined ? {} : { sparse: input.sparse }),
  ...(input.types === undefined ? {} : { types: input.types }),
});

const addTag = (sink: Sink, kind: ZeekEvent["kind"], input: EventInput): number =>
  sink.tags.push({ kind, input }) - 1;

/** How conn.log is read for an input: columns, and the removal estimate made of some. */
function connectionColumns(input: EventInput, { removals, watch }: Pick<EventOptions, "removals" | "watch">) {
  const { columns, always, numbers, measure, make } = removalKeys(input.columns, removals, input.written);
  const early = new Set([...always, ...input.columns.filter((name) => input.later?.includes(name) !== true)]);
  const later = columns.filter((name) => !early.has(name));
  return { options: { ...readOptions(input, columns, watch), later, numbers }, measure, make };
}

const opensOf = ({ kinds }: EventInput): boolean => kinds?.includes("new_connection") === true;
const removesOf = ({ kinds }: EventInput): boolean => kinds?.includes("connection_state_remove") === true;

/** What each mark of a conn row says: who wants the event. */
const OPENING = 0;
const REMOVING = 1;

/** How another thread reads conn.log for an input; its rows bring along what `wants` says. */
export function connectionReading(input: EventInput): Reading {
  const { options, measure } = connectionColumns(input, {});
  const wants = input.wants ?? (() => EVERYBODY);
  const opens = opensOf(input);
  const removes = removesOf(input);
  return {
    options,
    look: {
      width: input.columns.length,
      measures: MEASURES,
      measure,
      marks: 2,
      mark(row, out) {
        if (input.wants === undefined) row.rest();
        out[OPENING] = opens ? wants(row, "new_connection") : 0;
        out[REMOVING] = removes ? wants(row, "connection_state_remove") : 0;
      },
    },
  };
}

/** The packet that opens a connection; of a row that comes too late one at the edge of the window. */
export function openingPacket(queue: PacketSink, ts: number, removal: number, window: ReorderWindow): void {
  queue.packet(Math.max(ts, removal - window.seconds));
}

/** The other packets that a row tells of. @param packets how many there were, where the flow lasted long */
export function laterPackets(queue: PacketSink, ts: number, last: number, packets: number): void {
  queue.packet(last);
  const gap = last - ts < STEADY_FROM ? 0 : (last - ts) / (packets - 1);
  if (gap > 0 && gap <= STEADY_GAP) queue.steady(ts, last, gap);
}

function connectionFeed(input: EventInput, options: EventOptions, sink: Sink): Feed {
  const reading = connectionColumns(input, options);
  const { open } = input;
  const logs = mergeLogs(
    input.files,
    reading.options,
    reading.make,
    (file) =>
      (options.removals === undefined ? open?.(file, reading.options) : undefined) ??
      openLog(file, reading.options),
  );
  const opens = opensOf(input);
  const removes = removesOf(input);
  const openTag = addTag(sink, "new_connection", input);
  const removeTag = addTag(sink, "connection_state_remove", input);
  const { wants } = input;
  const { window = DEFAULT_WINDOW } = options;
  const { queue, estimated } = sink;
  const wantedBy = (row: LogRow, isAsked: boolean, mark: number, kind: ConnectionEventKind): number => {
    if (row.marks.length > 0) return row.marks[mark] ?? 0;
    if (!isAsked) return 0;
    return wants === undefined ? EVERYBODY : wants(row, kind);
  };

  const take = (row: LogRow): void => {
    const key = logs.keyState();
    if (key === undefined) return;
    const { ts } = row;
    const { last } = key;
    const removal = logs.key();
    if (last > sink.end) sink.end = last;
    sink.reached(removal);
    if (wants === undefined) row.rest();
    const opening = wantedBy(row, opens, OPENING, "new_connection");
    if (opening !== 0) {
      describe(sink, row, logs.file());
      send(sink, openTag, row, opening, ts, 1, ts);
    } else if (estimated) openingPacket(queue, ts, removal, window);
    if (estimated && last > ts) laterPackets(queue, ts, last, key.packets);
    const removing = wantedBy(row, removes, REMOVING, "connection_state_remove");
    if (removing !== 0) {
      describe(sink, row, logs.file());
      send(sink, removeTag, row, removing, removal, 0, key.natural);
    } else if (estimated) queue.packet(removal);
  };
  return { input, logs, take, rows: 0, foreign: undefined };
}

/**
 * A row is written after its `ts`: a request is logged with its answer. Lines stand in the order in which they
 * were written, so that none is earlier than the one before it.
 */
function recordFeed(input: EventInput, { watch }: EventOptions, sink: Sink): Feed {
  const after = input.after === undefined ? -1 : input.columns.indexOf(input.after);
  const { open, written: known } = input;
  const options: ReadOptions = {
    ...readOptions(input, input.columns, watch),
    ...(known === undefined ? {} : { numbers: [known] }),
  };
  const logs = mergeLogs<RecordKey>(
    input.files,
    options,
    () => ({
      of: ({ ts, values, numbers }) =>
        known === undefined ? ts + seconds(values[after]) : (numbers[0] ?? ts),
    }),
    (file) => open?.(file, options) ?? openLog(file, options),
  );
  const tag = addTag(sink, "record", input);
  const take = (row: LogRow): void => {
    const written = logs.key();
    sink.reached(written);
    if (written > sink.end) sink.end = written;
    describe(sink, row, logs.file());
    const wantedBy = input.wants === undefined ? EVERYBODY : input.wants(row, "record");
    if (wantedBy === 0) sink.queue.packet(written);
    else send(sink, tag, row, wantedBy, written, 1, written);
  };
  return { input, logs, take, rows: 0, foreign: undefined };
}

const seconds = (value: LogValue): number => (typeof value === "number" && value > 0 ? value : 0);

/** Tells of an input that held records, but none of the log that it was given as. */
function foreignOnly({ input, rows, foreign }: Feed): Diagnostic[] {
  if (rows > 0 || foreign === undefined) return [];
  const span = { file: foreign.file, line: foreign.line, column: 1 };
  return [
    ZEEK_NO_RECORD(span, `holds no ${input.log} record: its records say that they are of ${foreign.log}`),
  ];
}

/** Advances a feed to its next row; false at its end. */
async function advance(feed: Feed): Promise<boolean> {
  do {
    if (feed.logs.next()) return true;
  } while (await feed.logs.fill());
  return false;
}

function takeRow(feed: Feed): void {
  const row = feed.logs.row();
  if (row.path !== undefined && row.path !== feed.input.log) {
    feed.foreign ??= { file: feed.logs.file(), line: row.line, log: row.path };
    return;
  }
  feed.rows++;
  feed.take(row);
}

/**
 * Plays logs as the events that Zeek raised when it wrote them, in the order of their times, and
 * drives the clock, so that tables made on it tick as Zeek's do (docs/reference/zeek.md#model-of-ticks, #replaying-connlog).
 *
 * @param clock the clock on which the detections' tables were made.
 * @param onEvent gets every event; `late` ones come after their time (see {@link EventSummary.late}).
 */
export async function playEvents(
  inputs: readonly EventInput[],
  clock: ZeekClock,
  options: EventOptions,
  onEvent: (event: ZeekEvent, late: boolean) => void,
): Promise<EventSummary> {
  const window = options.window ?? DEFAULT_WINDOW;
  const width = Math.max(0, ...inputs.map((input) => input.columns.length));
  const tags: Tag[] = [];
  const event = { ...noEvent, log: "", time: 0, ts: 0, line: 0, file: "", values: noValues, wantedBy: 0 };
  const queue = createEventQueue(clock, { window, width }, (arrival, late) => {
    const tag = tags[arrival.tag];
    if (tag === undefined) return;
    event.kind = tag.kind;
    event.log = tag.input.log;
    event.time = arrival.time;
    event.ts = arrival.ts;
    event.line = arrival.line;
    event.file = arrival.file;
    event.values = arrival.values;
    event.wantedBy = arrival.wantedBy;
    onEvent(event, late);
  });
  const packets = Float64Array.from(options.packets ?? []).sort();
  let played = 0;
  const playPackets = (until: number): void => {
    for (; played < packets.length && (packets[played] ?? 0) <= until; played++) {
      queue.packet(packets[played] ?? 0);
      queue.reached(packets[played] ?? 0);
    }
  };
  const sink: Sink = {
    queue,
    reached(time) {
      playPackets(time);
      queue.reached(time);
    },
    tags,
    estimated: options.packets === undefined,
    arrival: {
      time: 0,
      rank: 0,
      natural: 0,
      tag: 0,
      ts: 0,
      line: 0,
      file: "",
      values: noValues,
      wantedBy: 0,
    },
    end: Number.NEGATIVE_INFINITY,
    late: 0,
    firstLate: undefined,
  };
  const feeds = inputs.map((input) =>
    input.log === "conn" ? connectionFeed(input, options, sink) : recordFeed(input, options, sink),
  );
  await pump(feeds, options.most ?? Number.POSITIVE_INFINITY);
  playPackets(Number.POSITIVE_INFINITY);
  const lastKnown = options.end ?? Math.max(sink.end, packets.at(-1) ?? Number.NEGATIVE_INFINITY);
  queue.flush(options.trace === "live" || !Number.isFinite(lastKnown) ? undefined : lastKnown);

  const diagnostics = feeds.flatMap((feed) => [...feed.logs.diagnostics(), ...foreignOnly(feed)]);
  const { late, firstLate } = sink;
  if (firstLate !== undefined) {
    const span = { ...firstLate, column: 1 };
    const allows = `the reorder window of ${window.seconds} s or ${window.events} rows allows`;
    diagnostics.push(
      ZEEK_OUT_OF_ORDER(
        span,
        `${late} event${late === 1 ? "" : "s"} from here on came later than ${allows} and took place when met`,
        "a larger window (--reorder) puts them in order",
      ),
    );
  }
  return {
    rows: new Map(feeds.map((feed) => [feed.input.log, feed.rows])),
    lacking: new Map(feeds.map((feed) => [feed.input.log, feed.logs.lacking()])),
    late,
    diagnostics,
  };
}

const noEvent: { kind: ZeekEvent["kind"] } = { kind: "record" };
const noValues: readonly LogValue[] = [];

/** Rows of all feeds in the order of their keys. */
async function pump(feeds: readonly Feed[], most: number): Promise<void> {
  let active: Feed[] = [];
  const goesOn = async (feed: Feed): Promise<boolean> => {
    if (feed.rows < most) return advance(feed);
    await feed.logs.close();
    return false;
  };
  for (const feed of feeds) if (await advance(feed)) active.push(feed);
  while (active.length > 1) {
    const feed = active.reduce((a, b) => (b.logs.key() < a.logs.key() ? b : a));
    takeRow(feed);
    if (!(await goesOn(feed))) active = active.filter((other) => other !== feed);
  }
  const [feed] = active;
  if (feed === undefined) return;
  do {
    takeRow(feed);
    while (feed.rows < most && feed.logs.next()) takeRow(feed);
  } while (await goesOn(feed));
}
