import type { Diagnostic, Severity } from "../diagnostics/diagnostic.js";

/** What colours a piece of text; the identity where there are none. */
export type Paint = Readonly<Record<Severity | "dim" | "bold", (text: string) => string>>;

const plain = (text: string): string => text;

/** No colours: files, pipes, `NO_COLOR`. */
export const noPaint: Paint = { error: plain, warning: plain, info: plain, dim: plain, bold: plain };

/** Diagnostics by file, line and column, so that two runs say the same in the same order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One diagnostic as people and editors read it: `file:line:column severity CODE message`, help below. */
export function formatDiagnostic(diagnostic: Diagnostic, paint: Paint = noPaint): string {
  const { file, line, column, severity, code, message, help } = diagnostic;
  const head = `${file}:${line}:${column} ${paint[severity](severity)} ${code} ${printable(message)}\n`;
  return help === undefined ? head : `${head}  ${paint.dim(`help: ${printable(help)}`)}\n`;
}

/**
 * Control characters of a hostile input must not reach a terminal or a page, and nothing may turn the direction of
 * what stands beside it, or be there unseen; line ends and TABs stay.
 */
export function printable(text: string): string {
  const hidden =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  return text.replace(hidden, (found) => {
    const code = (found.codePointAt(0) ?? 0).toString(16).padStart(2, "0");
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code}`;
  });
}

export function formatDiagnostics(diagnostics: readonly Diagnostic[], paint: Paint = noPaint): string {
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => formatDiagnostic(diagnostic, paint))
    .join("");
}
