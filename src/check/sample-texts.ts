import { dirname, resolve } from "node:path";
import type { Observed } from "../cases/run.js";
import type { CompiledBundle } from "../compiler/compile.js";
import { sampleLines } from "../compiler/verify/samples.js";
import type { SampleText } from "../programs/context.js";
import { syslogLines } from "../replay/syslog-source.js";

/** Enough of one case to see every kind of its lines; a case may be a day's log. */
const mostPerFile = 20_000;

/** Every sample line of a bundle: what its detections lead to, and what its cases hold and raise. */
export async function sampleTexts(
  { file, model }: CompiledBundle,
  observed: readonly Observed[],
  show: (path: string) => string,
): Promise<readonly SampleText[]> {
  const texts: SampleText[] = [];
  for (const detection of model.detections)
    for (const { line } of sampleLines(model, detection)) texts.push({ line, from: detection.name });
  for (const { path, file: described, seen } of observed) {
    if (dirname(dirname(dirname(path))) !== dirname(file)) continue;
    for (const event of seen) if (event.kind === "notice") texts.push({ line: event.line, from: show(path) });
    for (const name of described.syslog ?? []) {
      const log = resolve(dirname(path), name);
      // The times of the lines are of no interest.
      const input = { file: log, year: null, utc: true, assumeDate: 0, most: mostPerFile };
      for await (const { text, lineNumber } of syslogLines(input, () => undefined))
        texts.push({ line: text, from: `${show(log)}:${lineNumber}` });
    }
  }
  // A line feed would be two lines to the real engine.
  return texts.filter(({ line }) => !line.includes("\n"));
}
