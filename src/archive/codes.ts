import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of archives. */
export const codes = {
  noDuckdb: declareDiagnostic({
    code: "archive/no-duckdb",
    severity: "error",
    title: "DuckDB is not installed",
  }),
  unusable: declareDiagnostic({
    code: "archive/unusable",
    severity: "error",
    title: "A folder is no archive of zopf, or one of a later version",
  }),
  busy: declareDiagnostic({
    code: "archive/busy",
    severity: "error",
    title: "Another run writes the archive",
  }),
  unwritten: declareDiagnostic({
    code: "archive/unwritten",
    severity: "error",
    title: "The archive cannot be written",
  }),
  skipped: declareDiagnostic({
    code: "archive/skipped",
    severity: "warning",
    title: "A file was not put into the archive",
  }),
  records: declareDiagnostic({
    code: "archive/records-skipped",
    severity: "warning",
    title: "Records of a file were not put into the archive",
  }),
  partial: declareDiagnostic({
    code: "archive/partial",
    severity: "warning",
    title: "Archiving was stopped before the end",
  }),
} as const;
