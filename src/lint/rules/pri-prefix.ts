import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const priPrefix: LintRule = {
  code: "OSSEC-PRI-PREFIX",
  trap: "pri-prefix",
  effect: "dead",
  needsLogs: true,
  title: "Lines that begin with <PRI>",
  why: "A priority in angle brackets is not recognised: the whole line stays the message, without program name.",
  instead: "Let the syslog server take the priority away when it writes the line.",
  reference: "docs/reference/ossec.md#pre-decoding (5.)",
  bad: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["«<34>Dec 29 10:00:01 host app[1]: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["Dec 29 10:00:01 host app[1]: hello"],
  },
  check(context, report) {
    reportFirst(
      context,
      report,
      ({ log, programName }) => programName === null && /^<\d{1,3}>/.test(log),
      "lines begin with a priority, which is not pre-decoded",
    );
  },
};
