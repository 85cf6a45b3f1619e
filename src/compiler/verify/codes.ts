import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** Diagnostics about the emitted set as a whole. An error here is a defence that would not hold. */
export const codes = {
  wellFormed: declareDiagnostic({
    code: "verify/well-formed",
    severity: "error",
    title: "The emitted XML is not well-formed",
  }),
  refused: declareDiagnostic({
    code: "verify/refused",
    severity: "error",
    title: "OSSEC would not load what is emitted",
  }),
  chain: declareDiagnostic({
    code: "verify/chain",
    severity: "error",
    title: "A notice line does not reach its rule",
  }),
  response: declareDiagnostic({
    code: "verify/response",
    severity: "error",
    title: "An alert does not start its response",
  }),
  table: declareDiagnostic({
    code: "verify/table",
    severity: "error",
    title: "A table is named by one file and missing in another",
  }),
} as const;
