import { linesLog } from "../hunt/columns.js";
import type { TimeRange } from "../hunt/foreign.js";
import { HuntedLines } from "../hunt/lines.js";
import { engineFailure, openStore } from "../hunt/open-store.js";
import { StoreError } from "../hunt/store.js";
import type { ArchivedLine, ArchivedLines } from "../logtest/archived-lines.js";
import type { LogtestRequest } from "../logtest/arguments.js";
import { type Report, runLogtest } from "../logtest/main.js";
import { partial, requestWrong } from "../logtest/problems.js";
import { readPlaces } from "./hunt-place.js";
import { interrupted, type TerminalReading } from "./reading.js";

/**
 * Runs logtest on the lines of a table, in the order of their times, each received at its own time. Where only alerts are
 * shown, only lines are fetched that the rules can be about.
 */
export async function logtestOn(
  on: string,
  range: TimeRange,
  request: LogtestRequest,
  report: Report,
  reading: TerminalReading,
): Promise<0 | 1 | 2 | 130> {
  const at = { file: on, line: 1, column: 1 };
  const wrong = async (...diagnostics: Parameters<Report>[0]): Promise<2> => {
    await report(diagnostics);
    return 2;
  };
  if (request.files.length > 0)
    return wrong(requestWrong(at, "lines come from a table or from files, not from both"));
  const read = readPlaces([on], linesLog);
  if (!read.ok) return wrong(...read.diagnostics);
  const [place] = read.places;
  if (place === undefined) return wrong(requestWrong(at, "there is no place"));
  let stop = (): void => undefined;
  reading.listen(() => stop());
  const onStart = (engine: () => void): void => {
    stop = engine;
  };
  const opened = await openStore(place, { names: read.names, range, onStart });
  if (!opened.ok) {
    reading.end();
    if (!reading.stopped()) return wrong(...opened.diagnostics);
    await report([partial(at, "stopped before the first line")]);
    return interrupted;
  }
  const { store } = opened;
  stop = () => store.interrupt();
  const hunted = new HuntedLines({
    store,
    whole: !request.alerts,
    maxRows: Number.POSITIVE_INFINITY,
    onProgress: (what) => void reading.step(what),
  });
  let failure: StoreError | null = null;
  /** What came out before the engine failed is a part: the output is ended as such. */
  const guarded = async function* (lines: AsyncIterable<ArchivedLine>): AsyncGenerator<ArchivedLine> {
    try {
      yield* lines;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      failure = error;
    }
  };
  const archive: ArchivedLines = {
    name: store.name,
    prepare: async (rules) => {
      try {
        const prepared = await hunted.prepare(rules);
        return prepared.ok ? { ...prepared, lines: guarded(prepared.lines) } : prepared;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        if (!error.isStopped) return { ok: false, diagnostics: [engineFailure(error)] };
        return { ok: true, diagnostics: [], lines: guarded(none()) };
      }
    },
  };
  try {
    await report(opened.diagnostics);
    const status = await runLogtest(request, report, null, reading, archive);
    return failure === null || reading.stopped() ? status : await wrong(engineFailure(failure));
  } finally {
    reading.end();
    await store.close();
  }
}

async function* none(): AsyncGenerator<ArchivedLine> {}
