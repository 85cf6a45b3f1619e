/** What can go wrong in a run of logtest, as diagnostics. */
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import type { RuleDefinition } from "../ossec/definitions.js";
import { type SourceRange, spanOf } from "../ossec/xml/source.js";
import type { LogtestSession } from "./session.js";

const controlLineWrong = declareDiagnostic({
  code: "LOGTEST-CONTROL-LINE",
  severity: "error",
  title: "A control line that sets no time.",
});

const engineDies = declareDiagnostic({
  code: "LOGTEST-ENGINE-DIES",
  severity: "error",
  title: "A line on which the real engine dies.",
});

export const inputUnreadable = declareDiagnostic({
  code: "LOGTEST-INPUT",
  severity: "error",
  title: "An input that cannot be read, or not to its end.",
});

/** What was analysed so far came out. */
export const partial = declareDiagnostic({
  code: "LOGTEST-PARTIAL",
  severity: "warning",
  title: "A run was stopped before the end of its inputs.",
});

export const requestWrong = declareDiagnostic({
  code: "LOGTEST-REQUEST",
  severity: "error",
  title: "Flags that ask for what cannot be.",
});

const outputUnwritable = declareDiagnostic({
  code: "LOGTEST-OUTPUT",
  severity: "error",
  title: "An output that cannot be written.",
});

/** Reading state of an input file. */
export interface InputProblems {
  readonly damage: string | undefined;
  readonly unreadable: string | undefined;
}

const shownName = (file: string): string => (file === "-" ? "<stdin>" : file);

/**
 * Everything to tell after the last line.
 *
 * @param placeOf - where a rule's id is written; null: nowhere any more
 */
export function logtestProblems(
  session: LogtestSession,
  inputs: readonly { readonly file: string; readonly state: InputProblems }[],
  output: string | undefined,
  outputFailure: string | null,
  placeOf: (rule: RuleDefinition) => SourceRange | null,
): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const at = (file: string, line: number) => ({ file: shownName(file), line, column: 1 });
  const first = inputs[0]?.file ?? "-";
  for (const { file, state } of inputs) {
    const reason = state.unreadable ?? state.damage;
    if (reason !== undefined) problems.push(inputUnreadable(at(file, 1), `cannot be read: ${reason}`));
  }
  for (const { lineNumber, text } of session.wrongControlLines) {
    const message = `'${text.slice(0, 80)}' sets no time; it wants @time and seconds since 1970`;
    problems.push(controlLineWrong(at(first, lineNumber), message));
  }
  const { crash } = session;
  if (crash !== null) {
    const message = `the engine dies on '${crash.line.slice(0, 200)}': ${crash.reason}`;
    const place = crash.rule === null ? null : placeOf(crash.rule);
    problems.push(engineDies(place === null ? at(first, 1) : spanOf(place), message));
  }
  if (outputFailure !== null)
    problems.push(outputUnwritable(at(output ?? "<stdout>", 1), `cannot be written: ${outputFailure}`));
  return problems;
}
