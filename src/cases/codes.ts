import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of cases. */
export const codes = {
  none: declareDiagnostic({ code: "case/none", severity: "error", title: "There is no case to run" }),
  file: declareDiagnostic({ code: "case/file", severity: "error", title: "A case cannot be read" }),
  shape: declareDiagnostic({ code: "case/shape", severity: "error", title: "A case has the wrong shape" }),
  reference: declareDiagnostic({
    code: "case/reference",
    severity: "error",
    title: "A case expects something of a thing that does not exist",
  }),
  bundle: declareDiagnostic({
    code: "case/bundle",
    severity: "error",
    title: "It is not clear which bundle a case is for",
  }),
  unexpected: declareDiagnostic({
    code: "case/unexpected",
    severity: "warning",
    title: "Something happened that a case does not name",
  }),
} as const;
