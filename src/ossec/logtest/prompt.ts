import { createInterface } from "node:readline";
import type { WriteOutput } from "./run.js";
import type { LogtestSession } from "./session.js";

/** Asks for lines on a terminal until Ctrl-D; Ctrl-C ends as well. The arrow keys bring back earlier lines. */
export async function runPrompt(
  session: LogtestSession,
  terminal: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream },
  write: WriteOutput,
): Promise<void> {
  const { encoding } = session;
  await write(session.begin(), encoding);
  await write.flush?.();
  const reader = createInterface({ ...terminal, terminal: true, prompt: "> ", historySize: 1000 });
  reader.on("SIGINT", () => reader.close());
  reader.prompt();
  for await (const line of reader) {
    session.received();
    await write(session.line(Buffer.from(line, "utf8").toString("latin1")), encoding);
    await write.flush?.();
    if (session.crash !== null) break;
    reader.prompt();
  }
  reader.close();
}
