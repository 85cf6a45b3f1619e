import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Coverage } from "../lint/coverage.js";
import type { Finding } from "../lint/finding.js";
import type { Summary } from "../lint/lint.js";

/** One document (schemas/lint.schema.json). */
export function findingsJson(
  findings: readonly Finding[],
  summary: Summary,
  diagnostics: readonly Diagnostic[],
  coverage: Coverage | null = null,
): string {
  return `${JSON.stringify({ findings, summary, diagnostics, ...(coverage === null ? {} : { coverage }) })}\n`;
}
