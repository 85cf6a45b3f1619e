import { isAbsolute, relative, sep } from "node:path";
import { Command, Errors, Flags } from "@oclif/core";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { openAside } from "../files/aside.js";
import { reasonOf } from "../files/system-error.js";
import { formatDiagnostics, sortDiagnostics } from "../report/diagnostics-text.js";
import { writeOut } from "../report/write-out.js";
import { paintFor } from "./paint.js";
import { interrupted, TerminalReading } from "./reading.js";
import { withSuggestion } from "./suggestions.js";

/** 0 fine · 1 what was asked about is not so · 2 the input is invalid · 70 zopf failed · 130 Ctrl-C (docs/reference/cli.md). */
export type ExitStatus = 0 | 1 | 2 | 70 | typeof interrupted;

/** The highest wins. */
export function worst(...statuses: readonly ExitStatus[]): ExitStatus {
  for (const status of [interrupted, 70, 2, 1] as const) if (statuses.includes(status)) return status;
  return 0;
}

export function formatFlag<const T extends readonly string[]>(formats: T) {
  return Flags.option({
    options: formats,
    default: formats[0],
    description: "How the result is written.",
  })();
}

export const outputFlag = Flags.string({ description: "Write the result to this file.", helpValue: "FILE" });

/** A path as diagnostics show it: relative to the working directory where it lies below it, with `/`. */
export function showPath(path: string): string {
  if (!isAbsolute(path)) return path.split(sep).join("/");
  const short = relative(process.cwd(), path);
  return (short === "" || short.startsWith("..") ? path : short).split(sep).join("/");
}

export { paintFor };

/** Base of every command: streams, exit status, and what happens when zopf itself fails. */
export abstract class ZopfCommand extends Command {
  #progress: TerminalReading | null = null;

  /** Long work in front of a person; it ends with the command. */
  protected progress(): TerminalReading {
    this.#progress ??= new TerminalReading();
    return this.#progress;
  }

  /** oclif calls it however `run` ends. */
  protected override async finally(error: Error | undefined): Promise<void> {
    this.#progress?.end();
    await super.finally(error);
  }

  /** Writes to standard output, waiting while a pipe is full. */
  protected async print(text: string): Promise<void> {
    await writeOut(process.stdout, text);
  }

  /** The result: to `--output`, or to standard output. False when the file could not be written. */
  protected async result(text: string, output: string | undefined): Promise<boolean> {
    if (output === undefined) {
      await this.print(text);
      return true;
    }
    try {
      const file = openAside(output);
      try {
        file.write(text);
        file.commit();
      } catch (error) {
        file.discard();
        throw error;
      }
      return true;
    } catch (error) {
      process.stderr.write(`${output}:1:1 error output cannot be written: ${reasonOf(error)}\n`);
      return false;
    }
  }

  /** Diagnostics for people, on standard error. */
  protected async show(diagnostics: readonly Diagnostic[]): Promise<void> {
    if (diagnostics.length > 0)
      process.stderr.write(formatDiagnostics(diagnostics, await paintFor(process.stderr)));
  }

  /** Diagnostics of a command whose result is JSON lines: they go to standard error, as JSON lines too. */
  protected async showRun(diagnostics: readonly Diagnostic[], json: boolean): Promise<void> {
    if (!json) await this.show(diagnostics);
    else
      for (const diagnostic of sortDiagnostics(diagnostics))
        process.stderr.write(jsonOf("diagnostic", diagnostic));
  }

  protected finish(status: ExitStatus): void {
    process.exitCode = status;
  }

  protected override async catch(error: Error): Promise<void> {
    // A wrong flag or argument: the input is invalid. Everything else is a bug of ours, told by bin/run.js.
    if (error instanceof Errors.CLIError && !(error instanceof Errors.ExitError)) {
      const wantsJson = this.argv.some(
        (word, index) => word === "--format=json" || (word === "json" && this.argv[index - 1] === "--format"),
      );
      const message = withSuggestion(error.message.replace(/\nSee more help with --help$/, ""), {
        flags: Object.keys(this.ctor.flags),
      });
      if (wantsJson)
        await this.print(
          jsonOf("diagnostic", {
            diagnostics: [{ code: "usage", severity: "error", message, file: "", line: 1, column: 1 }],
          }),
        );
      process.stderr.write(`zopf ${this.id ?? ""}: ${message}\n(zopf ${this.id ?? ""} --help shows more)\n`);
      this.finish(2);
      return;
    }
    throw error;
  }
}
