import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const wazuhIsoDate: LintRule = {
  code: "WAZUH-ISO-DATE",
  trap: "iso-date-cut",
  effect: "misread",
  dialects: ["wazuh"],
  title: "A line whose date is cut at a wrong place",
  why: "A date with milliseconds and Z (2023-11-14T22:13:20.123Z) is cut behind its 32nd byte, whatever stands there: program and message begin in the middle of a word.",
  instead: "Write microseconds and an offset (.123456+00:00), or leave the fraction away.",
  reference: "docs/reference/wazuh.md#pre-decoding-in-wazuh",
  bad: { logs: ["«2023-11-14T22:13:20.123Z host app[12]: started»"] },
  good: { logs: ["2023-11-14T22:13:20.123456+00:00 host app[12]: started"] },
  needsLogs: true,
  check(context, report) {
    reportFirst(
      context,
      report,
      ({ line }) => line.length > 32 && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /.test(line),
      "the date of this line is cut behind its 32nd byte",
    );
  },
};
