import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const prematchDecoderSkippedWithProgram: LintRule = {
  code: "OSSEC-PREMATCH-DECODER-SKIPPED-WITH-PROGRAM",
  trap: "prematch-decoder-skipped-with-program",
  effect: "dead",
  dialects: ["ossec", "wazuh"],
  needsLogs: true,
  title: "A decoder without program_name for lines that have one",
  why: "A line with a program name is offered only to decoders with program_name. This decoder's prematch fits the message and is never tried.",
  instead: "Give the decoder a <program_name>.",
  reference: "docs/reference/ossec.md#decoder-selection (two lists)",
  bad: {
    decoders: `<decoder name="app"><prematch>^hello</prematch></decoder>`,
    logs: ["«Dec 29 10:00:01 host app[1]: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name><prematch>^hello</prematch></decoder>`,
    logs: ["Dec 29 10:00:01 host app[1]: hello"],
  },
  check(context, report) {
    for (const { decoder } of context.loaded.decoders.withoutProgramName) {
      const compiled =
        decoder.prematch === null ? null : context.loaded.dialect.compilePattern(decoder.prematch);
      if (compiled?.ok !== true) continue;
      const { value } = compiled;
      reportFirst(
        context,
        report,
        ({ log, programName, event }) =>
          programName !== null && event.kind !== "ignored" && event.decoder === null && value.test(log),
        `decoder "${decoder.name}" is not tried for lines with a program name`,
      );
    }
  },
};
