import { statSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { unread } from "../files/input.js";
import { LineCutter } from "../files/lines.js";
import { readBytes } from "../files/streamed-input.js";
import type { ChainLine } from "./chain-line.js";
import { codes } from "./codes.js";
import { lineTime, type SyslogClock } from "./syslog-time.js";

export interface SyslogInput {
  /** Path as given; `-` is standard input. */
  readonly file: string;
  /** The file that OSSEC reads on the host; default: `file`. */
  readonly location?: string;
  readonly year: number | null;
}

/** Lines without a date at the start of a file wait for the first one that has it, so many at most. */
const patience = 1_000;

/**
 * The lines of a syslog file in its own order, each with its time: its own date, else that of the line
 * before. Bounded memory whatever the size.
 */
export async function* syslogLines(
  input: SyslogInput,
  reported: (diagnostic: Diagnostic) => void,
): AsyncGenerator<ChainLine> {
  const clock: SyslogClock = { year: input.year, newest: newestTime(input.file) };
  const state = unread();
  const cutter = new LineCutter();
  const location = input.location ?? input.file;
  const waiting: { readonly text: string; readonly lineNumber: number }[] = [];
  let time: number | null = null;
  let newest = Number.NEGATIVE_INFINITY;
  let skewTold = false;
  let lineNumber = 0;

  const stamp = (text: string, number: number, at: number): ChainLine => ({
    text,
    time: at,
    location,
    file: input.file,
    lineNumber: number,
  });
  function* take(text: string): Generator<ChainLine> {
    lineNumber += 1;
    const own = lineTime(text, clock);
    if (own === null && time === null && waiting.length < patience) {
      waiting.push({ text, lineNumber });
      return;
    }
    time = own ?? time ?? clock.newest;
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

  for await (const chunk of readBytes(input.file, state))
    for (const text of cutter.push(chunk)) yield* take(text);
  const rest = cutter.end();
  if (rest !== null) yield* take(rest);
  if (waiting.length > 0) {
    reported(
      codes.noTime(
        { file: input.file, line: 1, column: 1 },
        "no line has a date of its own; all are taken at the time the file was last changed",
      ),
    );
    for (const line of waiting.splice(0)) yield stamp(line.text, line.lineNumber, clock.newest);
  }
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
