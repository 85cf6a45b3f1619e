/** Running a logtest session over a stream of bytes. */

import type { InputState } from "../files/input.js";
import { LineCutter } from "../files/lines.js";
import type { ReadingWatch } from "../files/reading-watch.js";
import type { ArchivedLine } from "./archived-lines.js";
import type { Sink } from "./output-pieces.js";
import type { LogtestSession } from "./session.js";

/**
 * Output is handed on when there are so many pieces, or so many characters: what waits long is dear to collect, and V8
 * gives a text of 128 kB memory of its own, which the system has to clear each time.
 */
const mostPieces = 2000;
const mostCharacters = 1 << 16;

/** Lets signals and timers through: reading and writing may both never have to wait. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Follows the bytes of an input, as stored. */
export interface Followed {
  readonly watch: ReadingWatch;
  readonly state: Pick<InputState, "rawBytes">;
}

/** Feeds a session with bytes; memory does not grow with the input. Ends early when the engine dies or nobody takes its output. */
export async function runStream(
  session: LogtestSession,
  chunks: AsyncIterable<Uint8Array>,
  sink: Sink,
  followed: Followed | null = null,
): Promise<void> {
  let watched = 0;
  const { out, handOn, isFull } = pieces(session, sink);
  if (!(await handOn())) return;
  const cutter = new LineCutter();
  for await (const chunk of chunks) {
    session.received();
    cutter.start(chunk);
    for (let line = cutter.next(); line !== null; line = cutter.next()) {
      session.write(out, line, cutter.bytes, cutter.at);
      if (isFull() && !(await handOn())) return;
    }
    if (!(await handOn()) || session.crash !== null) return;
    await breathe();
    if (followed === null) continue;
    await followed.watch.read(followed.state.rawBytes - watched);
    watched = followed.state.rawBytes;
    if (followed.watch.stopped()) return;
  }
  const rest = cutter.end();
  if (rest === null) return;
  session.received();
  session.write(out, rest);
  await handOn();
}

/** Feeds a session with the lines of a table; ends as {@link runStream} does. */
export async function runLines(
  session: LogtestSession,
  lines: AsyncIterable<ArchivedLine>,
  sink: Sink,
): Promise<void> {
  const { out, handOn, isFull } = pieces(session, sink);
  for await (const line of lines) {
    session.writeArchived(out, line);
    if (isFull() && !(await handOn())) return;
    if (session.crash !== null) break;
  }
  await handOn();
}

/** A session's output from its beginning on, and how it goes out. */
function pieces(session: LogtestSession, sink: Sink) {
  const out = session.newOutput();
  out.add(session.begin());
  return {
    out,
    /** False: nobody takes it any more. */
    handOn: (): Promise<boolean> | boolean => out.count === 0 || sink(out.takeBytes()),
    isFull: (): boolean => out.count > mostPieces || out.length > mostCharacters,
  };
}
