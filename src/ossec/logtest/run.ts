/** Running a logtest session over a stream of bytes or at a prompt. */
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { LineCutter } from "./lines.js";
import type { LogtestSession } from "./session.js";

/** Output is handed on in pieces of about this many characters. */
const pieceSize = 1 << 16;

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
    for (const line of cutter.push(chunk)) {
      text += session.line(line);
      if (text.length >= pieceSize) {
        await write(text, encoding);
        text = "";
      }
    }
    await write(text, encoding);
    if (session.crash !== null) return;
  }
  const rest = cutter.end();
  if (rest !== null) await write(session.line(rest), encoding);
}

/** Asks for lines on a terminal until Ctrl-D; Ctrl-C ends as well. The arrow keys bring back earlier lines. */
export async function runPrompt(
  session: LogtestSession,
  terminal: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream },
  write: WriteOutput,
): Promise<void> {
  const { encoding } = session;
  await write(session.begin(), encoding);
  const reader = createInterface({ ...terminal, terminal: true, prompt: "> ", historySize: 1000 });
  reader.on("SIGINT", () => reader.close());
  reader.prompt();
  for await (const line of reader) {
    await write(session.line(Buffer.from(line, "utf8").toString("latin1")), encoding);
    if (session.crash !== null) break;
    reader.prompt();
  }
  reader.close();
}
