import { createInterface } from "node:readline";
import type { Sink } from "./output-pieces.js";
import type { LogtestSession } from "./session.js";

/** Asks for lines on a terminal until Ctrl-D; Ctrl-C ends as well. The arrow keys bring back earlier lines. */
export async function runPrompt(
  session: LogtestSession,
  terminal: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream },
  sink: Sink,
): Promise<void> {
  const out = session.newOutput();
  const handOn = (): Promise<boolean> | boolean => sink(out.takeBytes());
  out.add(session.begin());
  if (!(await handOn())) return;
  const reader = createInterface({ ...terminal, terminal: true, prompt: "> ", historySize: 1000 });
  reader.on("SIGINT", () => reader.close());
  reader.prompt();
  for await (const line of reader) {
    session.received();
    session.write(out, Buffer.from(line, "utf8").toString("latin1"));
    if (!(await handOn()) || session.crash !== null) break;
    reader.prompt();
  }
  reader.close();
}
