import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** Diagnostics of writing the output. */
export const codes = {
  none: declareDiagnostic({
    code: "build/no-bundle",
    severity: "error",
    title: "There is no bundle to build",
  }),
  output: declareDiagnostic({
    code: "build/output",
    severity: "error",
    title: "The output folder cannot be written",
  }),
  foreign: declareDiagnostic({
    code: "build/foreign-file",
    severity: "error",
    title: "A file that zopf did not write is in the way",
  }),
  stray: declareDiagnostic({
    code: "build/stray-file",
    severity: "warning",
    title: "A file that zopf did not write lies in the output",
  }),
  staleFolder: declareDiagnostic({
    code: "build/stale-folder",
    severity: "warning",
    title: "The output holds a bundle that is not built any more",
  }),
  sameName: declareDiagnostic({
    code: "build/same-bundle-name",
    severity: "error",
    title: "Two bundles have one name",
  }),
  target: declareDiagnostic({
    code: "build/target",
    severity: "error",
    title: "The command is about one host of a bundle, and it is not said which",
  }),
  oneTarget: declareDiagnostic({
    code: "build/one-target",
    severity: "info",
    title: "One host of several is taken",
  }),
  meet: declareDiagnostic({
    code: "build/bundles-meet",
    severity: "warning",
    title: "Two bundles cannot live on one host",
  }),
} as const;
