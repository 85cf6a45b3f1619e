import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics about what real programs say of generated files. */
export const codes = {
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
  engine: declareDiagnostic({
    code: "check/engine",
    severity: "error",
    title: "A real program could not be run",
  }),
} as const;
