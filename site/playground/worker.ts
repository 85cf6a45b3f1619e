/** The engine, off the page's own thread. */
import { Desk } from "./core/desk.js";
import { LogRun } from "./core/log-run.js";
import type { Reply, Request } from "./core/messages.js";
import { giveFile, readBytes } from "./edge/files.js";
import { unread } from "./edge/input.js";

const desk = new Desk(() => performance.now());
const say = (reply: Reply): void => postMessage(reply);
/** The log that is being read; a later one, or a stop, takes its place. */
let reading = -1;
/** A page is told how far a log is read so often, in milliseconds. */
const everySo = 200;
/** Milliseconds behind an answer in which the next question, if it waits already, comes in. */
const breath = 10;
let preparing: ReturnType<typeof setTimeout> | undefined;

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const id = "id" in data ? data.id : -1;
  clearTimeout(preparing);
  try {
    if (data.kind === "stop") reading = -1;
    else if (data.kind === "log")
      readLog(data).catch((error: unknown) => say({ kind: "fault", id, message: faultText(error) }));
    else {
      say(desk.handle(data));
      if (data.kind === "answer") prepareSoon();
    }
  } catch (error) {
    say({ kind: "fault", id, message: faultText(error) });
  }
});

function prepareSoon(): void {
  preparing = setTimeout(() => {
    if (desk.prepare()) prepareSoon();
  }, breath);
}

function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function readLog({ id, input, file, now }: Extract<Request, { readonly kind: "log" }>): Promise<void> {
  reading = id;
  giveFile(file.name, file);
  const state = unread();
  const run = new LogRun(desk.load(input), file.size, now);
  let told = performance.now();
  for await (const chunk of readBytes(file.name, state)) {
    run.push(chunk);
    if (reading !== id) run.problem = "stopped: this is a part";
    if (run.problem !== null) break;
    if (performance.now() - told < everySo) continue;
    told = performance.now();
    say({ kind: "log", id, progress: run.progress(state.rawBytes, false) });
  }
  run.problem ??= state.damage ?? state.unreadable ?? null;
  run.end();
  say({ kind: "log", id, progress: run.progress(state.rawBytes, true) });
}
