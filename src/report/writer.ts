import { closeSync, openSync, writeSync } from "node:fs";
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { reasonOf } from "../diagnostics/system-error.js";

const cannotWrite = declareDiagnostic({
  code: "output",
  severity: "error",
  title: "The file for the result cannot be written",
});

/** Where a result goes piece by piece: a file, or standard output with its backpressure. */
export interface Writer {
  write(text: string): void | Promise<void>;
  close(): Promise<void>;
}

/** Pieces are put together up to this many characters: a write a line costs more than the line. */
const batch = 1 << 16;

export function openWriter(
  output: string | undefined,
): { readonly ok: true; readonly writer: Writer } | { readonly ok: false; readonly diagnostic: Diagnostic } {
  if (output === undefined) return { ok: true, writer: standardOutput() };
  try {
    const file = openSync(output, "w");
    let pending = "";
    const flush = (): void => {
      if (pending !== "") writeSync(file, pending);
      pending = "";
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
          closeSync(file);
        },
      },
    };
  } catch (error) {
    const reason = reasonOf(error);
    return {
      ok: false,
      diagnostic: cannotWrite({ file: output, line: 1, column: 1 }, `cannot be written: ${reason}`),
    };
  }
}

function standardOutput(): Writer {
  let pending = "";
  const flush = async (): Promise<void> => {
    const text = pending;
    pending = "";
    if (text !== "" && !process.stdout.write(text))
      await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
  };
  return {
    write(text) {
      pending += text;
      if (pending.length >= batch) return flush();
    },
    close: flush,
  };
}
