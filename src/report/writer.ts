import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { openAside } from "../files/aside.js";
import { reasonOf } from "../files/system-error.js";
import { writeOut } from "./write-out.js";

const cannotWrite = declareDiagnostic({
  code: "output",
  severity: "error",
  title: "The file for the result cannot be written",
});

/**
 * Where a result goes piece by piece: a file, which takes its place when it is closed, or standard output with its
 * backpressure.
 */
export interface Writer {
  write(text: string): void | Promise<void>;
  /** What kept some of it from being written; null: nothing did. */
  close(): Promise<Diagnostic | null>;
}

/** Pieces are put together up to this many characters: a write a line costs more than the line. */
const batch = 1 << 16;

/** @param before called before something is written to standard output */
export function openWriter(
  output: string | undefined,
  before: () => void = () => undefined,
): { readonly ok: true; readonly writer: Writer } | { readonly ok: false; readonly diagnostic: Diagnostic } {
  if (output === undefined) return { ok: true, writer: standardOutput(before) };
  try {
    const file = openAside(output);
    let pending = "";
    let failed: Diagnostic | null = null;
    const attempt = (step: () => void): void => {
      if (failed !== null) return;
      try {
        step();
      } catch (error) {
        failed = unwritten(output, error);
        file.discard();
      }
    };
    const flush = (): void => {
      const text = pending;
      pending = "";
      attempt(() => file.write(text));
    };
    return {
      ok: true,
      writer: {
        write(text) {
          pending += text;
          if (pending.length >= batch) flush();
        },
        async close() {
          flush();
          attempt(() => file.commit());
          return failed;
        },
      },
    };
  } catch (error) {
    return { ok: false, diagnostic: unwritten(output, error) };
  }
}

function unwritten(file: string, error: unknown): Diagnostic {
  return cannotWrite({ file, line: 1, column: 1 }, `cannot be written: ${reasonOf(error)}`);
}

function standardOutput(before: () => void): Writer {
  let pending = "";
  const flush = async (): Promise<void> => {
    const text = pending;
    pending = "";
    if (text !== "") before();
    await writeOut(process.stdout, text);
  };
  return {
    write(text) {
      pending += text;
      if (pending.length >= batch) return flush();
    },
    async close() {
      await flush();
      return null;
    },
  };
}
