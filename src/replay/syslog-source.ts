import { statSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { unread } from "../files/input.js";
import { LineCutter } from "../files/lines.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import { readBytes } from "../files/streamed-input.js";
import type { ChainLine } from "./chain-line.js";
import { codes } from "./codes.js";
import { LineClock } from "./syslog-time.js";

/** What dates of lines mean that do not say all. */
export interface LineDates {
  /** The year of dates that have none; null: the latest that does not lie after the file's modification time. */
  readonly year: number | null;
  /** Dates without a zone are UTC; else local time. */
  readonly utc: boolean;
  /** When lines count as written that have no date, and no dated line beside them. Epoch seconds. */
  readonly assumeDate: number | null;
}

export interface SyslogInput extends LineDates {
  /** Path as given; `-` is standard input. */
  readonly file: string;
  /** The file that OSSEC reads on the host; default: `file`. */
  readonly location?: string;
  /** Lines to read at most. */
  readonly most?: number;
  readonly watch?: ReadingWatch;
}

/** Lines without a date at the start of a file wait for the first one that has it, so many at most. */
const patience = 1_000;

/**
 * The lines of a log in its own order, each with its time: its own date, else that of the line before, at the
 * start that of the first one that has a date. Where none has, it is an error: what the file's modification
 * time would give is another result in every copy. Bounded memory whatever the size.
 */
export async function* syslogLines(
  input: SyslogInput,
  reported: (diagnostic: Diagnostic) => void,
): AsyncGenerator<ChainLine> {
  const clock = new LineClock({ year: input.year, newest: newestTime(input.file), utc: input.utc });
  const state = unread();
  const cutter = new LineCutter();
  const location = input.location ?? input.file;
  const waiting: { readonly text: string; readonly lineNumber: number }[] = [];
  let time: number | null = null;
  let newest = Number.NEGATIVE_INFINITY;
  let skewTold = false;
  let lineNumber = 0;
  /** More lines at the start have no date than can wait. */
  let undated = false;

  const stamp = (text: string, number: number, at: number): ChainLine => ({
    text,
    time: at,
    location,
    file: input.file,
    lineNumber: number,
  });
  function* take(text: string): Generator<ChainLine> {
    lineNumber += 1;
    const own = clock.timeOf(text);
    if (own === null && time === null && (waiting.length < patience || input.assumeDate === null)) {
      if (waiting.length < patience) waiting.push({ text, lineNumber });
      else undated = true;
      return;
    }
    time = own ?? time ?? input.assumeDate ?? 0;
    for (const line of waiting.splice(0)) yield stamp(line.text, line.lineNumber, time);
    if (time < newest && !skewTold) {
      skewTold = true;
      reported(
        codes.backwards(
          { file: input.file, line: lineNumber, column: 1 },
          `this line is ${Math.ceil(newest - time)} s older than one before it`,
          "it and others like it are taken at the time of the newest line before; sort the file, or check the clocks",
        ),
      );
    }
    newest = Math.max(newest, time);
    yield stamp(text, lineNumber, newest);
  }

  const isDone = (): boolean =>
    lineNumber >= (input.most ?? Number.POSITIVE_INFINITY) || undated || input.watch?.stopped() === true;
  let watched = 0;
  for await (const chunk of readBytes(input.file, state)) {
    await input.watch?.read(state.rawBytes - watched);
    watched = state.rawBytes;
    for (const text of cutter.push(chunk)) if (!isDone()) yield* take(text);
    if (isDone()) break;
  }
  const rest = isDone() ? null : cutter.end();
  if (rest !== null) yield* take(rest);
  const { assumeDate } = input;
  if (assumeDate !== null)
    for (const line of waiting.splice(0)) yield stamp(line.text, line.lineNumber, assumeDate);
  // Zeek writes the header of a log without rows.
  const first = waiting.find(({ text }) => text !== "" && !text.startsWith("#"));
  if (first !== undefined)
    reported(
      codes.noTime(
        { file: input.file, line: first.lineNumber, column: 1 },
        undated
          ? `the first ${patience} lines have no date that zopf reads`
          : "no line has a date that zopf reads",
        'say when they were written: --assume-date 2026-11-28T10:00:00Z, in a case "assumeDate"',
      ),
    );
  const reason = state.unreadable ?? state.damage;
  if (reason !== undefined)
    reported(
      codes.unreadable(
        { file: input.file, line: Math.max(1, lineNumber), column: 1 },
        lineNumber === 0 ? `cannot be read: ${reason}` : `cannot be read further: ${reason}`,
      ),
    );
}

function newestTime(file: string): number {
  if (file !== "-") {
    try {
      return Math.floor(statSync(file).mtimeMs / 1000);
    } catch {
      // Reading it tells why.
    }
  }
  return Math.floor(Date.now() / 1000);
}
