import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** What stops a run, or is reported about it. */
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
  baseline: declareDiagnostic({
    code: "LINT-BASELINE",
    severity: "error",
    title: "a baseline that cannot be used or written",
  }),
  baselineOld: declareDiagnostic({
    code: "LINT-BASELINE-OLD",
    severity: "info",
    title: "entries of the baseline that nothing is found for",
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
