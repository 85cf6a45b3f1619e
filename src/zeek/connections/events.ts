import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { ZEEK_OUT_OF_ORDER } from "../codes.js";
import { type MergedLogs, mergeLogs, type RecordKey } from "../logs/merge.js";
import type { LogRow } from "../logs/rows.js";
import type { LogType, LogValue } from "../logs/types.js";
import type { ZeekClock } from "../tables/clock.js";
import { createEventQueue, DEFAULT_WINDOW, type EventQueue, type Rank, type ReorderWindow } from "./queue.js";
import { type ConnectionFacts, lastPacket, naturalRemoval } from "./removal.js";

export type ConnectionEventKind = "new_connection" | "connection_state_remove";

/** An event as far as a log can tell it. `record` is a row of any log but conn. */
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
}

/** One log that events come from. */
export interface EventInput {
  /** `conn`, `http`, ...: rows that say they are of another log are left out. */
  readonly log: string;
  readonly files: readonly string[];
  readonly columns: readonly string[];
  readonly types?: ReadonlyMap<string, LogType>;
  /** For conn: which events are wanted. Other logs give `record`. */
  readonly kinds?: readonly ConnectionEventKind[];
  /**
   * Looks at a row when it is met, before it waits for its turn: false for one whose event nobody will
   * want. Must not depend on state. Its packets still drive the clock.
   */
  readonly wants?: (row: LogRow, kind: ZeekEvent["kind"]) => boolean;
}

export interface EventOptions {
  readonly window?: ReorderWindow;
  /** Recorded removal times by uid (conn); rows without one are estimated. */
  readonly removals?: ReadonlyMap<string, number>;
  /** Recorded packet times; then only these and the events drive the clock, no estimates. */
  readonly packets?: readonly number[];
  /**
   * `offline`: the logs are of a finished trace, at whose last packet every connection left is removed.
   * `live`: they come from a running Zeek (rotated logs), nothing is known about the end.
   */
  readonly trace?: "offline" | "live";
}

export interface EventSummary {
  /** Rows read, by log. */
  readonly rows: ReadonlyMap<string, number>;
  /** Events delivered after their time, because their row came later than the window allows. */
  readonly late: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Events that only need order because the clock does: a short window tells the ticks well enough. */
const CLOCK_ONLY_EVENTS = 20_000;

/** A flow this long (s) with packets this near to each other (s, on average) is a clock of its own. */
const STEADY_FROM = 10;
const STEADY_GAP = 2;

interface Feed {
  readonly input: EventInput;
  readonly logs: MergedLogs;
  readonly take: (row: LogRow, key: number, file: string) => void;
  rows: number;
}

interface FactsColumns {
  readonly columns: readonly string[];
  readonly facts: (row: LogRow) => ConnectionFacts;
  readonly uid: (row: LogRow) => string | undefined;
  readonly packets: (row: LogRow) => number;
}

const textOf = (value: LogValue): string | undefined => (typeof value === "string" ? value : undefined);

/** The columns asked for and behind them those that the removal estimate needs. */
function withFacts(asked: readonly string[], uids: boolean): FactsColumns {
  const columns = [...asked];
  const placeOf = (name: string): number => {
    const at = columns.indexOf(name);
    return at >= 0 ? at : columns.push(name) - 1;
  };
  const duration = placeOf("duration");
  const proto = placeOf("proto");
  const state = placeOf("conn_state");
  const history = placeOf("history");
  const sent = [placeOf("orig_pkts"), placeOf("resp_pkts")];
  const uid = uids ? placeOf("uid") : -1;
  return {
    columns,
    facts: (row) => {
      const seconds = row.values[duration];
      return {
        ts: row.ts,
        duration: typeof seconds === "number" ? seconds : undefined,
        proto: textOf(row.values[proto]),
        state: textOf(row.values[state]),
        history: textOf(row.values[history]),
      };
    },
    packets: (row) => sent.reduce((sum, at) => sum + Number(row.values[at] ?? 0), 0),
    uid: (row) => (uid < 0 ? undefined : textOf(row.values[uid])),
  };
}

interface Sink {
  readonly queue: EventQueue<ZeekEvent>;
  /** The last packet seen in any row. */
  end: number;
  readonly estimated: boolean;
  readonly event: (
    kind: ZeekEvent["kind"],
    input: EventInput,
    row: LogRow,
    values: readonly LogValue[],
    file: string,
    time: number,
    rank: Rank,
    natural: number,
  ) => void;
}

function connectionFeed(input: EventInput, options: EventOptions, sink: Sink): Feed {
  const { columns, facts, uid, packets } = withFacts(input.columns, options.removals !== undefined);
  const kinds = input.kinds ?? [];
  const opens = kinds.includes("new_connection");
  const removes = kinds.includes("connection_state_remove");
  const { wants } = input;
  const width = input.columns.length;
  const { queue } = sink;

  const removalOf = (row: LogRow, natural: number): number => {
    const known = uid(row);
    return (known === undefined ? undefined : options.removals?.get(known)) ?? natural;
  };
  const makeKey = (): RecordKey => {
    let previous = Number.NEGATIVE_INFINITY;
    return (row) => {
      previous = Math.max(previous, removalOf(row, naturalRemoval(facts(row))));
      return previous;
    };
  };
  const take = (row: LogRow, removal: number, file: string): void => {
    const connection = facts(row);
    const natural = naturalRemoval(connection);
    const last = lastPacket(connection);
    if (last > sink.end) sink.end = last;
    const open = opens && wants?.(row, "new_connection") !== false;
    const remove = removes && wants?.(row, "connection_state_remove") !== false;
    const values = open || remove ? row.values.slice(0, width) : row.values;
    if (open) sink.event("new_connection", input, row, values, file, row.ts, 1, row.ts);
    else if (sink.estimated) queue.packet(row.ts);
    if (sink.estimated && last > row.ts) {
      queue.packet(last);
      const gap = last - row.ts < STEADY_FROM ? 0 : (last - row.ts) / (packets(row) - 1);
      if (gap > 0 && gap <= STEADY_GAP) queue.steady(row.ts, last, gap);
    }
    if (remove) sink.event("connection_state_remove", input, row, values, file, removal, 0, natural);
    else if (sink.estimated) queue.packet(removal);
  };
  const logs = mergeLogs(input.files, { columns, required: ["ts"], ...typesOf(input) }, makeKey);
  return { input, logs, take, rows: 0 };
}

const typesOf = (input: EventInput) => (input.types === undefined ? {} : { types: input.types });

function recordFeed(input: EventInput, sink: Sink): Feed {
  const width = input.columns.length;
  const take = (row: LogRow, _key: number, file: string): void => {
    if (row.ts > sink.end) sink.end = row.ts;
    if (input.wants?.(row, "record") === false) sink.queue.packet(row.ts);
    else sink.event("record", input, row, row.values.slice(0, width), file, row.ts, 1, row.ts);
  };
  const options = { columns: input.columns, required: ["ts"], ...typesOf(input) };
  return { input, logs: mergeLogs(input.files, options), take, rows: 0 };
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
  if (row.path !== undefined && row.path !== feed.input.log) return;
  feed.rows++;
  feed.take(row, feed.logs.key(), feed.logs.file());
}

/**
 * Plays logs as the events that Zeek raised when it wrote them, in the order of their times, and
 * drives the clock, so that tables made on it tick as Zeek's do (spec/zeek.md 2.6, 3.3).
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
  const ordered = inputs.length > 1 || inputs.some((i) => i.log !== "conn" || i.kinds?.includes("new_connection"));
  const events = ordered ? window.events : Math.min(window.events, CLOCK_ONLY_EVENTS);
  const queue = createEventQueue<ZeekEvent>(clock, { ...window, events }, onEvent);
  let late = 0;
  let firstLate: ZeekEvent | undefined;
  const sink: Sink = {
    queue,
    end: Number.NEGATIVE_INFINITY,
    estimated: options.packets === undefined,
    event: (kind, input, row, values, file, time, rank, natural) => {
      const event: ZeekEvent = { kind, log: input.log, time, ts: row.ts, values, file, line: row.line };
      if (queue.push({ time, rank, natural, event })) return;
      late++;
      firstLate ??= event;
    },
  };
  for (const time of options.packets ?? []) queue.packet(time);

  const feeds = inputs.map((input) =>
    input.log === "conn" ? connectionFeed(input, options, sink) : recordFeed(input, sink),
  );
  await pump(feeds, queue);
  const lastKnown = options.packets?.reduce((a, b) => Math.max(a, b), sink.end) ?? sink.end;
  queue.flush(options.trace === "live" || !Number.isFinite(lastKnown) ? undefined : lastKnown);

  const diagnostics = feeds.flatMap((feed) => feed.logs.diagnostics());
  if (firstLate !== undefined) {
    const span = { file: firstLate.file, line: firstLate.line, column: 1 };
    diagnostics.push(
      ZEEK_OUT_OF_ORDER(
        span,
        `${late} event${late === 1 ? "" : "s"} from here on came later than the reorder window of ${window.seconds} s or ${window.events} rows allows and took place when met`,
        "a larger window (--reorder) puts them in order",
      ),
    );
  }
  return { rows: new Map(feeds.map((feed) => [feed.input.log, feed.rows])), late, diagnostics };
}

/** Rows of all feeds in the order of their keys; the queue is told how far the slowest has come. */
async function pump(feeds: readonly Feed[], queue: EventQueue<ZeekEvent>): Promise<void> {
  let active: Feed[] = [];
  for (const feed of feeds) if (await advance(feed)) active.push(feed);
  while (active.length > 1) {
    const feed = active.reduce((a, b) => (b.logs.key() < a.logs.key() ? b : a));
    queue.reached(feed.logs.key());
    takeRow(feed);
    if (!(await advance(feed))) active = active.filter((other) => other !== feed);
  }
  const [feed] = active;
  if (feed === undefined) return;
  do {
    takeRow(feed);
    queue.reached(feed.logs.key());
    while (feed.logs.next()) {
      takeRow(feed);
      queue.reached(feed.logs.key());
    }
  } while (await advance(feed));
}
