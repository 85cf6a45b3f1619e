/** The engine, off the page's own thread. */
import { Desk } from "./core/desk.js";
import { LogRun } from "./core/log-run.js";
import type { Reply, Request } from "./core/messages.js";

const desk = new Desk(() => performance.now());
const say = (reply: Reply): void => postMessage(reply);
/** The log that is being read; a later one, or a stop, takes its place. */
let reading = -1;
/** A page is told how far a log is read so often, in milliseconds. */
const everySo = 200;

addEventListener("message", ({ data }: MessageEvent<Request>) => {
  const id = "id" in data ? data.id : -1;
  try {
    if (data.kind === "stop") reading = -1;
    else if (data.kind === "log")
      readLog(data).catch((error: unknown) => say({ kind: "fault", id, message: faultText(error) }));
    else say(desk.handle(data));
  } catch (error) {
    say({ kind: "fault", id, message: faultText(error) });
  }
});

function faultText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The bytes of a file, unpacked where it is gzip. */
async function streamOf(file: Blob, count: (bytes: number) => void): Promise<ReadableStream<Uint8Array>> {
  const [first = 0, second = 0] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        count(chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
  return first === 0x1f && second === 0x8b ? counted.pipeThrough(new DecompressionStream("gzip")) : counted;
}

async function readLog({ id, input, file, now }: Extract<Request, { readonly kind: "log" }>): Promise<void> {
  reading = id;
  let read = 0;
  const run = new LogRun(desk.load(input), file.size, now);
  const reader = (
    await streamOf(file, (bytes) => {
      read += bytes;
    })
  ).getReader();
  let told = performance.now();
  for (let part = await reader.read(); !part.done && run.problem === null; part = await reader.read()) {
    run.push(part.value);
    if (reading !== id) {
      run.problem = "stopped: this is a part";
      break;
    }
    if (performance.now() - told < everySo) continue;
    told = performance.now();
    say({ kind: "log", id, progress: run.progress(read, false) });
  }
  await reader.cancel();
  run.end();
  say({ kind: "log", id, progress: run.progress(read, true) });
}
