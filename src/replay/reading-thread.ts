import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ReaderData, ReadingPlace } from "../detections/reader.js";

/** Below this size (bytes as stored) a thread costs more than it saves. */
const WORTH_A_THREAD = 4 << 20;

const own = new URL(import.meta.url);

/** conn.log is read in a thread of its own; on a machine with one processor there is none. */
export const threadReading: ReadingPlace = { from: WORTH_A_THREAD, connect: startThread };

function startThread(data: ReaderData, fail: (reason: unknown) => void): ReturnType<ReadingPlace["connect"]> {
  // Run from its sources, zopf has no file that a thread could start with.
  if (!own.pathname.endsWith(".js") || availableParallelism() < 2) return null;
  const worker = new Worker(new URL("./reader-thread.js", own), { workerData: data });
  worker.on("error", fail);
  return { port: worker, close: () => worker.terminate() };
}
