/**
 * What zopf has to say about an input, as data. Functions return diagnostics; only `commands/` print
 * them and choose the exit status.
 *
 * Lines and columns count from 1, ends are exclusive. A column is a Unicode code point, a TAB is one,
 * an invalid byte is one; CRLF is one line end (docs/reference/cli.md#everywhere).
 */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export type Severity = "error" | "warning" | "info";

/** What the engine does with the thing that a finding is about. */
export type Effect = "refused" | "dead" | "dangerous" | "misread" | "style";

export interface Diagnostic extends Span {
  /** Stable code, declared once in `diagnostics/`. */
  readonly code: string;
  readonly severity: Severity;
  readonly effect?: Effect;
  /** Name of a trap of docs/reference/ossec.md#traps. */
  readonly trap?: string;
  /** What is wrong, in the user's terms. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
}

/** Declaration of a code: one entry per code, with its documentation. */
export interface DiagnosticCode {
  readonly code: string;
  readonly severity: Severity;
  /** One line: what this diagnostic is about. */
  readonly title: string;
}

/** Declares a code once; the result makes its diagnostics. */
export interface DiagnosticFactory extends DiagnosticCode {
  (span: Span, message: string, help?: string): Diagnostic;
}

export function declareDiagnostic(declaration: DiagnosticCode): DiagnosticFactory {
  const create = (span: Span, message: string, help?: string): Diagnostic => ({
    code: declaration.code,
    severity: declaration.severity,
    message,
    ...(help === undefined ? {} : { help }),
    file: span.file,
    line: span.line,
    column: span.column,
    ...(span.endLine === undefined ? {} : { endLine: span.endLine }),
    ...(span.endColumn === undefined ? {} : { endColumn: span.endColumn }),
  });
  return Object.assign(create, declaration);
}
