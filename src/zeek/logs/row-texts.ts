/** Rows of a log as they stand there, looked up by their lines. */
import { unread } from "../../files/input.js";
import type { ReadingWatch } from "../../files/reading-watch.js";
import { readBytes } from "../../files/streamed-input.js";
import { WholeLines } from "../../files/whole-lines.js";
import { longestLine } from "./cursor.js";
import { headerColumns, NO_HEADER, readBareHeader, readHeaderLine, type TsvHeader } from "./schema.js";

/** The columns of a TSV log; the same object for all rows below one header. */
export interface RowColumns {
  readonly names: readonly string[];
  readonly separator: string;
  /** What stands for no value. */
  readonly unset: string;
}

export interface RowText {
  /** Without the line's end, as UTF-8. */
  readonly text: string;
  /** null: JSON, or whatever else names its own fields. */
  readonly columns: RowColumns | null;
}

const newline = 10;
const carriageReturn = 13;
const hash = 0x23;
const brace = 0x7b;

function columnsOf(header: TsvHeader): RowColumns | null {
  const columns = headerColumns(header);
  const { separator, unsetField: unset } = header.style;
  return columns === undefined ? null : { names: columns.map(({ name }) => name), separator, unset };
}

/**
 * Reads a log up to the last of these lines. What is not there, or cannot be read any more, is missing in the result.
 *
 * @param lines - from 1, headers count
 */
export async function rowTexts(
  file: string,
  lines: ReadonlySet<number>,
  watch?: ReadingWatch,
): Promise<ReadonlyMap<number, RowText>> {
  const found = new Map<number, RowText>();
  const state = unread();
  const whole = new WholeLines(longestLine);
  const bytes = readBytes(file, state);
  let header = NO_HEADER;
  let columns: RowColumns | null = null;
  let number = 0;
  let watched = 0;
  const readLines = (): void => {
    const { buffer, end } = whole;
    while (whole.at < end && found.size < lines.size) {
      const start = whole.at;
      const stop = buffer.indexOf(newline, start);
      whole.at = stop + 1;
      number += 1;
      const first = buffer[start];
      const isHeader = first === hash || (columns === null && first !== brace);
      if (!isHeader && !lines.has(number)) continue;
      const text = buffer.toString("utf8", start, buffer[stop - 1] === carriageReturn ? stop - 1 : stop);
      if (first === hash) {
        const read = readHeaderLine(header, text);
        header = read.header;
        if (read.changed) columns = columnsOf(header);
      } else if (isHeader) {
        header = readBareHeader(text) ?? header;
        columns = columnsOf(header);
      }
      if (lines.has(number)) found.set(number, { text, columns: first === brace ? null : columns });
    }
  };
  for (let isMore = true; isMore; ) {
    const chunk = await bytes.next();
    await watch?.read(state.rawBytes - watched);
    watched = state.rawBytes;
    if (chunk.done === true) {
      isMore = false;
      if (state.damage === undefined && whole.finish(true)) readLines();
    } else {
      if (!whole.accept(chunk.value)) number += 1;
      readLines();
      while (whole.useRest()) readLines();
      isMore = found.size < lines.size && watch?.stopped() !== true;
    }
  }
  await bytes.return(undefined);
  return found;
}
