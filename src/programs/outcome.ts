import type { Diagnostic } from "../diagnostics/diagnostic.js";

/**
 * - `passed`: looked at, nothing to say that fails.
 * - `failed`: what was asked about is not so (exit 1).
 * - `invalid`: the input cannot be used (exit 2).
 * - `skipped`: not looked at, for the reason in the summary; never counts as passed.
 */
export type PartStatus = "passed" | "failed" | "invalid" | "skipped";

/** One line of `zopf check`. */
export interface Part {
  /** `types`, `build`, `lint`, `test`, or the name of an engine. */
  readonly name: string;
  readonly status: PartStatus;
  /** What was seen, or why it was skipped. */
  readonly summary: string;
  readonly seconds: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a part found, before its name and its time are put to it. */
export type Outcome = Omit<Part, "name" | "seconds">;

export function passed(summary: string, diagnostics: readonly Diagnostic[] = []): Outcome {
  return { status: "passed", summary, diagnostics };
}

export function skipped(summary: string): Outcome {
  return { status: "skipped", summary, diagnostics: [] };
}

/** Runs a part and takes its time. */
export async function timed(name: string, run: () => Outcome | Promise<Outcome>): Promise<Part> {
  const start = performance.now();
  const outcome = await run();
  return { name, ...outcome, seconds: Math.round(performance.now() - start) / 1000 };
}

export function plural(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
