import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { type LogtestFormat, plainRequest } from "../logtest/arguments.js";
import { type Report, runLogtest } from "../logtest/main.js";
import type { QuickLogtest } from "../logtest/start/quick-start.js";
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

/** Entry of the bundle that src/logtest/start runs. */
export const quickLogtest: QuickLogtest = async (words, code) => {
  const request = plainRequest(words);
  if (request === null) return null;
  let reported = false;
  const report: Report = (diagnostics) => {
    reported = true;
    return reportLogtest(diagnostics, request.format);
  };
  return { status: await runLogtest(request, report, code), reported };
};
