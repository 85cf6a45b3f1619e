import { fstatSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { sizeOf } from "../files/reading-watch.js";
import { type LogtestFormat, type LogtestRequest, plainRequest } from "../logtest/arguments.js";
import { type Report, runLogtest } from "../logtest/main.js";
import type { QuickLogtest, RunningCode } from "../logtest/start/quick-start.js";
import { formatDiagnostics } from "../report/diagnostics-text.js";
import { paintFor } from "./paint.js";

/** Everything about the run goes to standard error; with JSON as JSON lines. */
export async function reportLogtest(
  diagnostics: readonly Diagnostic[],
  format: LogtestFormat,
): Promise<void> {
  if (diagnostics.length === 0) return;
  if (format === "text") process.stderr.write(formatDiagnostics(diagnostics, await paintFor(process.stderr)));
  else for (const diagnostic of diagnostics) process.stderr.write(jsonOf("diagnostic", diagnostic));
}

/** Inputs of fewer bytes are read before anybody would want to know how far it is. */
const fewBytes = 4 << 20;

/** Bytes of regular files, of which standard input may be one; null: one is something else. */
function inputBytes(files: readonly string[]): number | null {
  if (files.length > 0 && !files.includes("-")) return sizeOf(files);
  try {
    const input = fstatSync(0);
    return files.length <= 1 && input.isFile() ? input.size : null;
  } catch {
    return null;
  }
}

/** Runs logtest; of long inputs it shows how far the reading is, and Ctrl-C ends it with what came out so far. */
export async function watchedLogtest(
  request: LogtestRequest,
  report: Report,
  code: RunningCode | null = null,
): Promise<0 | 1 | 2 | 130> {
  const bytes = inputBytes(request.files);
  if (bytes === null || bytes < fewBytes) return runLogtest(request, report, code);
  const { TerminalReading } = await import("./reading.js");
  const reading = new TerminalReading().listen();
  reading.expect(bytes);
  try {
    return await runLogtest(request, report, code, reading);
  } finally {
    reading.end();
  }
}

/** Entry of the bundle that src/logtest/start runs. */
export const quickLogtest: QuickLogtest = async (words, code) => {
  const request = plainRequest(words);
  if (request === null) return null;
  let reported = false;
  const report: Report = (diagnostics) => {
    reported = true;
    return reportLogtest(diagnostics, request.format);
  };
  return { status: await watchedLogtest(request, report, code), reported };
};
