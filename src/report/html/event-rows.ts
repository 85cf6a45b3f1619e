import { fileStatus } from "../../files/file-status.js";
import type { ReadingWatch } from "../../files/reading-watch.js";
import { type RowColumns, type RowText, rowTexts } from "../../zeek/logs/row-texts.js";
import type { PageEvent, PageEvents } from "./replay-data.js";

export interface RowBudget {
  /** Characters of all rows together. */
  readonly texts: number;
  /** Bytes of the logs, as stored, that are read again for them. */
  readonly reading: number;
}

/** A row that is longer is cut, in characters. */
const longestRow = 2000;

/** The events that led to a block come first: somebody may have to approve it. */
function byImportance(events: readonly PageEvent[]): readonly number[] {
  const needed = new Set<number>();
  for (const { kind, cause } of events) {
    if (kind !== "block") continue;
    for (let one = cause; one !== undefined; one = events[one]?.cause) needed.add(one);
  }
  const others = events.flatMap((_, index) => (needed.has(index) ? [] : [index]));
  return [...[...needed].sort((one, other) => one - other), ...others];
}

/** Numbers of the events with a row to be looked up, by file and line. */
type Wanted = Map<string, Map<number, number[]>>;

function wantedRows({ events }: PageEvents): Wanted {
  const wanted: Wanted = new Map();
  for (const index of byImportance(events)) {
    const event = events[index];
    // The line of an alert is the row itself.
    if (event?.kind !== "notice" || event.file === null || event.lineNumber === null) continue;
    const lines = wanted.get(event.file) ?? new Map<number, number[]>();
    wanted.set(event.file, lines);
    lines.set(event.lineNumber, [...(lines.get(event.lineNumber) ?? []), index]);
  }
  return wanted;
}

/**
 * Adds to the notices of a page the rows of the logs that they came of: the logs are read once more, up to the last row
 * that is wanted. What does not fit, and what cannot be read twice, is counted.
 *
 * @param watch - may end it early
 */
export async function withRows<Data extends PageEvents>(
  data: Data,
  watch?: ReadingWatch,
  budget: RowBudget = { texts: 4_000_000, reading: 2_000_000_000 },
): Promise<Data> {
  const rows = new Map<number, NonNullable<PageEvent["row"]>>();
  const columns: RowColumns[] = [];
  let texts = 0;
  let reading = 0;
  let leftOut = 0;
  const take = (row: RowText, index: number): boolean => {
    const event = data.events[index];
    // A notice that was in a log already is its row.
    if (event?.kind === "notice" && event.line === row.text) return true;
    const text = row.text.length <= longestRow ? row.text : `${row.text.slice(0, longestRow)} …`;
    if (texts + text.length > budget.texts) return false;
    texts += text.length;
    if (row.columns !== null && !columns.includes(row.columns)) columns.push(row.columns);
    rows.set(index, { text, columns: row.columns === null ? null : columns.indexOf(row.columns) });
    return true;
  };
  for (const [file, lines] of wantedRows(data)) {
    const status = file === "-" ? null : fileStatus(file);
    const size = status?.isFile() === true ? status.size : Number.POSITIVE_INFINITY;
    const isRead = reading + size <= budget.reading && texts < budget.texts && watch?.stopped() !== true;
    if (isRead) {
      reading += size;
      watch?.expect(size);
    }
    const found = isRead ? await rowTexts(file, new Set(lines.keys()), watch) : new Map<number, RowText>();
    for (const [line, indexes] of lines)
      for (const index of indexes) {
        const row = found.get(line);
        if (row === undefined || !take(row, index)) leftOut += 1;
      }
  }
  return {
    ...data,
    events: data.events.map((event, index) => {
      const row = rows.get(index);
      return row === undefined ? event : { ...event, row };
    }),
    rowColumns: columns,
    rowsLeftOut: leftOut,
  };
}
