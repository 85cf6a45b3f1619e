import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** A Zeek log that cannot be opened or read (no such file, no permission, an I/O error). */
export const ZEEK_UNREADABLE = declareDiagnostic({
  code: "ZEEK-UNREADABLE",
  severity: "error",
  title: "a log cannot be read",
});

/** A non-empty input without one usable record: no Zeek log, unknown header, binary data, gzip cut early. */
export const ZEEK_NO_RECORD = declareDiagnostic({
  code: "ZEEK-NO-RECORD",
  severity: "error",
  title: "a non-empty input holds no Zeek log record",
});

/** Records that were skipped; one diagnostic a kind and file, at the first of them. */
export const ZEEK_BAD_RECORD = declareDiagnostic({
  code: "ZEEK-BAD-RECORD",
  severity: "warning",
  title: "records of a log were skipped",
});

/** A compressed log that ends early or is damaged; what came before was read. */
export const ZEEK_CUT_OFF = declareDiagnostic({
  code: "ZEEK-CUT-OFF",
  severity: "warning",
  title: "a compressed log ends early",
});

/** A directory in which no Zeek log was found. */
export const ZEEK_NO_LOGS = declareDiagnostic({
  code: "ZEEK-NO-LOGS",
  severity: "error",
  title: "a directory holds no Zeek log",
});

/** A file of a directory whose records another file of it holds, too; only one of them is read. */
export const ZEEK_TWICE = declareDiagnostic({
  code: "ZEEK-TWICE",
  severity: "warning",
  title: "a log stands twice in a directory",
});

/** Rows that came later than the reorder window allows; evaluated when met. */
export const ZEEK_OUT_OF_ORDER = declareDiagnostic({
  code: "ZEEK-OUT-OF-ORDER",
  severity: "warning",
  title: "rows were evaluated later than their time",
});

/** A TSV header without a column that a detection reads; reported once for each column. */
export const ZEEK_NO_COLUMN = declareDiagnostic({
  code: "ZEEK-NO-COLUMN",
  severity: "warning",
  title: "a log lacks a column that is read",
});
