import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { EmittedFile } from "../targets/file.js";
import { codes } from "./codes.js";
import { bundleSpan, type EngineCheck, type EngineContext, type LaidOut } from "./context.js";
import { type Outcome, plural, skipped } from "./outcome.js";
import { lastWords, type Ran, run } from "./process.js";

export interface FileCheck {
  /** Which files the program reads. */
  readonly wanted: (file: EmittedFile) => boolean;
  readonly words: (path: string) => readonly string[];
  /** Why the program could not do its work here at all, where its output says so. */
  readonly unable?: (ran: Ran) => string | null;
  /** Everything that it says counts, not only its status. */
  readonly silent?: boolean;
}

/** Gives each file that a program understands to that program. */
export function checkFiles(check: FileCheck): EngineCheck {
  return async (context) => {
    const diagnostics: Diagnostic[] = [];
    let count = 0;
    const seen = new Set<string>();
    for (const laid of context.bundles)
      for (const file of laid.bundle.files.filter(check.wanted)) {
        // Hosts of one bundle have the same sensor, and mostly the same script.
        const key = JSON.stringify([laid.bundle.file, file.path, file.content]);
        if (seen.has(key)) continue;
        seen.add(key);
        const path = join(laid.folder, file.path);
        const ran = await run(context.program, check.words(path), { cwd: laid.folder });
        const unable = check.unable?.(ran) ?? null;
        if (unable !== null) return skipped(unable);
        count += 1;
        const found = verdict(context, laid, file.path, ran, check.silent === true);
        if (found !== null) diagnostics.push(found);
      }
    if (count === 0) return skipped("no bundle has a file for it");
    return outcome(diagnostics, plural(count, "file"));
  };
}

export function outcome(diagnostics: readonly Diagnostic[], looked: string): Outcome {
  const refused = diagnostics.filter(({ severity }) => severity === "error").length;
  return {
    status: refused > 0 ? "failed" : "passed",
    summary: refused > 0 ? `${looked}, ${refused} refused` : `${looked} accepted`,
    diagnostics,
  };
}

/** What a program's run says about a file; null when it accepts it. */
export function verdict(
  { program, show }: EngineContext,
  laid: LaidOut,
  path: string,
  ran: Ran,
  silent: boolean,
): Diagnostic | null {
  const at = bundleSpan(laid, show);
  const name = program.split("/").at(-1) ?? program;
  if (ran.error !== null) return codes.engine(at, `${program} could not be run: ${ran.error}`);
  const words = lastWords(ran).replaceAll(`${laid.folder}/`, "");
  if (ran.status !== 0)
    return codes.refused(
      at,
      `${name} refuses ${path}: ${words}`,
      "this may be a bug in zopf: please report it with the bundle",
    );
  if (silent && `${ran.stdout}${ran.stderr}`.trim() !== "")
    return codes.remark(at, `${name} accepts ${path} and says: ${words}`);
  return null;
}
