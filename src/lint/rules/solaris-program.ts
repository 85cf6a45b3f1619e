import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const solarisProgram: LintRule = {
  code: "OSSEC-SOLARIS-PROGRAM",
  trap: "solaris-program",
  effect: "dead",
  needsLogs: true,
  title: "The first word behind the date is taken for the program",
  why: "When the word behind the date is followed by a colon it is the program name and there is no host (the form of Solaris): the word is gone from the message, and decoders without program_name are not tried.",
  instead: "Test the word with <program_name>, and begin the prematch behind it.",
  reference: "docs/reference/ossec.md#pre-decoding (2.)",
  bad: {
    decoders: `<decoder name="scan"><prematch>^TCP: scan</prematch></decoder>`,
    logs: ["«Dec 29 10:00:01 TCP: scan detected»"],
  },
  good: {
    decoders: `<decoder name="scan"><program_name>^TCP$</program_name><prematch>^scan</prematch></decoder>`,
    logs: ["Dec 29 10:00:01 TCP: scan detected"],
  },
  check(context, report) {
    reportFirst(
      context,
      report,
      ({ line, programName, hostname, event }) =>
        programName !== null &&
        hostname === null &&
        event.kind !== "ignored" &&
        event.decoder === null &&
        line.includes(` ${programName}: `),
      "the first word behind the date is taken for the program name, and no decoder asks for it",
    );
  },
};
