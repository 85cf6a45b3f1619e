import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of `zopf hunt`. */
export const codes = {
  place: declareDiagnostic({
    code: "hunt/place",
    severity: "error",
    title: "What to hunt in cannot be used",
  }),
  engine: declareDiagnostic({
    code: "hunt/engine",
    severity: "error",
    title: "The archive's engine reports an error",
  }),
  noColumn: declareDiagnostic({
    code: "hunt/no-column",
    severity: "error",
    title: "A table lacks a column that a detection reads",
  }),
  lacking: declareDiagnostic({
    code: "hunt/lacking-column",
    severity: "warning",
    title: "No log of an archive has a column that a detection reads",
  }),
  columnType: declareDiagnostic({
    code: "hunt/column-type",
    severity: "error",
    title: "A column of a table is of another type than Zeek's",
  }),
  names: declareDiagnostic({
    code: "hunt/names",
    severity: "error",
    title: "The mapping of names cannot be used",
  }),
  tooMany: declareDiagnostic({
    code: "hunt/too-many-rows",
    severity: "error",
    title: "More rows would be fetched than --max-rows allows",
  }),
  everyKey: declareDiagnostic({
    code: "hunt/every-key",
    severity: "warning",
    title: "A detection's query cannot tell its keys apart: every row is fetched",
  }),
  caps: declareDiagnostic({
    code: "hunt/caps",
    severity: "warning",
    title: "A table may have been so full that rows which were not fetched matter",
  }),
  everyLine: declareDiagnostic({
    code: "hunt/every-line",
    severity: "warning",
    title: "The rules depend on every line: all of them are read",
  }),
  timeless: declareDiagnostic({
    code: "hunt/timeless",
    severity: "warning",
    title: "Rows or lines of a table have no time",
  }),
  unhunted: declareDiagnostic({
    code: "hunt/unhunted",
    severity: "warning",
    title: "What detections read is not in the archive",
  }),
  stopped: declareDiagnostic({ code: "hunt/stopped", severity: "error", title: "A hunt was stopped" }),
} as const;
