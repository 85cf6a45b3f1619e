import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of `zopf deploy`, and of reading what is deployed. */
export const codes = {
  root: declareDiagnostic({
    code: "deploy/root",
    severity: "error",
    title: "The file system root cannot be used",
  }),
  outside: declareDiagnostic({
    code: "deploy/outside",
    severity: "error",
    title: "A path leads out of the root",
  }),
  unreadable: declareDiagnostic({
    code: "deploy/unreadable",
    severity: "error",
    title: "A deployed file cannot be read",
  }),
  changing: declareDiagnostic({
    code: "deploy/changing",
    severity: "error",
    title: "A deployed file changes while it is read",
  }),
  broken: declareDiagnostic({
    code: "deploy/broken",
    severity: "error",
    title: "A deployed file cannot be parsed",
  }),
  manifest: declareDiagnostic({
    code: "deploy/manifest",
    severity: "error",
    title: "The deployed manifest is not this bundle's",
  }),
  conflict: declareDiagnostic({
    code: "deploy/conflict",
    severity: "error",
    title: "An entry that zopf does not own is in the way",
  }),
  verification: declareDiagnostic({
    code: "deploy/verification",
    severity: "error",
    title: "The merged configuration would not hold",
  }),
  chain: declareDiagnostic({
    code: "deploy/chain",
    severity: "error",
    title: "A line does not reach its rule beside the rules of the host",
  }),
  response: declareDiagnostic({
    code: "deploy/response",
    severity: "error",
    title: "An alert does not start its response beside the configuration of the host",
  }),
  parent: declareDiagnostic({
    code: "deploy/parent",
    severity: "error",
    title: "A rule stands below one that the host does not have, or does the contrary of what it says",
  }),
  starved: declareDiagnostic({
    code: "deploy/starved",
    severity: "warning",
    title: "A composite of the host no longer counts what a rule of the bundle takes",
  }),
  blinded: declareDiagnostic({
    code: "deploy/blinded",
    severity: "warning",
    title: "Rules of the host no longer see what a rule of the bundle silences",
  }),
  untried: declareDiagnostic({
    code: "deploy/untried",
    severity: "warning",
    title: "No line shows that a rule of the bundle gets an event",
  }),
  edited: declareDiagnostic({
    code: "deploy/edited",
    severity: "warning",
    title: "A file was changed by hand since it was deployed",
  }),
  place: declareDiagnostic({
    code: "deploy/place",
    severity: "warning",
    title: "Something that only the administrator can set is missing",
  }),
  locked: declareDiagnostic({
    code: "deploy/locked",
    severity: "error",
    title: "Another deploy is running",
  }),
  recovered: declareDiagnostic({
    code: "deploy/recovered",
    severity: "warning",
    title: "An interrupted deploy was finished or undone",
  }),
  failed: declareDiagnostic({
    code: "deploy/failed",
    severity: "error",
    title: "The files could not be installed",
  }),
  rollback: declareDiagnostic({
    code: "deploy/rollback",
    severity: "error",
    title: "The last state cannot be restored",
  }),
  reload: declareDiagnostic({
    code: "deploy/reload",
    severity: "error",
    title: "A program did not take the new files",
  }),
} as const;
