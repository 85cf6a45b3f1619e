/** Patterns of the loaded definitions, made runnable; what cannot be run is told, never run differently. */
import { type Diagnostic, declareDiagnostic } from "../../diagnostics/diagnostic.js";
import type { PatternDefinition } from "../definitions.js";
import { compilePattern, type Matcher } from "../patterns/index.js";
import { spanOf } from "../xml/source.js";

export const patternNotRunnable = declareDiagnostic({
  code: "OSSEC-PATTERN-NOT-RUNNABLE",
  severity: "error",
  title: "A pattern that zopf cannot run exactly as the engine does.",
});

/** Compiles patterns and collects what is wrong with them. */
export class PatternCompiler {
  readonly problems: Diagnostic[] = [];

  compile(pattern: PatternDefinition): Matcher | null;
  compile(pattern: PatternDefinition | null): Matcher | null;
  compile(pattern: PatternDefinition | null): Matcher | null {
    if (pattern === null) return null;
    const result = compilePattern(pattern);
    if (result.ok) return result.value;
    const what = result.unsupported === undefined ? "" : ` (${result.unsupported})`;
    this.problems.push(
      patternNotRunnable(spanOf(pattern.places[0]), `the pattern cannot be run: ${result.reason}${what}`),
    );
    return null;
  }
}
