/** Patterns of the loaded definitions, made runnable; what cannot be run is reported, never run differently. */
import { type Diagnostic, declareDiagnostic } from "../../diagnostics/diagnostic.js";
import type { PatternDefinition } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { Matcher } from "../patterns/index.js";
import type { SourceMap } from "../source-map.js";
import { spanOf } from "../xml/source.js";

const patternNotRunnable = declareDiagnostic({
  code: "OSSEC-PATTERN-NOT-RUNNABLE",
  severity: "error",
  title: "A pattern that zopf cannot run exactly as the engine does.",
});

export interface UnrunnablePattern {
  readonly pattern: PatternDefinition;
  readonly reason: string;
}

/** Compiles patterns and collects what is wrong with them. */
export class PatternCompiler {
  readonly failures: UnrunnablePattern[] = [];
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  compile(pattern: PatternDefinition): Matcher | null;
  compile(pattern: PatternDefinition | null): Matcher | null;
  compile(pattern: PatternDefinition | null): Matcher | null {
    if (pattern === null) return null;
    const result = this.#dialect.compilePattern(pattern);
    if (result.ok) return result.value;
    const what = result.unsupported === undefined ? "" : ` (${result.unsupported})`;
    this.failures.push({ pattern, reason: `${result.reason}${what}` });
    return null;
  }
}

/** What to say of patterns that cannot be run. */
export function patternProblems(
  failures: readonly UnrunnablePattern[],
  written: SourceMap,
): readonly Diagnostic[] {
  return failures.map(({ pattern, reason }) =>
    patternNotRunnable(spanOf(written.pattern(pattern)[0]), `the pattern cannot be run: ${reason}`),
  );
}
