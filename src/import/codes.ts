import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of an import. */
export const codes = {
  input: declareDiagnostic({
    code: "import/input",
    severity: "error",
    title: "A path that cannot be read, or holds nothing that can be imported",
  }),
  broken: declareDiagnostic({
    code: "import/broken",
    severity: "error",
    title: "A file, or a part of it, that its own program would not take",
  }),
  refused: declareDiagnostic({
    code: "import/refused",
    severity: "warning",
    title: "A part that did not come over",
  }),
  changed: declareDiagnostic({
    code: "import/changed",
    severity: "info",
    title: "What zopf built was changed, or does not hold its bundle",
  }),
  fixed: declareDiagnostic({
    code: "import/fixed",
    severity: "info",
    title: "A file that comes over with safe fixes of lint",
  }),
  stays: declareDiagnostic({
    code: "import/stays",
    severity: "info",
    title: "Sections of ossec.conf that are no part of a bundle",
  }),
  notLoaded: declareDiagnostic({
    code: "import/not-loaded",
    severity: "info",
    title: "A file that the engine does not load",
  }),
  name: declareDiagnostic({
    code: "import/name",
    severity: "error",
    title: "A name that no bundle can have",
  }),
  uncompiled: declareDiagnostic({
    code: "import/does-not-compile",
    severity: "error",
    title: "What was made of the files does not compile",
  }),
  partial: declareDiagnostic({
    code: "import/partial",
    severity: "warning",
    title: "The import was stopped before the end",
  }),
  differs: declareDiagnostic({
    code: "import/differs",
    severity: "error",
    title: "What was emitted answers otherwise than what was imported",
  }),
  knownLoss: declareDiagnostic({
    code: "import/known-loss",
    severity: "info",
    title: "Lines on which a bundle answers otherwise by what it can say, as the import said",
  }),
  unproven: declareDiagnostic({
    code: "import/unproven",
    severity: "info",
    title: "A part for which no sample could be made",
  }),
  foreign: declareDiagnostic({
    code: "import/foreign-file",
    severity: "error",
    title: "A file that is not an import, or was changed since, is in the way",
  }),
} as const;
