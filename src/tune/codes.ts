import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of `zopf tune`. */
export const codes = {
  list: declareDiagnostic({
    code: "tune/list",
    severity: "error",
    title: "A list of known addresses is invalid",
  }),
  detection: declareDiagnostic({
    code: "tune/detection",
    severity: "error",
    title: "There is no detection to tune",
  }),
  setting: declareDiagnostic({
    code: "tune/setting",
    severity: "error",
    title: "A detection cannot have a setting",
  }),
  partial: declareDiagnostic({
    code: "tune/partial",
    severity: "warning",
    title: "Tuning was stopped before the end of its inputs",
  }),
  again: declareDiagnostic({
    code: "tune/read-twice",
    severity: "error",
    title: "An input would have to be read twice",
  }),
} as const;
