/** Running a logtest session over a stream of bytes. */
import type { Writable } from "node:stream";
import { LineCutter } from "./lines.js";
import type { LogtestSession } from "./session.js";

/** Output is handed on in pieces of about this many characters. */
const pieceSize = 1 << 17;

/** Takes a piece of output and waits until the reader has room. */
export type WriteOutput = (text: string, encoding: "latin1" | "utf8") => Promise<void>;

/** Writes to a stream and waits while it is full. */
export function streamWriter(stream: Writable): WriteOutput {
  return async (text, encoding) => {
    if (text === "" || stream.write(text, encoding) || stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off("drain", done);
        stream.off("close", done);
        resolve();
      };
      stream.once("drain", done);
      stream.once("close", done);
    });
  };
}

/** Lets the events of streams through: chunks and writes may both be there at once, without end. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Feeds a session with bytes; memory does not grow with the input. Ends early when the engine dies. */
export async function runStream(
  session: LogtestSession,
  chunks: AsyncIterable<Uint8Array>,
  write: WriteOutput,
): Promise<void> {
  const { encoding } = session;
  await write(session.begin(), encoding);
  const cutter = new LineCutter();
  for await (const chunk of chunks) {
    let text = "";
    session.received();
    cutter.start(chunk);
    for (let line = cutter.next(); line !== null; line = cutter.next()) {
      text += session.line(line, cutter.bytes, cutter.at);
      if (text.length < pieceSize) continue;
      await write(text, encoding);
      text = "";
    }
    await write(text, encoding);
    if (session.crash !== null) return;
    await breathe();
  }
  const rest = cutter.end();
  if (rest !== null) await write(session.line(rest), encoding);
}
