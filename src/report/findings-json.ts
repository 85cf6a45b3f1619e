import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import type { Coverage } from "../lint/coverage.js";
import type { Finding } from "../lint/finding.js";
import type { LeftOut, Summary } from "../lint/lint.js";

/** What `--fix-dry-run` would write. */
export interface ProposedFix {
  readonly file: string;
  readonly count: number;
  /** A unified diff. */
  readonly diff: string;
}

/** One document (schemas/lint.schema.json). */
export function findingsJson(
  findings: readonly Finding[],
  summary: Summary,
  leftOut: LeftOut,
  diagnostics: readonly Diagnostic[],
  coverage: Coverage | null = null,
  fixes: readonly ProposedFix[] | null = null,
): string {
  const more = { ...(coverage === null ? {} : { coverage }), ...(fixes === null ? {} : { fixes }) };
  return jsonOf("lint", { findings, summary, leftOut, diagnostics, ...more });
}
