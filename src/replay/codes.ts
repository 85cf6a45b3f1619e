import { declareDiagnostic } from "../diagnostics/diagnostic.js";

/** Diagnostics of the replay. */
export const codes = {
  unreadable: declareDiagnostic({
    code: "replay/unreadable",
    severity: "error",
    title: "An input cannot be read",
  }),
  backwards: declareDiagnostic({
    code: "replay/out-of-order",
    severity: "warning",
    title: "A line is older than one before it",
  }),
  engine: declareDiagnostic({
    code: "replay/engine",
    severity: "error",
    title: "A version of OSSEC for a bundle of Wazuh's",
  }),
  noTime: declareDiagnostic({
    code: "replay/no-time",
    severity: "error",
    title: "No line of a file has a date",
  }),
  crash: declareDiagnostic({
    code: "replay/engine-crash",
    severity: "error",
    title: "A line would kill the real OSSEC engine",
  }),
  noInput: declareDiagnostic({ code: "replay/no-input", severity: "error", title: "Nothing to replay" }),
  outside: declareDiagnostic({
    code: "replay/outside-rule",
    severity: "warning",
    title: "A burst counts rules that are not there",
  }),
  notReplayable: declareDiagnostic({
    code: "replay/not-replayable",
    severity: "warning",
    title: "A detection needs what the given logs do not hold",
  }),
  logNotGiven: declareDiagnostic({
    code: "replay/log-not-given",
    severity: "info",
    title: "Detections look at a log that is not among the given ones",
  }),
  noticeLog: declareDiagnostic({
    code: "replay/notice-log",
    severity: "info",
    title: "Notices are taken from an existing notice log",
  }),
  noRow: declareDiagnostic({
    code: "explain/no-row",
    severity: "error",
    title: "There is no row to explain a detection on",
  }),
  partial: declareDiagnostic({
    code: "replay/partial",
    severity: "warning",
    title: "A replay was stopped before the end of its inputs",
  }),
  late: declareDiagnostic({
    code: "replay/late-rows",
    severity: "info",
    title: "Rows came later than the reorder window",
  }),
} as const;
