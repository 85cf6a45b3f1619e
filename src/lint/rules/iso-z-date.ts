import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const isoZDate: LintRule = {
  code: "OSSEC-ISO-Z-DATE",
  trap: "iso-z-date",
  effect: "dead",
  needsLogs: true,
  title: "Lines with an RFC 3339 date that ends in Z",
  why: "Pre-decoding knows the offsets +hh:mm and -hh:mm and no Z: the whole line stays the message, without program name, and decoders with program_name are not tried.",
  instead: "Let the sender write a numeric offset or the syslog date.",
  reference: "docs/reference/ossec.md#pre-decoding (1., 5.)",
  bad: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["«2026-01-02T03:04:05Z host app[1]: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["2026-01-02T03:04:05+00:00 host app[1]: hello"],
  },
  check(context, report) {
    reportFirst(
      context,
      report,
      ({ log, programName }) =>
        programName === null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z /.test(log),
      "lines begin with a date that ends in Z, which is not pre-decoded",
    );
  },
};
