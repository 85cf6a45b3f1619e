import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** What stops a run, or is told about it. */
export const codes = {
  input: declareDiagnostic({
    code: "LINT-INPUT",
    severity: "error",
    title: "a path that cannot be read, or holds no OSSEC file",
  }),
  logsCut: declareDiagnostic({
    code: "LINT-LOGS-CUT",
    severity: "warning",
    title: "log lines that are too many to be looked at together",
  }),
  order: declareDiagnostic({
    code: "LINT-ORDER",
    severity: "error",
    title: "a name in the order file that no given file has",
  }),
  config: declareDiagnostic({
    code: "LINT-CONFIG",
    severity: "error",
    title: "a zopf.config.json that cannot be used",
  }),
  fix: declareDiagnostic({
    code: "LINT-FIX",
    severity: "error",
    title: "a fix that could not be written",
  }),
  fixRefused: declareDiagnostic({
    code: "LINT-FIX-REFUSED",
    severity: "warning",
    title: "a fix that would change what matches, and was left out",
  }),
} as const;
