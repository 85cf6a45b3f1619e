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
  partial: declareDiagnostic({
    code: "check/partial",
    severity: "warning",
    title: "The run was stopped before the end",
  }),
  required: declareDiagnostic({
    code: "check/engine-missing",
    severity: "error",
    title: "An engine that is required is not installed",
  }),
} as const;
