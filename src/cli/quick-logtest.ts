import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { plainRequest } from "../logtest/arguments.js";
import { type RunningBundle, runLogtest, type Tell } from "../logtest/main.js";
import { compileSooner } from "../logtest/start/v8-settings.js";
import { formatDiagnostics } from "../report/diagnostics-text.js";
import { paintFor } from "./paint.js";

/** Everything about the run goes to standard error; with JSON as JSON lines. */
export async function tellLogtest(
  diagnostics: readonly Diagnostic[],
  format: "text" | "json",
): Promise<void> {
  if (diagnostics.length === 0) return;
  if (format === "text") process.stderr.write(formatDiagnostics(diagnostics, await paintFor(process.stderr)));
  else for (const diagnostic of diagnostics) process.stderr.write(`${JSON.stringify(diagnostic)}\n`);
}

/** How a run ended. */
export interface QuickRun {
  /** Of the process. */
  readonly status: number;
  /** Something was written to standard error, and may be on its way yet. */
  readonly told: boolean;
}

/**
 * Runs `zopf logtest` without the machinery for command lines, which takes longer to load than a small log
 * to analyse. null when the words after the command's name are not plain enough for it.
 */
export async function quickLogtest(
  words: readonly string[],
  bundle: RunningBundle | null = null,
): Promise<QuickRun | null> {
  const request = plainRequest(words);
  if (request === null) return null;
  compileSooner();
  let told = false;
  const tell: Tell = (diagnostics) => {
    told = true;
    return tellLogtest(diagnostics, request.format);
  };
  return { status: await runLogtest(request, tell, bundle), told };
}
