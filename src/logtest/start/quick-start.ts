/** `zopf logtest` without the machinery for command lines, which takes longer to load than a small log to analyse. */
import { type Code, loadCode } from "./code.js";

/** The code that runs, as far as a run of logtest needs it. */
export type RunningCode = Pick<Code, "identity" | "writeCode">;

/** How a run ended. */
export interface QuickRun {
  /** Of the process. */
  readonly status: number;
  /** Something was written to standard error, and may be on its way yet. */
  readonly reported: boolean;
}

/** What the file to be loaded exports; null: the words are not plain enough for it. */
export type QuickLogtest = (words: readonly string[], code: RunningCode) => Promise<QuickRun | null>;

const isQuickLogtest = (value: unknown): value is QuickLogtest => typeof value === "function";

/**
 * Runs logtest and sets the exit status. False when the full command has to look at the words, and nothing was done.
 *
 * @param file - the bundled code
 * @param words - what stands behind the command's name
 */
export async function quickStart(file: string, words: readonly string[]): Promise<boolean> {
  const code = loadCode(file);
  const run = code?.exports.quickLogtest;
  const ended = code !== null && isQuickLogtest(run) ? await run(words, code) : null;
  if (ended === null) return false;
  process.exitCode = ended.status;
  // All is written: to end by and by would wait for V8, which still compiles what nobody runs any more.
  if (!ended.reported) process.exit();
  return true;
}
