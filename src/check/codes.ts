import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of `zopf check`. */
export const codes = {
  stale: declareDiagnostic({
    code: "check/stale",
    severity: "error",
    title: "The output is not what the bundle builds",
  }),
  noCases: declareDiagnostic({
    code: "check/no-cases",
    severity: "warning",
    title: "A bundle has no test case",
  }),
  with: declareDiagnostic({
    code: "check/with",
    severity: "error",
    title: "The OSSEC home it will live in cannot be read",
  }),
  refused: declareDiagnostic({
    code: "check/refused",
    severity: "error",
    title: "A real program refuses what is generated",
  }),
  remark: declareDiagnostic({
    code: "check/remark",
    severity: "warning",
    title: "A real program says something about what is generated",
  }),
  disagree: declareDiagnostic({
    code: "check/engines-disagree",
    severity: "error",
    title: "zopf and the real ossec-logtest see a line differently",
  }),
  required: declareDiagnostic({
    code: "check/engine-missing",
    severity: "error",
    title: "An engine that is required is not installed",
  }),
  engine: declareDiagnostic({
    code: "check/engine",
    severity: "error",
    title: "A real program could not be run",
  }),
} as const;
