import { compilePattern } from "../../ossec/patterns/index.js";
import { reportFirst } from "../helpers.js";
import type { LintRule } from "../model.js";

export const programDecoderWithoutHeader: LintRule = {
  code: "OSSEC-PROGRAM-DECODER-WITHOUT-HEADER",
  trap: "program-decoder-without-header",
  effect: "dead",
  needsLogs: true,
  title: "A decoder with program_name for lines without a syslog header",
  why: "Without a date and a host in front, pre-decoding finds no program name, and decoders with program_name are not tried.",
  instead: "Let the lines be written through syslog, or write a decoder with a prematch.",
  reference: "spec/ossec.md 4, 5.1 (two lists)",
  bad: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["«app: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["Dec 29 10:00:01 host app: hello"],
  },
  check(context, report) {
    for (const { decoder } of context.loaded.decoders.withProgramName) {
      const compiled = decoder.programName === null ? null : compilePattern(decoder.programName);
      if (compiled?.ok !== true) continue;
      const { value } = compiled;
      reportFirst(
        context,
        report,
        ({ log, programName, event }) => {
          if (programName !== null || event.kind === "ignored" || event.decoder !== null) return false;
          const word = /^([A-Za-z0-9()@/_.-]+)(?:\[\d+\])?: /.exec(log);
          return word !== null && value.test(word[1] ?? "");
        },
        `decoder "${decoder.name}" is not tried for lines without a syslog header`,
      );
    }
  },
};
