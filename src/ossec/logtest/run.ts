/** Running a logtest session over a stream of bytes. */
import type { Writable } from "node:stream";
import { LineCutter } from "./lines.js";
import type { LogtestSession } from "./session.js";

/** Output is handed on in pieces of about this many characters: small ones, which V8 joins where they are young. */
const pieceSize = 1 << 14;

/** So many bytes go to the stream at once. */
const bufferSize = 1 << 17;

/** Takes a piece of output and waits until the reader has room. */
export interface WriteOutput {
  (text: string, encoding: "latin1" | "utf8"): Promise<void>;
  /** Hands on what it still holds; absent: it holds nothing. */
  flush?(): Promise<void>;
}

/** Writes to a stream, in large pieces, and waits while it is full. */
export function streamWriter(stream: Writable): WriteOutput {
  let buffer = Buffer.allocUnsafeSlow(bufferSize);
  let length = 0;
  const pass = async (bytes: Buffer): Promise<void> => {
    if (bytes.length === 0 || stream.write(bytes) || stream.destroyed) return;
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
  const flush = async (): Promise<void> => {
    const full = buffer.subarray(0, length);
    length = 0;
    await pass(full);
    // A stream that has not written it yet keeps the memory.
    if (stream.writableLength > 0) buffer = Buffer.allocUnsafeSlow(bufferSize);
  };
  const write = async (text: string, encoding: "latin1" | "utf8"): Promise<void> => {
    const most = encoding === "latin1" ? text.length : 3 * text.length;
    if (length + most > bufferSize) await flush();
    if (most > bufferSize) await pass(Buffer.from(text, encoding));
    else length += buffer.write(text, length, encoding);
  };
  return Object.assign(write, { flush });
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
  await write.flush?.();
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
    await write.flush?.();
    if (session.crash !== null) return;
    await breathe();
  }
  const rest = cutter.end();
  if (rest === null) return;
  session.received();
  await write(session.line(rest), encoding);
  await write.flush?.();
}
