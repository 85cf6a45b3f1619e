import { declareDiagnostic } from "../../diagnostics/diagnostic.js";

/** Every diagnostic of loading a bundle, but for TypeScript's own, which keep their numbers (`TS2322`). */
export const codes = {
  notFound: declareDiagnostic({
    code: "load/not-found",
    severity: "error",
    title: "The bundle file does not exist",
  }),
  unreadable: declareDiagnostic({
    code: "load/unreadable",
    severity: "error",
    title: "A file cannot be read, or is no file",
  }),
  encoding: declareDiagnostic({
    code: "load/encoding",
    severity: "error",
    title: "A source file is not UTF-8",
  }),
  empty: declareDiagnostic({ code: "load/empty", severity: "error", title: "The bundle file is empty" }),
  notTypeScript: declareDiagnostic({
    code: "load/not-typescript",
    severity: "error",
    title: "The bundle is no TypeScript file",
  }),
  noDefaultExport: declareDiagnostic({
    code: "load/no-default-export",
    severity: "error",
    title: "The bundle file exports no default",
  }),
  notABundle: declareDiagnostic({
    code: "load/not-a-bundle",
    severity: "error",
    title: "The default export does not come from defineBundle",
  }),
  unresolvedImport: declareDiagnostic({
    code: "load/import",
    severity: "error",
    title: "An import does not resolve",
  }),
  event: declareDiagnostic({
    code: "load/event",
    severity: "error",
    title: "A detection's event is neither an event nor a log that zopf knows",
  }),
  missing: declareDiagnostic({
    code: "load/missing",
    severity: "error",
    title: "A property that is required is missing",
  }),
  topLevelAwait: declareDiagnostic({
    code: "load/top-level-await",
    severity: "error",
    title: "A bundle cannot wait for anything",
  }),
  exception: declareDiagnostic({
    code: "load/exception",
    severity: "error",
    title: "The bundle threw an exception while it ran",
  }),
  endless: declareDiagnostic({
    code: "load/time-limit",
    severity: "error",
    title: "The bundle ran longer than the time limit",
  }),
  memory: declareDiagnostic({
    code: "load/memory-limit",
    severity: "error",
    title: "The bundle used up the memory while it ran",
  }),
  tooDeep: declareDiagnostic({
    code: "load/too-deep",
    severity: "error",
    title: "The source is nested too deeply to be compiled",
  }),
} as const;
