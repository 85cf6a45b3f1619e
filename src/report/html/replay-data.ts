import type { TimelineEvent } from "../../replay/timeline.js";
import type { RowColumns } from "../../zeek/logs/row-texts.js";
import { type Cell, type Column, counted, grouped, type Row, shownLength, type TableData } from "./table.js";

/** An event in the page: as in JSON, the number of the one that led to it, and the row of a notice. */
export type PageEvent = TimelineEvent & { readonly cause?: number; readonly row?: PageRow };

/** The row of a log that a notice came of. */
export interface PageRow {
  readonly text: string;
  /** Place in the page's `rowColumns`; null: it names its fields itself. */
  readonly columns: number | null;
}

/** How often each kind of thing happened. */
export interface PageCounts {
  readonly notices: number;
  readonly alerts: number;
  readonly blocks: number;
  readonly unblocks: number;
  readonly refused: number;
}

export interface PageSource extends PageCounts {
  readonly source: string;
  /** When the first and the last thing happened. */
  readonly first: number;
  readonly last: number;
  /** Its notices, alerts and refusals that are counted here and are not among the events. */
  readonly leftOut: number;
}

/** How full a host's tables were. */
export interface PageOccupancy {
  readonly host: string | null;
  /** The tables' names, as blocks name them. */
  readonly table: string;
  /** Entries that fit, of the fullest; null: no limit is known. */
  readonly capacity: number | null;
  /** The most at once, and when that was reached. */
  readonly most: number;
  readonly mostAt: number;
  /** From each time on, so many; of a long replay the most of each stretch. */
  readonly times: readonly number[];
  readonly entries: readonly number[];
}

/** A step on the way of rows or lines to a detection. */
export interface PageStep {
  readonly label: string;
  readonly count: number;
  /** What is left behind it. */
  readonly left: number;
  readonly example: string | null;
}

export interface PageDetection extends Omit<PageCounts, "unblocks"> {
  readonly detection: string;
  readonly cause: string;
  readonly message: string;
  readonly help: string | null;
  readonly isSilent: boolean;
  /** What came in: rows of a log, or lines. */
  readonly of: { readonly what: string; readonly count: number } | null;
  readonly steps: readonly PageStep[];
}

export interface PageNearMiss {
  readonly detection: string;
  readonly source: string;
  readonly count: number;
  readonly threshold: number;
  readonly time: number;
}

/** Events, and what of their rows is in the page. */
export interface PageEvents {
  readonly events: readonly PageEvent[];
  readonly rowColumns: readonly RowColumns[];
  /** Notices whose row is not in the page. */
  readonly rowsLeftOut: number;
}

/** All that a page about a replay shows. */
export interface ReplayData extends PageEvents {
  readonly kind: "replay";
  /** Whether a response of the bundle blocks at all. */
  readonly blocks: boolean;
  readonly totals: PageCounts & { readonly blockedSources: number };
  /** Events that are counted and not among the page's. */
  readonly eventsLeftOut: number;
  /** Those with blocks first, then the busiest. */
  readonly sources: readonly PageSource[];
  /** Sources that have no lane of their own. */
  readonly moreSources: number;
  readonly occupancy: readonly PageOccupancy[];
  readonly detections: readonly PageDetection[];
  readonly nearMisses: readonly PageNearMiss[];
  readonly nearMissesLeftOut: number;
}

/** What a click on an event tells. */
export interface EventFact {
  readonly label: string;
  readonly text: string;
  readonly isCode?: true;
}

export const kindWords: Readonly<Record<TimelineEvent["kind"], string>> = {
  notice: "notice",
  alert: "alert",
  block: "blocked",
  unblock: "unblocked",
  refused: "refused",
  response: "script ran",
};

const tones = {
  notice: "notice",
  alert: "alert",
  block: "blocked",
  unblock: "ended",
  refused: "refused",
  response: "plain",
} as const;

/** The tables of the page, of all data that is in it. */
export function replayTables(data: ReplayData): readonly TableData[] {
  return [
    blockedTable(data),
    refusedTable(data),
    sourcesTable(data),
    detectionsTable(data),
    occupancyTable(data),
    nearMissTable(data),
    eventsTable(data),
  ];
}

function causeOf(data: ReplayData, { cause }: PageEvent): PageEvent | undefined {
  return cause === undefined ? undefined : data.events[cause];
}

/** Why something happened, as the notice or alert behind it says it. */
function reasonText(data: ReplayData, event: PageEvent): string | null {
  for (let one: PageEvent | undefined = event, alert: string | null = null; ; one = causeOf(data, one)) {
    if (one === undefined) return alert;
    if (one.kind === "notice") return one.message;
    if (one.kind === "alert") alert = one.description;
  }
}

const hasHosts = ({ events }: ReplayData): boolean =>
  events.some((event) => "target" in event && event.target !== undefined);

const onHost = (event: PageEvent): string | null => ("target" in event ? (event.target ?? null) : null);

function blockedTable(data: ReplayData): TableData {
  const ends = new Map<number, number>();
  for (const event of data.events)
    if (event.kind === "unblock" && event.cause !== undefined) ends.set(event.cause, event.time);
  const hosts = hasHosts(data);
  const rows = data.events.flatMap((event, index): readonly Row[] => {
    if (event.kind !== "block") return [];
    const end = ends.get(index) ?? event.until;
    const cells: readonly Cell[] = [
      event.source,
      event.time,
      end ?? "for ever",
      end === null ? "for ever" : end - event.time,
      reasonText(data, event),
      event.detection,
      String(event.rule),
      ...(hosts ? [onHost(event)] : []),
    ];
    return [{ cells, tone: "blocked", event: index, ...sourceOf(event) }];
  });
  return {
    id: "blocked",
    caption: "Every block: who, when, for how long, why",
    columns: [
      { title: "Source", kind: "code" },
      { title: "Blocked at", kind: "time" },
      { title: "Until", kind: "time" },
      { title: "For", kind: "length" },
      { title: "Why", kind: "text" },
      { title: "Detection", kind: "choice" },
      { title: "Rule", kind: "choice" },
      ...(hosts ? [hostColumn] : []),
    ],
    rows,
    empty: "Nobody was blocked.",
    ...leftOutNote(data.totals.blocks - rows.length, "block"),
  };
}

const hostColumn: Column = { title: "Host", kind: "choice" };

function sourceOf({ source }: PageEvent): { readonly source?: string } {
  return source === null ? {} : { source };
}

function leftOutNote(count: number, word: string): { readonly note?: string } {
  return count <= 0
    ? {}
    : {
        note: `${counted(count, `more ${word}`)} happened than this page holds; zopf replay --format json lists all.`,
      };
}

function refusedTable(data: ReplayData): TableData {
  const hosts = hasHosts(data);
  const rows = data.events.flatMap((event, index): readonly Row[] =>
    event.kind !== "refused"
      ? []
      : [
          {
            cells: [
              event.source,
              event.time,
              event.reason,
              reasonText(data, event),
              String(event.rule),
              ...(hosts ? [onHost(event)] : []),
            ],
            tone: "refused",
            event: index,
            ...sourceOf(event),
          },
        ],
  );
  return {
    id: "refused",
    caption: "Blocks that were wanted and held back",
    columns: [
      { title: "Source", kind: "code" },
      { title: "When", kind: "time" },
      { title: "Why it was not blocked", kind: "choice" },
      { title: "What it had done", kind: "text" },
      { title: "Rule", kind: "choice" },
      ...(hosts ? [hostColumn] : []),
    ],
    rows,
    empty: "No block was refused.",
    ...leftOutNote(data.totals.refused - rows.length, "refusal"),
  };
}

function sourcesTable({ sources, moreSources }: ReplayData): TableData {
  return {
    id: "sources",
    rowsAPage: 12,
    caption: "Sources, those that were blocked first, then the busiest",
    columns: [
      { title: "Source", kind: "code" },
      { title: "Notices", kind: "number" },
      { title: "Alerts", kind: "number" },
      { title: "Blocks", kind: "number" },
      { title: "Refused", kind: "number" },
      { title: "First", kind: "time" },
      { title: "Last", kind: "time" },
    ],
    rows: sources.map(({ source, notices, alerts, blocks, refused, first, last }) => ({
      cells: [source, notices, alerts, blocks, refused, first, last],
      tone: blocks > 0 ? "blocked" : refused > 0 ? "refused" : "plain",
      source,
    })),
    empty: "No source did anything that a detection looks for.",
    ...(moreSources === 0
      ? {}
      : {
          note: `${counted(moreSources, "more source")} are counted in the totals and grouped in the timeline.`,
        }),
  };
}

function detectionsTable({ detections }: ReplayData): TableData {
  return {
    id: "detections",
    caption: "Each detection of the bundle, and what came of it",
    columns: [
      { title: "Detection", kind: "code" },
      { title: "Notices", kind: "number" },
      { title: "Alerts", kind: "number" },
      { title: "Blocks", kind: "number" },
      { title: "Refused", kind: "number" },
      { title: "Outcome", kind: "choice" },
      { title: "Because", kind: "text" },
      { title: "What to do", kind: "text" },
    ],
    rows: detections.map(
      ({ detection, notices, alerts, blocks, refused, cause, message, help, isSilent }) => ({
        cells: [detection, notices, alerts, blocks, refused, cause, message, help],
        tone: isSilent ? "plain" : blocks > 0 ? "blocked" : "alert",
      }),
    ),
    empty: "The bundle has no detection.",
  };
}

function occupancyTable({ occupancy }: ReplayData): TableData {
  const hosts = occupancy.some(({ host }) => host !== null);
  return {
    id: "occupancy",
    caption: "How full the packet filter's tables were",
    columns: [
      ...(hosts ? [hostColumn] : []),
      { title: "Table", kind: "code" },
      { title: "Most entries at once", kind: "number" },
      { title: "When", kind: "time" },
      { title: "Room for", kind: "number" },
      { title: "Full", kind: "text" },
    ],
    rows: occupancy.map(({ host, table, most, mostAt, capacity }) => ({
      cells: [
        ...(hosts ? [host] : []),
        table,
        most,
        mostAt,
        capacity ?? "no limit known",
        share(most, capacity),
      ],
      tone: "plain",
    })),
    empty: "No table ever held an address.",
  };
}

function share(most: number, capacity: number | null): string | null {
  if (capacity === null || capacity === 0) return null;
  const percent = (most / capacity) * 100;
  return percent < 0.01 ? "less than 0.01 %" : `${percent.toFixed(percent < 1 ? 2 : 0)} %`;
}

function nearMissTable({ nearMisses, nearMissesLeftOut }: ReplayData): TableData {
  return {
    id: "near",
    rowsAPage: 12,
    caption: "Who stayed below a threshold, the nearest first",
    columns: [
      { title: "Source", kind: "code" },
      { title: "Detection", kind: "choice" },
      { title: "Reached", kind: "number" },
      { title: "Threshold", kind: "number" },
      { title: "Share", kind: "number" },
      { title: "When", kind: "time" },
    ],
    rows: nearMisses.map(({ source, detection, count, threshold, time }) => ({
      cells: [source, detection, count, threshold, Math.round((count / threshold) * 100) / 100, time],
      tone: "plain",
      source,
    })),
    empty: "Nobody came near a threshold of Zeek's detections.",
    ...(nearMissesLeftOut === 0
      ? {}
      : { note: `${counted(nearMissesLeftOut, "more key")} came less near and are not listed.` }),
  };
}

function eventsTable(data: ReplayData): TableData {
  const hosts = hasHosts(data);
  return {
    id: "events",
    caption: "Everything that happened, in order",
    columns: [
      { title: "When", kind: "time" },
      { title: "What", kind: "choice" },
      { title: "Source", kind: "code" },
      { title: "Detection", kind: "choice" },
      { title: "Details", kind: "text" },
      ...(hosts ? [hostColumn] : []),
    ],
    rows: data.events.map((event, index) => ({
      cells: [
        event.time,
        kindWords[event.kind],
        event.source,
        event.detection,
        eventText(event),
        ...(hosts ? [onHost(event)] : []),
      ],
      tone: tones[event.kind],
      event: index,
      ...sourceOf(event),
    })),
    empty: "Nothing happened.",
    ...leftOutNote(data.eventsLeftOut, "event"),
  };
}

/** The essential of an event. */
export function eventText(event: PageEvent): string {
  switch (event.kind) {
    case "notice":
      return event.message;
    case "alert":
      return `rule ${event.rule} (level ${event.level}): ${event.description}`;
    case "block":
      return `${event.until === null ? "for ever" : `for ${shownLength(event.until - event.time)}`} in table ${event.table}${networkText(event)}`;
    case "unblock":
      return `out of table ${event.table}${networkText(event)}${(event.heldBy ?? 0) > 0 ? `, which stays blocked for ${counted(event.heldBy ?? 0, "other")}` : ""}`;
    case "refused":
      return event.reason;
    case "response":
      return `${event.script}: ${event.action}`;
  }
}

/** In short where an event comes from: its rule, the place of the row or line, and the line itself. */
export function eventOrigin(events: readonly PageEvent[], index: number): readonly string[] {
  const event = events[index];
  if (event === undefined) return [];
  const place = placeText(event);
  let line = "";
  for (let one: PageEvent | undefined = event; one !== undefined && line === ""; ) {
    if (one.kind === "notice" || one.kind === "alert") line = one.line;
    one = one.cause === undefined ? undefined : events[one.cause];
  }
  return [
    [
      ...("rule" in event && event.kind !== "alert" ? [`rule ${event.rule}`] : []),
      ...(place === null ? [] : [place]),
    ].join(", "),
    line.length <= shortLine ? line : `${line.slice(0, shortLine)} …`,
  ].filter((text) => text !== "");
}

/** Of a line beside the pointer, in characters. */
const shortLine = 240;

function placeText({ file, lineNumber }: PageEvent): string | null {
  return file === null ? null : `${file}${lineNumber === null ? "" : `:${lineNumber}`}`;
}

function networkText({ entry, source }: { readonly entry?: string; readonly source: string | null }): string {
  return entry === undefined || entry === source ? "" : ` as ${entry}`;
}

/** The fields of a row that have a value, one a line. */
function rowText({ text, columns }: PageRow, { rowColumns }: PageEvents): string {
  const known = columns === null ? undefined : rowColumns[columns];
  if (known === undefined) return text;
  const { names, separator, unset } = known;
  return text
    .split(separator)
    .flatMap((value, index) => (value === unset ? [] : [`${names[index] ?? ""} ${value}`.trim()]))
    .join("\n");
}

/** Everything that is known of an event: its row, notice line, rule, command. */
export function eventFacts(event: PageEvent, data: PageEvents): readonly EventFact[] {
  const fact = (
    label: string,
    text: string | number | null | undefined,
    isCode = false,
  ): readonly EventFact[] =>
    text === null || text === undefined || text === ""
      ? []
      : [{ label, text: typeof text === "number" ? grouped(text) : text, ...(isCode ? { isCode } : {}) }];
  const from = fact(event.kind === "notice" ? "Row" : "Read at", placeText(event), true);
  switch (event.kind) {
    case "notice":
      return [
        ...fact("Notice", event.note, true),
        ...fact("Message", event.message),
        ...from,
        ...(event.row !== undefined
          ? fact("Its fields", rowText(event.row, data), true)
          : data.rowsLeftOut > 0 && event.file !== null
            ? fact("Its fields", "not in this page")
            : []),
        ...fact("Line", event.line, true),
      ];
    case "alert":
      return [
        ...fact("Rule", `${event.rule}, level ${event.level}`),
        ...fact("Description", event.description),
        ...from,
        ...fact("Line", event.line, true),
      ];
    case "block":
    case "unblock":
      return [
        ...fact("Rule", String(event.rule)),
        ...fact("Host", event.target),
        ...fact("Table", event.table, true),
        ...fact("Entry", event.entry, true),
        ...("until" in event && event.until === null ? fact("Until", "for ever") : []),
        ...fact("Arguments", event.command.join(" "), true),
      ];
    case "refused":
      return [
        ...fact("Rule", String(event.rule)),
        ...fact("Host", event.target),
        ...fact("Reason", event.reason),
      ];
    case "response":
      return [
        ...fact("Rule", String(event.rule)),
        ...fact("Host", event.target),
        ...fact("Script", event.script, true),
        ...fact("Did", event.action),
        ...fact("Arguments", event.command.join(" "), true),
      ];
  }
}
