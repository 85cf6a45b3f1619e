import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { plainRequest } from "../ossec/logtest/arguments.js";
import { type RunningBundle, runLogtest } from "../ossec/logtest/main.js";
import { formatDiagnostics } from "../report/diagnostics-text.js";
import { paintFor } from "./paint.js";
import { compileSooner } from "./v8-settings.js";

/** Everything about the run goes to standard error; with JSON as JSON lines. */
export async function tellLogtest(
  diagnostics: readonly Diagnostic[],
  format: "text" | "json",
): Promise<void> {
  if (diagnostics.length === 0) return;
  if (format === "text") process.stderr.write(formatDiagnostics(diagnostics, await paintFor(process.stderr)));
  else for (const diagnostic of diagnostics) process.stderr.write(`${JSON.stringify(diagnostic)}\n`);
}

/**
 * Runs `zopf logtest` without the machinery for command lines, which takes longer to load than a small log
 * to analyse. The exit status; null when the words after the command's name are not plain enough for it.
 */
export async function quickLogtest(
  words: readonly string[],
  bundle: RunningBundle | null = null,
): Promise<number | null> {
  const request = plainRequest(words);
  if (request === null) return null;
  compileSooner();
  return runLogtest(request, (diagnostics) => tellLogtest(diagnostics, request.format), bundle);
}
